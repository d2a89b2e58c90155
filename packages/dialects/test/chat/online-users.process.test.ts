import { startCluster, type TestCluster, until } from "@switchyard/testkit";
import { beforeAll, expect, test } from "vitest";
import { endGrace, endLease } from "../ending.ts";
import { patient } from "../patient.ts";
import { enterChatroom, JWT_SECRET, toldNames } from "./accounts.ts";

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ nodes: 1, environment: { ...patient, JWT_SECRET } });
  return cluster.stop;
});

test("nothing is left when everyone has gone, also those whose node was killed", async () => {
  const chat = { namespace: "/chat" };
  const victim = await cluster.startProcess("signaling");
  const ann = await enterChatroom(cluster, 0, chat);
  const lost = await Promise.all([1, 2, 3].map(() => enterChatroom(cluster, victim, chat)));
  const ids = lost.map(({ client }) => String(client.socket.id));
  for (const { client } of lost) client.socket.io.reconnection(false);
  await toldNames(ann, ann.name, ...lost.map(({ name }) => name));
  await victim.kill();
  await endLease(cluster, victim.id);
  for (const id of ids) await endGrace(cluster, id);
  await until("those to be gone", () => ann.client.names.at(-1)?.total === 1);
  ann.client.leave();
  const parts = ["holders", "people", "arrivals", "sessions"].map((part) => `sy:{presence:chat}:${part}`);
  await until("nothing to be left", async () => (await cluster.redis.exists(...parts)) === 0);
  for (const { name } of [ann, ...lost]) expect(await cluster.redis.keys(`*${name}*`)).toEqual([]);
});
