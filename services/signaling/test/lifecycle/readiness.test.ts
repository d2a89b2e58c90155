import { type Service, startCluster, type TestClient, type TestCluster, until } from "@switchyard/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { patient } from "../patient.ts";
import { openRedisWay, type RedisWay } from "./redis-way.ts";

let cluster: TestCluster;
let way: RedisWay;
let node: Service;
afterAll(async () => {
  await cluster?.stop();
  await way?.close();
});
beforeAll(async () => {
  cluster = await startCluster({ nodes: 1, matchmakers: 0, environment: patient });
  way = await openRedisWay(cluster.redisServer.port);
  node = await cluster.start("signaling", { REDIS_URL: way.url });
});

/** The node's description of itself when it answers with that status. */
async function bodyWith(status: number): Promise<unknown> {
  const response = await until(`it to answer with ${status}`, async () => {
    const answer = await fetch(`${node.url}/readyz`);
    return answer.status === status && answer;
  });
  return response.json();
}
const register = async (client: TestClient) =>
  expect(await client.request("register", { userId: client.user, matchId: "a-match" })).toMatchObject({ ok: true });

test("a node whose Redis answers, but that hears nothing of what is published, is not ready; when it hears again, it is", async () => {
  const ready = { status: "ready", node: node.id };
  expect(await bodyWith(200)).toEqual(ready);
  const [ann, bob] = [
    await cluster.connect(0, { namespace: "/match" }),
    await cluster.connect(node, { namespace: "/match" }),
  ];
  for (const client of [ann, bob]) await register(client);
  await ann.receive("joined");
  await ann.receive("user-joined");
  await bob.receive("joined");

  way.hold();
  const reason = "a published message did not come back";
  const notReady = { error: `Not ready: ${reason}.`, code: "not_ready", reason, node: node.id };
  expect(await bodyWith(503)).toEqual(notReady);
  expect(await node.metric("switchyard_ready")).toBe(0);
  const { url } = cluster.node(0);
  await until("the other node to be ready", async () => (await fetch(`${url}/readyz`)).status === 200); // it is subscribed
  expect(await ann.request("offer", { to: bob.user, offer: {} })).toMatchObject({ ok: true });

  way.release();
  expect(await bodyWith(200)).toEqual(ready);
  expect(await bob.receive("offer")).toMatchObject({ offer: {} }); // it was kept
  expect(bob.connects).toBe(1);
});
