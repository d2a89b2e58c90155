import { startCluster, type TestClient, type TestCluster, until } from "@switchyard/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openRedisWay, type RedisWay } from "../lifecycle/redis-way.ts";
import { patient } from "../patient.ts";

const SIGNALS = 1000;
const AT_ONCE = 100;
/** The bytes a second to a connection that receives no events: the answers to its own signs of life. */
const IDLE_BYTES = 50;

let cluster: TestCluster;
/** Of the nodes 1 and 2 to Redis. */
let ways: RedisWay[];
afterAll(async () => {
  await cluster?.stop();
  for (const way of ways ?? []) await way.close();
});
beforeAll(async () => {
  cluster = await startCluster({ nodes: 1, matchmakers: 0, environment: patient });
  ways = await Promise.all([1, 2].map(() => openRedisWay(cluster.redisServer.port)));
  for (const { url } of ways) await cluster.start("signaling", { REDIS_URL: url });
});

async function register(node: number, matchId: string): Promise<TestClient> {
  const client = await cluster.connect(node, { namespace: "/match" });
  expect(await client.request("register", { userId: client.user, matchId })).toMatchObject({ ok: true });
  return client;
}

const channelOf = ({ socket }: TestClient) => `sy:{session:${socket.id}}:out`;

test("a signal wakes the recipient's node, and no other one", async () => {
  const [ann, bob] = [await register(0, "a-match"), await register(1, "a-match")];
  const bystanders = [await register(2, "another-match"), await register(2, "another-match")];
  for (const client of [ann, bob, ...bystanders]) await client.caughtUp();
  const channels = [ann, bob, ...bystanders].map(channelOf);
  const listening = (await cluster.redis.call("PUBSUB", "SHARDNUMSUB", ...channels)) as unknown[];
  expect(listening).toEqual(channels.flatMap((channel) => [channel, 1]));

  const from = performance.now();
  const before = ways.map(({ published: delivered }) => delivered);
  expect(before.every((bytes) => bytes > 0)).toBe(true); // they are watched
  for (let sent = 0; sent < SIGNALS; sent += AT_ONCE) {
    const one = (i: number) => ann.request("ice-candidate", { to: bob.user, candidate: { i: sent + i } });
    const answers = await Promise.all(Array.from({ length: AT_ONCE }, (_, i) => one(i)));
    expect(answers.filter(({ ok }) => !ok)).toEqual([]);
  }
  const received = () => bob.received.filter(({ name }) => name === "ice-candidate").length;
  await until("all to be heard", () => received() === SIGNALS);
  const seconds = Math.ceil((performance.now() - from) / 1000) + 1;
  const [recipient = 0, bystander = 0] = ways.map(({ published: delivered }, i) => delivered - (before[i] ?? 0));
  expect(recipient).toBeGreaterThan(SIGNALS * channelOf(bob).length); // each message names its channel
  expect(bystander).toBeLessThan(seconds * IDLE_BYTES);
  for (const client of bystanders) expect(client.received.some(({ name }) => name === "ice-candidate")).toBe(false);
});
