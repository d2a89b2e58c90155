import type { RoomId, SessionId, UserId } from "@switchyard/protocol";
import type { Seat } from "./session-record.ts";

/** What a message changes in the belief of the node that holds the session. */
export type Control =
  /** Another node took the session over, in this epoch. */
  | { readonly epoch: number }
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
}

/** Reads `number \n control \n packet`. JSON has no raw line feed, so the first two divide it. */
export function readOutboxMessage(text: string): OutboxMessage {
  const first = text.indexOf("\n");
  const second = text.indexOf("\n", first + 1);
  return {
    number: Number(text.slice(0, first)),
    control: second === first + 1 ? undefined : JSON.parse(text.slice(first + 1, second)),
    packet: text.slice(second + 1),
  };
}
