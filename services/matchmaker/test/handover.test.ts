import { randomUUID } from "node:crypto";
import { nothingMore, startCluster, type TestClient, type TestCluster, until } from "@switchyard/testkit";
import { afterEach, beforeAll, beforeEach, expect, test } from "vitest";

const QUEUE = "chat";

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ matchmakers: 0, environment: { MATCH_WIDEN_MS: 600_000 } });
  return cluster.stop;
});
let pair: [TestClient, TestClient];
beforeEach(async () => {
  pair = [await cluster.connect(0), await cluster.connect(1)];
  for (const client of pair) {
    await client.join();
    await client.hear("waiting_for_partner");
  }
});
afterEach(async () => {
  await cluster.empty();
  await Promise.all(cluster.matchmakers.splice(0).map((matchmaker) => matchmaker.kill()));
});

/** What a matchmaker does up to a point, at which it dies. */
async function pairUpTo(point: "committed" | "taken" | "one reserved" | "both reserved" | "opened"): Promise<string> {
  const { queues, assignments, sessions, rooms } = cluster.store;
  const room = randomUUID();
  const { tickets } = await queues.load(QUEUE);
  const [one, two] = tickets;
  if (!one || !two) throw new Error("two are to wait");
  await assignments.prepare(QUEUE);
  expect(await queues.commit(QUEUE, one, two, room)).toBe(true);
  if (point === "committed") return room;
  const reader = cluster.redis.duplicate();
  expect(await assignments.take(reader, QUEUE, "a dead one", 1, 100)).toHaveLength(1);
  reader.disconnect();
  if (point === "taken") return room;
  for (const { session, place, stamp, ticket } of point === "one reserved" ? [one] : [one, two]) {
    const again = JSON.stringify({ queue: QUEUE, place, ticket });
    const claimed = await sessions.claim(session, room, { queue: QUEUE, number: stamp.number }, again);
    expect(claimed.outcome).toBe("reserved");
  }
  if (point !== "opened") return room;
  const peers = new Map([one, two].map(({ session, ticket }) => [session, { user: ticket.user }]));
  expect(await rooms.decide(room, "open", "random", peers)).toBe("open");
  return room;
}

test.each(["committed", "taken", "one reserved", "both reserved", "opened"] as const)(
  "a matchmaker dies when a pairing is %s: another carries it out",
  async (point) => {
    const roomId = await pairUpTo(point);
    await nothingMore(...pair);
    await cluster.start("matchmaker");
    for (const client of pair) expect(await client.hear("partner_found")).toMatchObject({ roomId });
    await until("the assignment to be done with", async () => (await cluster.store.assignments.open(QUEUE)) === 0);
    await nothingMore(...pair);
  },
);

test.each(["committed", "one reserved", "opened"] as const)(
  "one of the two goes while a pairing is %s: the other waits on at its old place",
  async (point) => {
    const [one, two] = pair;
    const third = await cluster.connect(0);
    await third.join();
    await third.hear("waiting_for_partner");
    await pairUpTo(point);
    one.leave();
    await cluster.start("matchmaker");
    expect(await two.hear("partner_found")).toMatchObject({ partnerId: third.user });
    expect(await third.hear("partner_found")).toMatchObject({ partnerId: two.user });
    await nothingMore(two, third);
    expect(await cluster.store.presence.rooms("random")).toBe(1);
    await until("the assignment to be done with", async () => (await cluster.store.assignments.open(QUEUE)) === 0);
    await nothingMore(two, third);
  },
);

test.each(["committed", "both reserved"] as const)(
  "one of the two takes its wish back while a pairing is %s: the other waits on",
  async (point) => {
    const [one, two] = pair;
    await pairUpTo(point);
    expect(await one.ask("leave_queue", {})).toEqual({ ok: true });
    await cluster.start("matchmaker");
    const third = await cluster.connect(0);
    await third.join();
    await third.hear("waiting_for_partner");
    expect(await two.hear("partner_found")).toMatchObject({ partnerId: third.user });
    await third.hear("partner_found");
    await nothingMore(one, two, third);
  },
);
