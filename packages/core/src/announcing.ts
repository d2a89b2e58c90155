import { setTimeout as wait } from "node:timers/promises";
import type { CoreEvent, Member, RoomId, SessionId } from "@switchyard/protocol";
import type { Roster } from "@switchyard/store";
import type { Context } from "./context.ts";

/** How often somebody who has entered, and has no seat yet, is tried again, and after how long first, in ms. */
const ATTEMPTS = 8;
const FIRST_WAIT_MS = 10;

/** A change of who is in a room: whom it is about, and by which revision. */
export interface RoomChange {
  readonly about: SessionId;
  readonly revision: number;
}

/**
 * Tells everyone else in a room that somebody came or left, each once, whoever repeats it. What it tells of who is there is never older
 * than what the receiver has had: where it would be, it looks again. Who has entered and has no seat yet is waited for.
 */
export async function announceChange(
  context: Context,
  room: RoomId,
  change: RoomChange,
  roster: Roster,
  event: (members: readonly Member[]) => CoreEvent,
): Promise<void> {
  const { store, wire } = context;
  let current = roster;
  let waiting = others(current, change.about);
  for (let attempt = 0; waiting.length > 0 && attempt < ATTEMPTS; attempt += 1) {
    const { outdated, absent } = await wire.inform(
      waiting,
      room,
      { ...change, listed: current.revision },
      event(current.members),
    );
    if (outdated.length + absent.length === 0) return;
    if (absent.length > 0) await wait(FIRST_WAIT_MS * 2 ** attempt);
    const seen = await store.memberships.roster(room);
    if (!seen) return;
    current = seen;
    const there = new Set(others(current, change.about));
    waiting = [...outdated, ...absent].filter((session) => there.has(session));
  }
}

/** Tells everyone in a room who is there. Who has had a newer list, or has none yet, is told so by whoever made that change. */
export async function announceRoster({ wire }: Context, room: RoomId, roster: Roster): Promise<void> {
  const { members, revision } = roster;
  const sessions = members.map(({ session }) => session);
  await wire.inform(
    sessions,
    room,
    { about: undefined, revision, listed: revision },
    { type: "roster", room, members },
  );
}

function others({ members }: Roster, about: SessionId): SessionId[] {
  return members.flatMap(({ session }) => (session === about ? [] : [session]));
}
