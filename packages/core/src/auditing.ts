import type { RoomId } from "@switchyard/protocol";
import type { Context } from "./context.ts";
import { leaveRoom } from "./leaving.ts";

/** How many entries of each kind are looked at; where there are more, chance decides which. */
const SAMPLE = 100;

/**
 * Takes out what reached a shared list late, from a process that was slow or died: tickets that their sessions gave up (nobody can be
 * paired with one, but it would be counted), sessions that have ended, rooms that are no more. What such a thing has become, it stays:
 * so it is safe to look first and act then.
 * @returns how many entries went
 */
export async function audit(context: Context): Promise<number> {
  if (context.online) await context.store.feeds.trim(context.dialect, context.online.feed);
  const counts = await Promise.all([
    ...context.queues.map((queue) => dropStaleTickets(context, queue)),
    dropEndedSessions(context),
    context.rooms ? auditNamedRooms(context) : dropRemovedRooms(context),
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
    (session) => store.presence.disappear(dialect, session),
  );
}

async function dropRemovedRooms({ store, dialect }: Context): Promise<number> {
  return dropEach(
    await store.presence.sampleRooms(dialect, SAMPLE),
    async (room) => ["void", undefined].includes(await store.rooms.state(room)),
    (room) => store.presence.roomRemoved(dialect, room),
  );
}

/** An empty room is not listed; who is in one, and does not say so, is taken out. */
async function auditNamedRooms(context: Context): Promise<number> {
  const { store, dialect } = context;
  const rooms = await store.presence.sampleRooms(dialect, SAMPLE);
  const ghosts = await Promise.all(rooms.map((room) => dropGhosts(context, room)));
  const empty = dropEach(
    rooms,
    async (room) => !(await store.memberships.roster(room))?.members.length,
    (room) => store.presence.roomRemoved(dialect, room),
  );
  return ghosts.reduce((sum, count) => sum + count, 0) + (await empty);
}

async function dropGhosts(context: Context, room: RoomId): Promise<number> {
  const { memberships, sessions } = context.store;
  const members = (await memberships.roster(room))?.members ?? [];
  return dropEach(
    members,
    async ({ session, joined }) => {
      const record = await sessions.read(session);
      if (record?.seats.has(room) || record?.departing.includes(room)) return false;
      const seen = await memberships.look(room, session); // it may have left, and come again, meanwhile
      return seen?.roster.members.some((member) => member.session === session && member.joined === joined) ?? false;
    },
    ({ session }) => leaveRoom(context, session, room),
  );
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
