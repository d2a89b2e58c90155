import { type DialectName, dialectNames } from "@switchyard/protocol";
import { keys } from "@switchyard/store";
import { CleanUp } from "@switchyard/testkit";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { checks } from "../src/index.ts";
import { World } from "./world.ts";

const cleanUp = new CleanUp();
let world: World;
beforeAll(async () => {
  world = await World.open(cleanUp);
});
afterAll(cleanUp.run);
beforeEach(() => world.begin());

/** Breaks something by hand; returns what the finding has to name. */
type Damage = () => Promise<string>;

interface Case {
  readonly check: string;
  readonly what: string;
  readonly damage: Damage;
  /** Whether the doctor puts it right. */
  readonly repaired: boolean;
}

const cases: readonly Case[] = [];
const broken = (check: string, what: string, repaired: boolean, damage: Damage) =>
  (cases as Case[]).push({ check, what, repaired, damage });

broken("session-owner", "a session that is in no index", true, async () => {
  const { session } = await world.connect("match");
  await world.redis.zrem(keys.nodeSessions(world.node), session);
  return session;
});
broken("session-end", "a session whose grace has been over for long", true, async () => {
  const { session, epoch } = await world.connect("match");
  await world.store.sessions.detach(session, world.node, epoch, 1);
  await world.store.nodes.holdUntil(world.node, session, 1);
  return session;
});
broken("session-end", "an end that was broken off", true, async () => {
  const { session, epoch } = await world.online();
  await world.store.sessions.end(session, epoch);
  return session;
});
broken("node-leases", "a dead node that nobody clears up after", true, async () => {
  await world.connect("match");
  await world.redis.zadd(keys.leases(), 1, world.node);
  return world.node;
});
broken("node-leases", "a living node that has not said what it is", false, async () => {
  await world.redis.del(keys.nodeInfo(world.node));
  return world.node;
});
broken("node-kept", "an index of a node without a lease", true, async () => {
  await world.connect("match");
  await world.redis.del(keys.leases());
  return world.node;
});
broken("node-kept", "a description of a node without a lease", true, async () => {
  await world.redis.del(keys.leases());
  return world.node;
});
broken("node-index", "an entry for a session that is no more", true, async () => {
  await world.store.nodes.expect(world.node, "nobody");
  return "nobody";
});
broken("node-index", "an entry as held for a session that is not", true, async () => {
  const { session, epoch } = await world.connect("match");
  await world.store.sessions.detach(session, world.node, epoch, world.store.clock.now() + 60_000);
  return session;
});
broken("node-index", "an entry with a deadline for a session that is live", false, async () => {
  const { session } = await world.connect("match");
  await world.store.nodes.holdUntil(world.node, session, world.store.clock.now() + 60_000);
  return session;
});
broken("outboxes", "an event that was counted and not kept", false, async () => {
  const { one } = await world.pair();
  await world.redis.hincrby(keys.session(one.session), "number", 1);
  return one.session;
});
broken("outboxes", "events of a session that is no more", true, async () => {
  await world.redis.xadd(keys.outbox("nobody"), "0-1", "p", "[]");
  return "nobody";
});
broken("room-members", "somebody in a meeting who is no more", true, async () => {
  const { room, people } = await world.meeting(3);
  const [, ghost] = people;
  const entry = await world.redis.hget(keys.roomPeers(room), ghost?.session ?? "");
  await world.redis.hset(keys.roomPeers(room), "ghost", String(entry));
  return "ghost";
});
broken("member-rooms", "somebody who is in a meeting that does not list it", true, async () => {
  const { room, people } = await world.meeting();
  const session = people[0]?.session ?? "";
  await world.redis.hdel(keys.roomPeers(room), session);
  await world.redis.hdel(keys.roomUsers(room), session);
  return session;
});
broken("pair-rooms", "somebody in a pair who is no more", true, async () => {
  const { room } = await world.pair();
  await world.redis.hset(keys.roomPeers(room), "ghost", JSON.stringify({ user: "ghost" }));
  return "ghost";
});
broken("pair-rooms", "a pair whose end was broken off", true, async () => {
  const { room } = await world.pair();
  await world.store.rooms.close(room);
  return room;
});
broken("pair-seats", "somebody beside a partner in a pair that is no more", true, async () => {
  const { room, one } = await world.pair();
  await world.redis.del(keys.roomMeta(room), keys.roomPeers(room));
  return one.session;
});
broken("unfinished-leave", "a room that was not left altogether", true, async () => {
  const { one } = await world.pair();
  await world.store.sessions.ask(one.session, 1, "chat", one.user ?? "", one.opening ?? "");
  return one.session;
});
broken("listed-rooms", "a room on the list that is no more", true, async () => {
  await world.store.presence.roomOpened("match", "match:nothing");
  return "match:nothing";
});
broken("open-rooms", "a meeting that is not on the list", true, async () => {
  const { room } = await world.meeting();
  await world.store.presence.roomRemoved("rooms", room);
  return room;
});
broken("open-rooms", "a memory of a room that stays for good", true, async () => {
  const room = "00000000-0000-4000-8000-000000000000";
  await world.store.rooms.close(room);
  await world.redis.persist(keys.roomMeta(room));
  return room;
});
broken("open-rooms", "an empty room that stays for good", false, async () => {
  const { room, people } = await world.meeting(1);
  for (const { session } of people) await world.redis.hdel(keys.roomPeers(room), session);
  return room;
});
broken("room-parts", "messages of a room that is no more", false, async () => {
  await world.redis.xadd(keys.roomChat("rooms:gone"), "*", "m", "{}");
  return "rooms:gone";
});
broken("room-users", "a user of a room by a session that is not in it", false, async () => {
  const { room } = await world.meeting();
  await world.redis.hset(keys.roomUsers(room), "somebody", "1 nobody");
  return "nobody";
});
broken("room-gone", "a leaver of whom nobody was told", true, async () => {
  const { room, people } = await world.meeting();
  const [one] = people;
  const attempt = await world.store.outboxes.depart(one?.session ?? "", room, 1, undefined);
  await world.store.memberships.exit(room, one?.session ?? "", Number(attempt), 60_000);
  await world.store.sessions.left(one?.session ?? "", room, Number(attempt));
  return one?.session ?? "";
});
broken("queue-tickets", "a ticket of a session that is no more", true, async () => {
  const ticket = { user: "ghost", since: 1, interests: [], language: undefined, region: undefined };
  const lists = { avoid: [], blocked: [], recent: [] };
  await world.store.queues.enqueue("chat", "ghost", { ...ticket, ...lists }, { number: 1, epoch: 1, connected: true });
  return "ghost";
});
broken("queue-tickets", "a connected session that counts as away", true, async () => {
  const { session, epoch } = await world.waiting();
  await world.store.queues.attend(session, { queue: "chat", number: 1 }, epoch, false);
  return session;
});
broken("queue-tickets", "a session that is away and counts as connected", true, async () => {
  const { session, epoch } = await world.waiting();
  const deadline = world.store.clock.now() + 60_000;
  await world.store.sessions.detach(session, world.node, epoch, deadline);
  await world.store.nodes.holdUntil(world.node, session, deadline);
  return session;
});
broken("queue-entries", "somebody with a place and nothing else", false, async () => {
  await world.redis.zadd(keys.queueWaiting("chat"), 1, "ghost");
  return "ghost";
});
broken("session-ticket", "somebody who waits in a queue that has no ticket of it", true, async () => {
  const { session } = await world.waiting();
  await world.store.queues.dequeue(session, { queue: "chat", number: 1 });
  return session;
});
broken("assignments", "a pairing that nobody carries out", true, async () => {
  const { room } = await world.pair(false);
  const key = keys.queueAssignments("chat");
  const [[id, fields]] = (await world.redis.xrange(key, "-", "+")) as [[string, string[]]];
  await world.redis.del(key);
  await world.redis.xadd(key, "1000-0", ...fields);
  await world.store.assignments.prepare("chat");
  return `${id && "1000-0"} of queue chat (room ${room})`;
});
broken("reservations", "a reservation for a pair that nobody carries out", true, async () => {
  const { room, one } = await world.pair(false);
  const [assignment] = await world.store.assignments.list("chat", 1);
  const again = JSON.stringify({ queue: "chat", place: 1, ticket: assignment?.one.ticket });
  await world.store.sessions.claim(one.session, room, { queue: "chat", number: 1 }, again);
  if (assignment) await world.store.assignments.finish(assignment);
  return one.session;
});
broken("presence-sessions", "somebody who counts and is no more", true, async () => {
  await world.store.presence.appear("random", "ghost");
  return "ghost";
});
broken("session-presence", "somebody who is there and does not count", true, async () => {
  const { session } = await world.connect("random");
  await world.store.presence.disappear("random", session);
  return session;
});
broken("people-online", "somebody online by a session that is no more", true, async () => {
  const coming = { session: "ghost", user: "ann", claim: 1, profile: "{}", event: '{"type":"came"}' };
  await world.store.people.come("calls", coming, 10);
  return "ann";
});
broken("people-online", "somebody in the chatroom by a session that is no more", true, async () => {
  await world.store.people.arrive("chat", "ghost", "ann");
  return "ghost";
});
broken("people-online", "somebody who is counted once too often", false, async () => {
  await world.chatting("ann");
  await world.redis.hincrby(keys.presencePeople("chat"), "ann", 1);
  return "ann";
});
broken("arrivals", "somebody online who has no place in the order", false, async () => {
  const { user } = await world.online();
  await world.redis.zrem(keys.presenceArrivals("calls"), user ?? "");
  return user ?? "";
});
broken("session-online", "somebody who came online and is not", false, async () => {
  const { user, session } = await world.online();
  await world.redis.hdel(keys.presencePeople("calls"), user ?? "");
  await world.redis.zrem(keys.presenceArrivals("calls"), user ?? "");
  return session;
});
broken("feeds", "an entry that nobody has noted", false, async () => {
  await world.online();
  await world.redis.xadd(keys.feed("calls"), "*", "e", "{}", "x", "");
  return "calls";
});
broken("user-sessions", "somebody for whom a session stands that is no more", true, async () => {
  await world.store.users.claim("match", "ann", "ghost");
  return "ann";
});
broken("user-sessions", "an eviction that was not carried out", true, async () => {
  const { session, user } = await world.waiting();
  await world.redis.hset(keys.user("random", user ?? ""), "e:ghost", "1");
  return `ghost is not evicted${session && ""}`;
});
broken("session-user", "somebody who stands for a user who does not know it", false, async () => {
  const { session, user } = await world.waiting();
  await world.redis.del(keys.user("random", user ?? ""));
  return session;
});
broken("lifetimes", "a limit that stays for good", false, async () => {
  await world.redis.set(keys.limitOf("http", "203.0.113.1"), 1);
  return keys.limitOf("http", "203.0.113.1");
});
broken("unknown-keys", "a key that nobody knows", false, async () => {
  await world.redis.set("sy:{session:x}:mystery", 1);
  return "mystery";
});
broken("user-sessions", "a key of another type than it should have", false, async () => {
  await world.redis.set(keys.user("match", "ann"), "text");
  return "can't be read";
});

