import { keys } from "@switchyard/store";
import { broken } from "./damage.ts";

/** What can happen to sessions, to the nodes that hold them, and to keys as such. */
export const sessionDamage = [
  broken("session-owner", "a session that is in no index", true, async (world) => {
    const { session } = await world.connect("match");
    await world.redis.zrem(keys.nodeSessions(world.node), session);
    return session;
  }),
  broken("session-end", "a session whose grace has been over for long", true, async (world) => {
    const { session, epoch } = await world.connect("match");
    await world.store.sessions.detach(session, world.node, epoch, 1);
    await world.store.nodes.holdUntil(world.node, session, 1);
    return session;
  }),
  broken("session-end", "an end that was broken off", true, async (world) => {
    const { session, epoch } = await world.online();
    await world.store.sessions.end(session, epoch);
    return session;
  }),
  broken("node-leases", "a dead node that nobody clears up after", true, async (world) => {
    await world.connect("match");
    await world.redis.zadd(keys.leases(), 1, world.node);
    return world.node;
  }),
  broken("node-leases", "a living node that has not said what it is", false, async (world) => {
    await world.redis.del(keys.nodeInfo(world.node));
    return world.node;
  }),
  broken("node-kept", "an index of a node without a lease", true, async (world) => {
    await world.connect("match");
    await world.redis.del(keys.leases());
    return world.node;
  }),
  broken("node-kept", "a description of a node without a lease", true, async (world) => {
    await world.redis.del(keys.leases());
    return world.node;
  }),
  broken("node-index", "an entry for a session that is no more", true, async (world) => {
    await world.store.nodes.expect(world.node, "nobody");
    return "nobody";
  }),
  broken("node-index", "an entry as held for a session that is not", true, async (world) => {
    const { session, epoch } = await world.connect("match");
    await world.store.sessions.detach(session, world.node, epoch, world.store.clock.now() + 60_000);
    return session;
  }),
  broken("node-index", "an entry with a deadline for a session that is live", false, async (world) => {
    const { session } = await world.connect("match");
    await world.store.nodes.holdUntil(world.node, session, world.store.clock.now() + 60_000);
    return session;
  }),
  broken("outboxes", "an event that was counted and not kept", false, async (world) => {
    const { one } = await world.pair();
    await world.redis.hincrby(keys.session(one.session), "number", 1);
    return one.session;
  }),
  broken("outboxes", "events of a session that is no more", true, async (world) => {
    await world.redis.xadd(keys.outbox("nobody"), "0-1", "p", "[]");
    return "nobody";
  }),
  broken("lifetimes", "a limit that stays for good", false, async (world) => {
    await world.redis.set(keys.limitOf("http", "203.0.113.1"), 1);
    return keys.limitOf("http", "203.0.113.1");
  }),
  broken("unknown-keys", "a key that nobody knows", false, async (world) => {
    await world.redis.set("sy:{session:x}:mystery", 1);
    return "mystery";
  }),
];
