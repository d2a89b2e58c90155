import type { SessionId } from "@switchyard/protocol";
import { keys } from "@switchyard/store";
import type { Page } from "../page/page.ts";
import type { World } from "../world.ts";
import { type SessionState, type Snapshot, takeSnapshot } from "./snapshot.ts";

/** What must hold once everything that was begun is finished. Returns what does not. */
export async function brokenAtRest(world: World): Promise<string[]> {
  const seen = await takeSnapshot(world);
  const queued = await ticketsOf(world);
  const checks = [
    ...world.pages.flatMap((page) => brokenForPage(page, seen, queued)),
    ...seen.sessions.flatMap((session) => brokenForSession(world, session)),
    ...[...queued].flatMap(([session, tickets]) => brokenForTickets(session, tickets, seen)),
    ...brokenIndexes(seen),
  ];
  return [...checks, ...lostSignals(world), ...(await brokenRooms(world, seen)), ...(await brokenUsers(world, seen))];
}

/** Signals that were acknowledged, and did not arrive. */
export function lostSignals({ pages }: World): string[] {
  return pages.flatMap((receiver) =>
    pages.flatMap(({ name, reached }) =>
      reached
        .filter(
          ({ session, n }) => receiver.connected && receiver.session?.id === session && !receiver.inbox?.has(name, n),
        )
        .map(({ n }) => `${receiver.name} never received ${n} of ${name}`),
    ),
  );
}

/** A node's index names the sessions that it has, or had last. */
export function brokenIndexes({ indexes, sessions }: Snapshot): string[] {
  return [...indexes].flatMap(([node, held]) =>
    held
      .filter((id) => !sessions.some((session) => session.id === id && session.fields["node"] === node))
      .map((id) => `${node}'s index still names ${id}`),
  );
}

/** What is left of a world after everyone has gone, but for what is meant to stay. */
export async function leftovers(world: World): Promise<string[]> {
  const meant = [keys.presenceMeta, keys.counters].map((key) => key(world.dialect));
  const ofQueues = world.queues.flatMap((queue) => [keys.queueMeta(queue), keys.queueAssignments(queue)]);
  const ofNodes = world.live.map(({ id }) => keys.nodeInfo(id));
  const staying = new Set([...meant, ...ofQueues, ...ofNodes]);
  const left: string[] = [];
  for (const key of await world.keysLeft()) {
    if (staying.has(key)) continue;
    if ((await world.redis.pttl(key)) < 0) left.push(`${key} is left over`);
  }
  for (const queue of world.queues) {
    if ((await world.store.assignments.open(queue)) > 0) left.push(`${queue} has assignments that nobody carries out`);
  }
  return left;
}

interface QueuedTicket {
  readonly queue: string;
  readonly number: number;
  readonly connected: boolean;
  readonly cohort: string | undefined;
}

type Queued = ReadonlyMap<SessionId, readonly QueuedTicket[]>;

async function ticketsOf(world: World): Promise<Queued> {
  const found = new Map<SessionId, QueuedTicket[]>();
  for (const queue of world.queues) {
    for (const { session, stamp, ticket } of (await world.store.queues.load(queue)).tickets) {
      const { number, connected } = stamp;
      found.set(session, [...(found.get(session) ?? []), { queue, number, connected, cohort: ticket.cohort }]);
    }
  }
  return found;
}

/** A page is where it believes it is, and nowhere else. */
function brokenForPage(page: Page, { sessions }: Snapshot, queued: Queued): string[] {
  if (!page.connected) return [];
  const id = page.session?.id ?? "";
  const session = sessions.find((one) => one.id === id);
  if (!session) return [`${page.name} is connected, but its session ${id} is gone`];
  const { seats, fields } = session;
  const tickets = queued.get(id) ?? [];
  const is = `${page.name} (${id}) believes ${JSON.stringify(page.view)} but is in [${seats}] with ticket ${fields["ticket"]}, queued ${JSON.stringify(tickets)}`;
  if (page.view === "idle") return seats.length + tickets.length === 0 && !fields["ticket"] ? [] : [is];
  if (page.mayBeNowhere && seats.length + tickets.length === 0 && !fields["ticket"]) return [];
  if (page.view !== "waiting") return seats.join() === page.view.room && !fields["ticket"] ? [] : [is];
  const [ticket] = tickets;
  const right =
    seats.length === 0 &&
    tickets.length === 1 &&
    ticket?.connected === true &&
    ticket.cohort === page.connection?.cohort &&
    fields["ticket"] === `${ticket.queue} ${ticket.number}`;
  return right ? [] : [is];
}

