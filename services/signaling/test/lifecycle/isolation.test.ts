import { keys } from "@switchyard/store";
import {
  CleanUp,
  type Environment,
  expectNothingMore,
  pairClients,
  type Service,
  startCluster,
  startLastingRedis,
  type TestCluster,
  until,
} from "@switchyard/testkit";
import { expect, onTestFinished, test } from "vitest";
import { patient } from "../patient.ts";
import { openRedisLink } from "./redis-link.ts";

/** Sessions are never given up for a lease that has run out: their grace is long. */
const briefly = { LEASE_MS: 900, SHUTDOWN_MS: 200 };
/** More failures than there are while a node lets its clients go: five a second, and it asks once a second, three times. */
const MANY_FAILURES = 40;

function cleanUp(): CleanUp {
  const closing = new CleanUp();
  onTestFinished(closing.run);
  return closing;
}

/** A cluster, and one more node that has a way of its own to Redis, and knows the others. */
async function startLinked(nodes: number, environment: Environment = {}) {
  const closing = cleanUp();
  const cluster = await startCluster({ nodes, environment: { ...patient, MATCH_WIDEN_MS: 600_000, ...environment } });
  closing.add(cluster.stop);
  const link = await openRedisLink(cluster.redisServer.port);
  closing.add(link.close);
  const node = await cluster.start("signaling", { ...briefly, REDIS_URL: link.url });
  await knowsOthers(cluster, node);
  return { cluster, link, node };
}

/** A node looks at the others with a renewal, and the next renewal begins after that. */
async function knowsOthers({ redis }: TestCluster, { id }: Service): Promise<void> {
  const lease = async () => Number(await redis.zscore(keys.leases(), id));
  for (const _ of [1, 2]) {
    const before = await lease();
    await until("the lease to be renewed", async () => (await lease()) > before);
  }
}

async function readyz({ url }: Service): Promise<unknown> {
  const response = await fetch(`${url}/readyz`);
  return [response.status, ((await response.json()) as { reason?: string }).reason];
}

const isReady = async (node: Service) => expect(await readyz(node)).toEqual([200, undefined]) ?? true;

async function manyFailures(node: Service): Promise<void> {
  const what = "sessions whose grace is over could not be ended; it is tried again";
  const failed = () => node.logs().filter(({ msg }) => msg === what).length;
  const before = failed();
  await until("Redis to be missed again and again", () => failed() >= before + MANY_FAILURES);
}

const nobodyThere = { NODE_ADDRESS: "127.0.0.1:1" };
const failures = [
  { name: "its connections are refused", how: "cut", environment: {} },
  { name: "its packets are lost", how: "silence", environment: {} },
  { name: "nor any other node", how: "cut", environment: nobodyThere },
] as const;

test.for(failures)(
  "only one node can't reach Redis, $name: its clients go on at another",
  async ({ how, environment }) => {
    const { cluster, link, node } = await startLinked(1, environment);
    const proxy = await cluster.proxy(node);
    const [ann, bob] = [await cluster.connect(proxy), await cluster.connect(0)];
    const roomId = await pairClients(ann, bob);
    const { id } = ann.socket;
    proxy.routeTo(cluster.node(0).port);
    link[how]();
    for (let i = 0; i < 10; i += 1) await bob.request("ice_candidate", { roomId, candidate: { i } });
    await ann.connected(2);
    expect([ann.socket.recovered, ann.socket.id]).toEqual([true, id]);
    for (let i = 0; i < 10; i += 1) expect(await ann.receive("ice_candidate")).toEqual({ candidate: { i } });
    expect(await readyz(node)).toEqual([503, "only this node can't reach Redis"]);
    expect((await fetch(`${node.url}/socket.io/?EIO=4&transport=polling`)).status).toBe(503);
    expect(await node.metric("switchyard_cut_offs_total")).toBe(1);
    expect(node.logs().filter(({ msg }) => msg.startsWith("this node is the only one"))).toHaveLength(1);

    link.restore();
    await until("it to be ready again", () => isReady(node));
    for (const _ of [1, 2]) await knowsOthers(cluster, node); // a lease later it has compared its index with Redis
    expect((await cluster.store.sessions.read(id ?? ""))?.node).toBe(cluster.node(0).id);
    expect(await ann.request("typing", { roomId, isTyping: true })).toEqual({ ok: true });
    expect(await bob.receive("user_typing")).toEqual({ isTyping: true });
    await cluster.connect(node);
    await expectNothingMore(ann, bob);
    expect([ann.connects, bob.connects]).toEqual([2, 1]);
  },
);

test("Redis is away from all nodes: they hold their clients, and go on with them when it is back", async () => {
  const closing = cleanUp();
  const redis = await startLastingRedis();
  closing.add(redis.stop);
  const cluster = await startCluster({ redis, environment: { ...patient, ...briefly, MATCH_WIDEN_MS: 600_000 } });
  closing.add(cluster.stop);
  for (const node of cluster.nodes) await knowsOthers(cluster, node);
  const [ann, bob] = [await cluster.connect(0), await cluster.connect(1)];
  const roomId = await pairClients(ann, bob);
  await redis.crash();
  await Promise.all(cluster.nodes.map(manyFailures));
  await redis.startAgain();
  for (const node of cluster.nodes) await until("it to be ready", () => isReady(node));
  for (const node of cluster.nodes) await knowsOthers(cluster, node);
  await until("the room to be there", async () => (await ann.request("typing", { roomId, isTyping: true })).ok);
  expect(await bob.receive("user_typing")).toEqual({ isTyping: true });
  expect([ann.connects, bob.connects]).toEqual([1, 1]);
  for (const node of cluster.nodes) expect(await node.metric("switchyard_cut_offs_total")).toBe(0);
});

test("a node that knows no other one holds its clients", async () => {
  const { cluster, link, node } = await startLinked(0);
  const ann = await cluster.connect(node);
  await ann.caughtUp(); // its session is set up
  link.cut();
  await manyFailures(node);
  link.restore();
  await until("it to be ready", () => isReady(node));
  await until("events to be accepted", async () => (await ann.join()).ok);
  expect(ann.connects).toBe(1);
});
