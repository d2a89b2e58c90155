import type { SessionId } from "@switchyard/protocol";
import { type QueuedTicket, readStamp, type Stamp } from "./ticket.ts";

/** A change of a queue, as its channel tells it. Revisions count by one: a jump means that something was missed. */
export type QueueChange = { readonly revision: number } & (
  | { readonly kind: "put"; readonly queued: QueuedTicket }
  | { readonly kind: "stamp"; readonly session: SessionId; readonly stamp: Stamp }
  | { readonly kind: "drop"; readonly sessions: readonly SessionId[] }
);

/** Reads a message of a queue's channel (written by the queue's scripts). */
export function readQueueChange(text: string): QueueChange {
  const [revision, kind, ...rest] = JSON.parse(text) as [number, string, ...unknown[]];
  if (kind === "drop") return { revision, kind, sessions: rest as string[] };
  if (kind === "stamp") {
    const [session, stamp] = rest as [string, string];
    return { revision, kind, session, stamp: readStamp(stamp) };
  }
  if (kind !== "put") throw new TypeError(`a queue's channel told of a "${kind}"`);
  const [session, place, stamp, ticket] = rest as [string, number, string, string];
  return { revision, kind, queued: { session, place, stamp: readStamp(stamp), ticket: JSON.parse(ticket) } };
}
