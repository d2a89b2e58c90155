import type { NamedRooms } from "@switchyard/core";
import { type Dialect, type DialectLimits, dialects } from "@switchyard/dialects";
import type { DialectName } from "@switchyard/protocol";
import { MatchPage } from "./page/match-page.ts";
import { MeetingPage } from "./page/meeting-page.ts";
import { Page } from "./page/page.ts";
import type { Setting } from "./setting.ts";

const limits: DialectLimits = {
  callParticipants: 3,
  roomParticipants: 3,
  roomLingerMs: 1000,
  historyLimit: 1000,
  messagesKept: 1000,
  chatHistoryBytes: 1_048_576,
  retentionMs: 1000,
  peopleListed: 10,
  reportsPerDay: 100,
  reportAfterMs: 60_000,
  reportsKept: 1000,
  reportRetentionMs: 60_000,
};

/** Users by page: the last one is a second page of the first one's user. */
const USERS = ["ann", "bob", "cid", "ann"];
const pagesOf =
  <Kind extends Page>(kind: new (name: string, user: string) => Kind) =>
  (tag: string) =>
    USERS.map((user, i) => new kind(`page${i}`, `${tag}${user}`));

function dialectNamed(wanted: DialectName): Dialect {
  return dialects.find(({ name }) => name === wanted) as Dialect;
}

const random = dialectNamed("random");
/** Strangers who are paired. */
export const pairing: Setting = { dialect: random, queues: random.queues, rooms: undefined, pages: pagesOf(Page) };

const withRooms = (dialect: Dialect) => ({ dialect, queues: [], rooms: dialect.rooms?.(limits) as NamedRooms });
/** Matches of two, in which a user is one person. */
export const matches: Setting = { ...withRooms(dialectNamed("match")), pages: pagesOf(MatchPage) };
/** Meetings of three, in which a participant is a connection. */
export const meetings: Setting = { ...withRooms(dialectNamed("rooms")), pages: pagesOf(MeetingPage) };