describe("damage that was done by hand is found, and put right where it can be:", () => {
  test.for(cases)("$check: $what", async ({ check, damage, repaired }) => {
    await populate();
    expect(await world.findings()).toEqual([]);
    const named = await damage();
    const found = (await world.findings()).filter((finding) => finding.check === check);
    expect(found.map(({ problem }) => problem).join("\n")).toContain(named);
    expect(found.some(({ remedy }) => remedy !== undefined)).toBe(repaired);
    if (!repaired) return;
    expect(await world.repair()).toEqual([]);
    await world.settle(); // whoever waits again is paired by nobody here
    expect(await world.findings()).toEqual([]);
  });
});

test("every check is shown to find something", () => {
  expect([...new Set(cases.map(({ check }) => check))].toSorted()).toEqual(checks.map(({ name }) => name).toSorted());
});

test("an empty Redis is healthy", async () => {
  await world.empty();
  expect(await world.findings()).toEqual([]);
});

test("a repair tells those who are concerned, in every dialect's own way", async () => {
  const { room, one, two } = await world.pair();
  await world.store.sessions.end(one.session, 1);
  await world.repair();
  expect(await world.store.rooms.state(room)).toBe("void");
  const [last] = await world.redis.xrevrange(keys.outbox(two.session), "+", "-", "COUNT", 1);
  expect(last?.[1]).toEqual(expect.arrayContaining(['["partner_disconnected",{}]']));
});

/** Somebody everywhere, so that what is right stands beside what is wrong. */
async function populate(): Promise<void> {
  await world.waiting();
  await world.pair();
  await world.meeting();
  await world.online();
  await world.chatting("ann");
  await world.chatting("ann");
  for (const dialect of dialectNames satisfies readonly DialectName[])
    if (dialect !== "chat") await world.connect(dialect);
}