export function brokenForSession(world: World, { id, fields, undone }: SessionState): string[] {
  const broken: string[] = [];
  if (undone.length > 0) broken.push(`${id} still has to do with ${undone.join()}`);
  if (fields["state"] === "ending") broken.push(`${id} was never ended`);
  const page = world.pages.find(({ session }) => session?.id === id);
  if (fields["state"] === "live" && !page?.connected) broken.push(`${id} is live, but nobody is connected to it`);
  return broken;
}

function brokenForTickets(id: SessionId, tickets: readonly { queue: string; number: number }[], seen: Snapshot) {
  const session = seen.sessions.find((one) => one.id === id);
  return tickets
    .filter(({ queue, number }) => session?.fields["ticket"] !== `${queue} ${number}`)
    .map(({ queue, number }) => `${queue} has ticket ${number} of ${id}, which holds ${session?.fields["ticket"]}`);
}

async function brokenRooms(world: World, { sessions }: Snapshot): Promise<string[]> {
  const broken: string[] = [];
  const open: string[] = [];
  for (const room of world.rooms) {
    const state = await world.store.rooms.state(room);
    if (state === "closing") broken.push(`${room} is still closing`);
    if (state === "open") open.push(room);
    const listed = Object.keys(await world.redis.hgetall(keys.roomPeers(room))).sort();
    const inIt = sessions.filter(({ seats }) => seats.includes(room)).sort((a, b) => (a.id < b.id ? -1 : 1));
    const repeats = new Set(inIt.map(({ fields }) => JSON.parse(fields[`r:${room}`] ?? "{}").isRepeat as boolean));
    if (repeats.size > 1) broken.push(`the two in ${room} do not agree whether they have met before`);
    if (listed.join() !== inIt.map(({ id }) => id).join())
      broken.push(`${room} lists [${listed}], but [${inIt.map(({ id }) => id)}] say they are in it`);
    for (const { id, fields } of inIt) {
      const { peer } = JSON.parse(fields[`r:${room}`] ?? "{}") as { peer?: string };
      if (state !== "open" || listed.length !== 2 || peer === id || !listed.includes(peer ?? ""))
        broken.push(`${id} has a seat beside ${peer} in ${room}, which is ${state}`);
    }
  }
  const indexed = (await world.redis.smembers(keys.presenceRooms(world.dialect))).sort();
  if (indexed.join() !== open.sort().join()) broken.push(`the index of rooms names [${indexed}], open are [${open}]`);
  return broken;
}

/** Presence and users name who is there, and nobody else. */
export async function brokenUsers(
  world: World,
  { sessions }: Snapshot,
  isThere: (session: SessionState, user: string) => boolean = () => true,
): Promise<string[]> {
  const broken: string[] = [];
  const present = (await world.redis.hkeys(keys.presenceSessions(world.dialect))).sort().join();
  const there = sessions.map(({ id }) => id).sort();
  if (present !== there.join()) broken.push(`presence names [${present}], there are [${there}]`);
  for (const user of new Set(world.pages.map(({ user }) => user))) {
    const { session: holder, claims: _, ...evictions } = await world.redis.hgetall(keys.user(world.dialect, user));
    const unfinished = Object.keys(evictions).filter((field) => {
      const session = sessions.find(({ id }) => field === `e:${id}`);
      return session === undefined || isThere(session, user); // who is out already may stay noted until the newer one claims again, or ends
    });
    if (unfinished.length > 0) broken.push(`${user} still has to be evicted: ${unfinished}`);
    const standing = sessions
      .filter((session) => session.fields["user"] === user && isThere(session, user))
      .map(({ id }) => id);
    const claimed = sessions.filter(({ fields }) => fields[`u:${user}`] !== undefined).map(({ id }) => id);
    // two that replaced each other at the same moment are both out; then the user stays noted with one of them until that ends
    const right = standing.length > 0 ? standing.join() === holder : holder === undefined || claimed.includes(holder);
    if (!right) broken.push(`${user} is held by ${holder}, but stood for by [${standing}]`);
  }
  return broken;
}
