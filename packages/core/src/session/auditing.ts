import type { RoomId } from "@switchyard/protocol";
import type { Occupant } from "@switchyard/store";
import type { Context } from "../context.ts";
import { finishEvictions, goOffline } from "../identity/takeover.ts";
import { announceEntry } from "../rooms/entering.ts";
import { leaveUpTo } from "../rooms/leaving.ts";

/** How many entries of each kind are looked at; where there are more, chance decides which. */
const SAMPLE = 100;
/** After that long nobody is still about to do what it began, in ms. */
const IN_PROGRESS_MS = 60_000;

/**
 * Takes out what reached a shared list late, from a process that was slow or died: tickets that their sessions gave up (nobody can be
 * paired with one, but it would be counted), sessions that have ended, rooms that are no more. What such a thing has become, it stays:
 * so it is safe to look first and act then.
 * @returns how many entries went
 */
export async function audit(context: Context): Promise<number> {
  if (context.onlineRules) await context.store.feeds.trim(context.dialect, context.onlineRules.feed);
  const counts = await Promise.all([
    ...context.queues.map((queue) => dropStaleTickets(context, queue)),
    dropEndedSessions(context),
    dropEndedPeople(context),
    context.roomRules ? auditNamedRooms(context) : dropRemovedRooms(context),
  ]);
  return counts.reduce((sum, count) => sum + count, 0);
}

async function dropStaleTickets({ store }: Context, queue: string): Promise<number> {
  return dropEach(
    await store.queues.sample(queue, SAMPLE),
    async ({ session, ticket }) => !(await store.sessions.waitsWith(session, ticket)),
    ({ session, ticket }) => store.queues.dequeue(session, ticket),
  );
}

async function dropEndedSessions({ store, dialect }: Context): Promise<number> {
  return dropEach(
    await store.presence.sampleSessions(dialect, SAMPLE),
    async (session) => !(await store.sessions.exists(session)),
    (session) => store.presence.remove(dialect, session),
  );
}

/** Who is online by a session that has ended, or is not that user. The user is released first: what it is found by goes last. */
async function dropEndedPeople(context: Context): Promise<number> {
  const { store, dialect, onlineRules } = context;
  if (!onlineRules) return 0;
  const { online: people, sessions, users } = store;
  const sample = onlineRules.severalTimes ? people.sampleHolders(dialect, SAMPLE) : people.sample(dialect, SAMPLE);
  return dropEach(
    await sample,
    async ({ session, user }) => (await sessions.read(session))?.user !== user,
    async ({ session, user, claim }) => {
      const isGone = !(await sessions.exists(session));
      if (isGone) await finishEvictions(context, user, await users.release(dialect, user, session));
      if (onlineRules.severalTimes) await people.removeSession(dialect, session);
      else await goOffline(context, session, user, claim);
    },
  );
}

async function dropRemovedRooms({ store, dialect }: Context): Promise<number> {
  return dropEach(
    await store.presence.sampleRooms(dialect, SAMPLE),
    async (room) => ["void", undefined].includes(await store.rooms.state(room)),
    (room) => store.presence.roomRemoved(dialect, room),
  );
}

/** An empty room is not listed; who is in one, and does not say so, is taken out; and what was left half done is finished. */
async function auditNamedRooms(context: Context): Promise<number> {
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
 * Takes out of a room who does not say that it is in it, and tells the others what they may not have been told.
 * @returns how many were taken out
 */
export async function auditRoom(context: Context, room: RoomId): Promise<number> {
  const { members, gone } = await context.store.memberships.inspect(room);
  for (const { session, attempt } of gone) await leaveUpTo(context, session, room, attempt);
  const outcomes = await Promise.all(members.map((member) => auditMember(context, room, member)));
  return outcomes.filter(Boolean).length;
}

/** Whether it was taken out. Who came a short while ago may be on its way in, by a process that goes on. */
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

async function dropEach<T>(
  entries: readonly T[],
  isStale: (entry: T) => Promise<boolean>,
  drop: (entry: T) => Promise<void>,
): Promise<number> {
  const dropped = entries.map(async (entry) => {
    if (!(await isStale(entry))) return false;
    await drop(entry);
    return true;
  });
  return (await Promise.all(dropped)).filter(Boolean).length;
}
