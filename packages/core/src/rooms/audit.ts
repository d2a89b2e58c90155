import type { RoomId } from "@switchyard/protocol";
import type { Occupant } from "@switchyard/store";
import type { Context } from "../context.ts";
import { dropEach, SAMPLE } from "../stale-entries.ts";
import { announceEntry } from "./entering.ts";
import { leaveUpTo } from "./leaving.ts";

/** After that long nobody is still about to do what it began, in ms. */
const IN_PROGRESS_MS = 60_000;

/** An empty room is not listed; who is in one, and does not say so, is taken out; and what was left half done is finished. */
export async function auditRooms(context: Context): Promise<number> {
  const { store, dialect } = context;
  const rooms = await store.presence.sampleRooms(dialect, SAMPLE);
  const ghosts = await Promise.all(rooms.map((room) => auditRoom(context, room)));
  const empty = dropEach(
    rooms,
    async (room) => (await store.memberships.size(room)) === 0,
    (room) => store.presence.roomRemoved(dialect, room),
  );
  return ghosts.reduce((sum, count) => sum + count, 0) + (await empty);
}

/**
 * Removes from a room the sessions that do not record it, and sends the others what they may not have received.
 * @returns how many were taken out
 */
export async function auditRoom(context: Context, room: RoomId): Promise<number> {
  const { members, gone } = await context.store.memberships.inspect(room);
  for (const { session, attempt } of gone) await leaveUpTo(context, session, room, attempt);
  const outcomes = await Promise.all(members.map((member) => auditMember(context, room, member)));
  return outcomes.filter(Boolean).length;
}

/** Whether it was taken out. A session that came a short while ago may be on its way in, by a process that goes on. */
async function auditMember(context: Context, room: RoomId, { session, attempt, joined }: Occupant): Promise<boolean> {
  const { sessions, memberships, clock } = context.store;
  const record = await sessions.read(session);
  const isOld = joined < clock.now() - IN_PROGRESS_MS;
  if (record?.attempts.get(room) === attempt && record.seats.has(room)) {
    const note = record.unannounced.get(room);
    const roster = note !== undefined && isOld && (await memberships.roster(room));
    if (roster) await announceEntry(context, session, room, roster, note);
    return false;
  }
  if (record?.pendingEntries.includes(room) && !isOld) return false;
  await leaveUpTo(context, session, room, attempt);
  return true;
}
