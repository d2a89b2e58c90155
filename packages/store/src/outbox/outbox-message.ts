import type { RoomId, SessionId, UserId } from "@switchyard/protocol";
import type { Seat } from "../session/session-record.ts";
import { readTrace } from "../trace.ts";

/** A change of the cached state of the node that holds the session. */
export type Control =
  /** Another node took the session over, in this epoch; or its client left it on an older connection, and it has ended. */
  | { readonly epoch: number; readonly ended?: true }
  /** The user was taken from the session, which goes on in this epoch. */
  | { readonly evicted: number }
  | { readonly in: RoomId; readonly seat: Seat; readonly follow?: string }
  /** From the entry after that one on it hears what concerns everyone. */
  | { readonly follow: string }
  /** A user is in a call with it by that session; by none, if that is empty. */
  | { readonly line: UserId; readonly by: SessionId | "" }
  | { readonly out: RoomId };

/** A message of a session's channel. Number 0 carries no event. */
export interface OutboxMessage {
  readonly number: number;
  readonly control: Control | undefined;
  /** JSON array text, to be handed on without being parsed. */
  readonly packet: string;
  /** The trace of the event that led to it, as `Traces` reads it; older versions sent none. */
  readonly trace?: string | undefined;
}

/** The beginning of a control part that says nothing but the trace: most do, and none of these is parsed. */
const TRACE = '{"trace":"';

/**
 * Reads `number \n control \n packet`; JSON has no raw line feed, so the first two divide it. The trace is in the control part, since
 * nodes of an older version, which may run beside this one during an upgrade, ignore there what they don't know.
 */
export function readOutboxMessage(text: string): OutboxMessage {
  const first = text.indexOf("\n");
  const second = text.indexOf("\n", first + 1);
  const number = Number(text.slice(0, first));
  const packet = text.slice(second + 1);
  if (text.startsWith(TRACE, first + 1)) {
    const trace = readTrace(text.slice(first + 1 + TRACE.length, second - 2));
    return { number, control: undefined, packet, trace };
  }
  if (second === first + 1) return { number, control: undefined, packet, trace: undefined };
  const { trace, ...control } = JSON.parse(text.slice(first + 1, second)) as Control & { readonly trace?: string };
  return { number, control: control as Control, packet, trace: readTrace(trace) };
}
