import type { DialectName } from "@switchyard/protocol";
import type { z } from "zod";
import * as calls from "../../../packages/dialects/src/calls/events.ts";
import * as chat from "../../../packages/dialects/src/chat/events.ts";
import * as match from "../../../packages/dialects/src/match/events.ts";
import * as random from "../../../packages/dialects/src/random/events.ts";
import * as rooms from "../../../packages/dialects/src/rooms/events.ts";

export type EventSchemas = Readonly<Record<string, z.ZodType>>;

/** All events of a dialect, as schemas of their arguments; `acks` has what acknowledgements say besides `ok: true`. */
export interface DialectEvents {
  readonly clientEvents: EventSchemas;
  readonly serverEvents: EventSchemas;
  readonly acks: EventSchemas;
}

/** The events of every dialect. They are read from the dialects' sources, which the package itself keeps to itself. */
export const dialectEvents: Readonly<Record<DialectName, DialectEvents>> = { match, random, calls, rooms, chat };

/** What each dialect is, in a line. */
export const dialectTitles: Readonly<Record<DialectName, string>> = {
  match: "1:1 calls in a known match",
  random: "An anonymous partner, text or video",
  calls: "Online users and group calls",
  rooms: "Meetings with chat, media state and screen share",
  chat: "Accounts, one chatroom, and 1:1 calls by username",
};
