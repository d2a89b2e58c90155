import { type LastingRedis, startCluster, startLastingRedis, type TestCluster, until } from "@switchyard/testkit";
import { beforeAll, expect, test } from "vitest";

let redis: LastingRedis;
let cluster: TestCluster;
beforeAll(async () => {
  redis = await startLastingRedis();
  return redis.stop;
});
beforeAll(async () => {
  cluster = await startCluster({ redis, nodes: 1 });
  return cluster.stop;
});

test("while Redis is away a matchmaker tells that, and everything else, without waiting for it", async () => {
  const [matchmaker, node] = [cluster.matchmakers[0], cluster.node(0)];
  const metric = async (name: string) => matchmaker?.metric(`switchyard_${name}`);
  await redis.crash();
  await until("it to be told", async () => (await metric("redis_up")) === 0);
  const text = await (await fetch(`${matchmaker?.url}/metrics`)).text();
  expect(text).toMatch(/^switchyard_build_info\{/m);
  expect(text).not.toMatch(/^switchyard_(queue_length|redis_clients)\{/m);
  expect(await node.metric("switchyard_ready")).toBe(0);
  expect(await metric("ready")).toBe(0);
  await redis.startAgain();
  await until("it to be told", async () => (await metric("redis_up")) === 1 && (await metric("ready")) === 1);
});
