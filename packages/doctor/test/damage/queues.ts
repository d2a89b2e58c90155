import { keys } from "@switchyard/store";
import { broken } from "./damage.ts";

/** What can happen to who waits, and to pairings. */
export const queueDamage = [
  broken("queue-tickets", "a ticket of a session that is no more", true, async (world) => {
    const ticket = { user: "ghost", since: 1, interests: [], language: undefined, region: undefined };
    const lists = { avoid: [], blocked: [], recent: [] };
    await world.store.queues.enqueue(
      "chat",
      "ghost",
      { ...ticket, ...lists },
      { number: 1, epoch: 1, connected: true },
    );
    return "ghost";
  }),
  broken("queue-tickets", "a connected session that counts as away", true, async (world) => {
    const { session, epoch } = await world.waiting();
    await world.store.queues.setTicketConnected(session, { queue: "chat", number: 1 }, epoch, false);
    return session;
  }),
  broken("queue-tickets", "a session that is away and counts as connected", true, async (world) => {
    const { session, epoch } = await world.waiting();
    const deadline = world.store.clock.now() + 60_000;
    await world.store.sessions.detach(session, world.node, epoch, deadline);
    await world.store.nodes.holdUntil(world.node, session, deadline);
    return session;
  }),
  broken("queue-entries", "somebody with a place and nothing else", false, async (world) => {
    await world.redis.zadd(keys.queueWaiting("chat"), 1, "ghost");
    return "ghost";
  }),
  broken("session-ticket", "somebody who waits in a queue that has no ticket of it", true, async (world) => {
    const { session } = await world.waiting();
    await world.store.queues.dequeue(session, { queue: "chat", number: 1 });
    return session;
  }),
  broken("assignments", "a pairing that nobody carries out", true, async (world) => {
    const { room } = await world.pair(false);
    const key = keys.queueAssignments("chat");
    const [[id, fields]] = (await world.redis.xrange(key, "-", "+")) as [[string, string[]]];
    await world.redis.del(key);
    await world.redis.xadd(key, "1000-0", ...fields);
    await world.store.assignments.prepare("chat");
    return `${id && "1000-0"} of queue chat (room ${room})`;
  }),
  broken("reservations", "a reservation for a pair that nobody carries out", true, async (world) => {
    const { room, one } = await world.pair(false);
    const [assignment] = await world.store.assignments.list("chat", 1);
    const again = JSON.stringify({ queue: "chat", place: 1, ticket: assignment?.one.ticket });
    await world.store.sessions.reserve(one.session, room, { queue: "chat", number: 1 }, again);
    if (assignment) await world.store.assignments.finish(assignment);
    return one.session;
  }),
];
