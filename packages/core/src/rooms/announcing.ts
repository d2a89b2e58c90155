import type { CoreEvent, Member, RoomId } from "@switchyard/protocol";
import type { Occupant, Roster } from "@switchyard/store";
import { restAfterList } from "../announcer.ts";
import type { Context } from "../context.ts";
import type { Packet } from "../delivery.ts";
import { keptAs } from "../reference.ts";

/** Somebody came or left: who, and by which change. */
export interface RoomChange {
  readonly member: Occupant;
  readonly revision: number;
  /** A receiver that did not know by then that the member was there does not receive that it left. */
  readonly since: number;
}

/**
 * Sends to everyone else in a room that a member came or left, to each once, whichever process repeats it. The list of members with it is
 * never older than the receiver's last one: it is read again where it would be. A session about to be seated receives a list as new.
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

/**
 * Sends the roster to everyone in a room; where several change it close together, one for all of them. A session with a newer list received
 * it from the process that made that change.
 */
export async function announceRoster(context: Context, room: RoomId, roster: Roster): Promise<void> {
  const packet = rosterPacket(context, room, roster);
  if (!packet) return; // the dialect is silent on it
  await context.rosterTurns.run(room, async (isLate) => {
    if (!isLate) return sendRoster(context, room, roster, packet);
    const newest = await context.store.memberships.roster(room);
    return newest ? sendRoster(context, room, newest, rosterPacket(context, room, newest)) : 0;
  });
}

function rosterPacket({ render }: Context, room: RoomId, { members }: Roster): Packet | undefined {
  return keptAs(render({ type: "roster", room, members }), { event: { type: "roster", room } });
}

/** Resolves to how long it is to be until the next one, in ms. */
async function sendRoster(
  { outbox }: Context,
  room: RoomId,
  { members, revision }: Roster,
  packet: Packet | undefined,
): Promise<number> {
  const sessions = members.map(({ session }) => session);
  const change = { about: undefined, revision, since: revision, listed: revision };
  await outbox.deliverChange(sessions, room, change, packet);
  return restAfterList(packet?.text.length ?? 0, sessions.length);
}
