import type { CoreEvent, Member, RoomId } from "@switchyard/protocol";
import type { Occupant, Roster } from "@switchyard/store";
import type { Context } from "../context.ts";

/** Somebody came or left: who, and by which change. */
export interface RoomChange {
  readonly member: Occupant;
  readonly revision: number;
  /** Who did not know by then that it was there is not told that it left. */
  readonly since: number;
}

/**
 * Tells everyone else in a room that somebody came or left, each once, whoever repeats it. What it tells of who is there is never older
 * than what the receiver has had: where it would be, it looks again. Who is about to be seated there will be given a list that is as new.
 */
export async function announceChange(
  { store, outbox, render }: Context,
  room: RoomId,
  { member, revision, since }: RoomChange,
  roster: Roster,
  event: (members: readonly Member[]) => CoreEvent,
): Promise<void> {
  let { revision: listed, members } = roster;
  let waiting = members.flatMap(({ session }) => (session === member.session ? [] : [session]));
  while (waiting.length > 0) {
    const change = { about: member.user, revision, since, listed };
    const outdated = await outbox.deliverChange(waiting, room, change, render(event(members)));
    if (outdated.length === 0) return;
    const seen = await store.memberships.roster(room);
    if (!seen) return;
    ({ revision: listed, members } = seen);
    waiting = outdated.filter((session) => members.some((one) => one.session === session));
  }
}

/** Tells everyone in a room who is there. Who has had a newer list is told so by whoever made that change. */
export async function announceRoster({ outbox, render }: Context, room: RoomId, roster: Roster): Promise<void> {
  const { members, revision } = roster;
  const sessions = members.map(({ session }) => session);
  const change = { about: undefined, revision, since: revision, listed: revision };
  await outbox.deliverChange(sessions, room, change, render({ type: "roster", room, members }));
}
