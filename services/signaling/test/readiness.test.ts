import { type Service, startCluster, type TestClient, type TestCluster, until } from "@switchyard/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openRedisWay, type RedisWay } from "./redis-way.ts";

let cluster: TestCluster;
let way: RedisWay;
let node: Service;
afterAll(async () => {
  await cluster?.stop();
  await way?.close();
});
beforeAll(async () => {
  cluster = await startCluster({ nodes: 1, matchmakers: 0 });
  way = await openRedisWay(cluster.redisServer.port);
  node = await cluster.start("signaling", { REDIS_URL: way.url });
});

async function readiness(): Promise<[status: number, body: unknown]> {
  const response = await fetch(`${node.url}/readyz`);
  return [response.status, await response.json()];
}
const register = async (client: TestClient) =>
  expect(await client.ask("register", { userId: client.user, matchId: "a-match" })).toMatchObject({ ok: true });

test("a node whose Redis answers, but that hears nothing of what is published, is not ready; when it hears again, it is", async () => {
  const ready = [200, { status: "ready", node: node.id }];
  await until("it to be ready", async () => (await readiness())[0] === 200);
  expect(await readiness()).toEqual(ready);
  const [ann, bob] = [
    await cluster.connect(0, { namespace: "/match" }),
    await cluster.connect(node, { namespace: "/match" }),
  ];
  for (const client of [ann, bob]) await register(client);
  await ann.hear("joined");
  await ann.hear("user-joined");
  await bob.hear("joined");

  way.hold();
  const reason = "a published message did not come back";
  const notReady = { error: `Not ready: ${reason}.`, code: "not_ready", reason, node: node.id };
  await until("it to be noticed", async () => (await readiness())[0] === 503);
  expect(await readiness()).toEqual([503, notReady]);
  expect(await node.metric("switchyard_ready")).toBe(0);
  expect((await fetch(`${cluster.node(0).url}/readyz`)).status).toBe(200); // the other node hears
  expect(await ann.ask("offer", { to: bob.user, offer: {} })).toMatchObject({ ok: true });

  way.release();
  await until("it to hear again", async () => (await readiness())[0] === 200);
  expect(await readiness()).toEqual(ready);
  expect(await bob.hear("offer")).toMatchObject({ offer: {} }); // it was kept
  expect(bob.connects).toBe(1);
});
