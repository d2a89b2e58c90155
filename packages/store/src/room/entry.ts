import type { ChatMessage, DialectName, SessionId } from "@switchyard/protocol";
import type { Leased } from "../outbox/outbox-arguments.ts";
import type { MemberContent, Roster } from "./member-entry.ts";

/** How a room of a dialect behaves. */
export interface RoomRules {
  readonly kind: string;
  readonly dialect: DialectName;
  readonly capacity: number;
  /** Time for which an empty room is kept, with its messages. */
  readonly lingerMs: number;
  /** Number of recent messages that a session receives on entering. */
  readonly historyLimit: number;
}

/** A session that enters a room. */
export interface Entrant extends Leased {
  readonly session: SessionId;
  /** Which attempt of the session to enter it is. */
  readonly attempt: number;
  /** Which claim to the user: a newer one takes the place of an older one. */
  readonly claim: number;
  readonly content: MemberContent;
}

/** The result of entering a room. */
export interface Entered {
  readonly outcome: "new" | "again" | "instead";
  /** Whether there was nobody in the room. */
  readonly opened: boolean;
  readonly roster: Roster;
  /** The recent messages, oldest first. */
  readonly messages: readonly ChatMessage[];
}

/** Why somebody can't enter; `overtaken`: by a newer session of the user, or a later attempt. */
export type EntryError = "full" | "missing" | "overtaken";

/** An earlier attempt of the session to be in the room is still to be left. */
export interface UnfinishedAttempt {
  readonly attempt: number;
}
