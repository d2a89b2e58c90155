import type { SessionId } from "@switchyard/protocol";
import type { Entered, Entrant, MemberSeating, RoomRules } from "../../src/index.ts";
import type { Store } from "../../src/store.ts";
import { newSession } from "../workbench.ts";

export const rules = (wanted: Partial<RoomRules> = {}): RoomRules => ({
  kind: "meeting",
  dialect: "rooms",
  capacity: 9,
  lingerMs: 0,
  historyLimit: 0,
  ...wanted,
});

const flags = { audioMuted: false, videoOff: false, screenSharing: false };

/** Somebody who wants to enter; without more its session is its user. */
export function entrant(
  session: SessionId,
  { user = session, attempt = 1, claim = 1 }: { user?: string; attempt?: number; claim?: number } = {},
): Entrant {
  return { session, attempt, claim, content: { user, profile: { userName: user }, flags, joined: 1 } };
}

/** @throws Error if it can't enter */
export async function enterOrFail(
  store: Store,
  room: string,
  who: Entrant,
  wanted: Partial<RoomRules> = {},
): Promise<Entered> {
  const entered = await store.memberships.enter(room, who, rules(wanted), false);
  if (typeof entered === "string" || "attempt" in entered) throw new Error(JSON.stringify(entered));
  return entered;
}

export const seating = (attempt: number, listed: number, more: Partial<MemberSeating> = {}): MemberSeating => ({
  seat: { kind: "member", user: "user", profile: {} },
  epoch: 1,
  opening: undefined,
  attempt,
  listed,
  members: [],
  oneAtATime: true,
  ...more,
});

/** A session with its seat in a room, where it was given the list of that revision. */
export async function seatedIn(store: Store, room: string, listed: number): Promise<SessionId> {
  const session = await newSession(store);
  await store.sessions.beginEntry(session, 1, room);
  const admitted = await store.outboxes.admit(session, room, seating(1, listed), '["welcome"]');
  if (typeof admitted === "string") throw new Error(admitted);
  return session;
}
