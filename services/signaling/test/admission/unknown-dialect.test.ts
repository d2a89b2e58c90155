import { startCluster, type TestCluster, until } from "@switchyard/testkit";
import { beforeAll, expect, test } from "vitest";
import { patient } from "../patient.ts";
import { openBearer, tokenFor } from "./tokens.ts";
import { withoutMatch } from "./without-match.ts";

const secret = "a secret that these tests alone know";
const environment = { ...patient, TOKEN_MODE: "required", JWT_SECRET: secret };
let cluster: TestCluster;
/** A node of it that does not know `match`. */
let other: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ nodes: 1, environment });
  const { redisServer: redis } = cluster;
  other = await startCluster({
    dialects: withoutMatch,
    redis,
    nodes: 1,
    matchmakers: 0,
    environment,
    examined: false,
  });
  return async () => {
    await other.stop();
    await cluster.stop();
  };
});

test("a token that is limited to another room recovers no session, also where the node does not know its dialect", async () => {
  const root = { namespace: "/" };
  const tokenIn = (room: string) => tokenFor(secret, { sub: "ann", room });
  const { client } = openBearer(cluster, 0, tokenIn("mine"), root);
  await client.connected();
  expect(await client.request("register", { userId: "ann", matchId: "mine" })).toMatchObject({ ok: true });
  const { id, _pid: pid } = client.socket as unknown as { id: string; _pid: string };
  client.socket.io.reconnection(false);
  client.cut();
  await until("its grace to begin", async () => (await cluster.store.sessions.read(id))?.deadline);
  const proof = { ...root, auth: { pid, offset: "0" }, reconnection: false };
  const elsewhere = openBearer(other, 0, tokenIn("yours"), proof);
  await elsewhere.client.connected();
  expect(elsewhere.client.socket.id).not.toBe(id);
  const owner = openBearer(other, 0, tokenIn("mine"), proof);
  await owner.client.connected();
  expect(owner.client.socket.id).toBe(id);
  elsewhere.client.leave();
  client.socket.connect(); // it ends where its dialect is known
  await client.connected(2);
  expect(client.socket.id).toBe(id);
  await cluster.empty();
});
