import { type Acknowledgement, pairClients, startCluster, type TestCluster, until } from "@switchyard/testkit";
import { afterEach, beforeAll, expect, test } from "vitest";
import { patient } from "../patient.ts";
import { limits, nameOf, talkThroughDrops } from "./talking-pairs.ts";

/** Where nobody listens. */
const NOWHERE = 1;

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ nodes: 3, environment: { ...patient, ...limits } });
  return cluster.stop;
});
afterEach(() => cluster.empty());

test("8 pairs talk while every connection is cut twice: what was acknowledged arrives, once, in order", async () => {
  await talkThroughDrops(cluster, 8);
  for (const node of cluster.nodes) expect(node.errors()).toEqual([]);
});

test("all that a partner may say in a minute, said while one is between two connections, is there when it is back", async () => {
  const proxy = await cluster.proxy(0);
  const [ann, bob] = await Promise.all([cluster.connect(proxy), cluster.connect(1)]);
  const roomId = await pairClients(ann, bob);
  const { sessions } = cluster.store;
  const id = String(ann.socket.id);
  proxy.routeTo(NOWHERE);
  proxy.cut();
  await until("the drop", async () => (await sessions.read(id))?.state === "detached");
  const all = (count: number, send: (i: number) => Promise<Acknowledgement>) =>
    Promise.all(Array.from({ length: count }, (_, i) => send(i)));
  const { RATE_LIMIT_POINTS, SIGNAL_RATE_LIMIT_POINTS } = limits;
  const answers = [
    await all(SIGNAL_RATE_LIMIT_POINTS, (i) => bob.request("ice_candidate", { roomId, candidate: { i } })),
    await all(RATE_LIMIT_POINTS - 1, (i) => bob.request("send_message", { roomId, message: String(i) })),
  ];
  expect(answers.flat().filter(({ ok }) => !ok)).toEqual([]);
  proxy.routeTo(cluster.node(2).port);
  await ann.connected(2);
  expect(ann.socket.recovered).toBe(true);
  await ann.caughtUp();
  const numbers = (count: number) => Array.from({ length: count }, (_, i) => i);
  expect(ann.unread().map(nameOf)).toEqual([
    ...numbers(SIGNAL_RATE_LIMIT_POINTS).map((i) => `candidate ${i}`),
    ...numbers(RATE_LIMIT_POINTS - 1).map((i) => `message ${i}`),
  ]);
  await bob.caughtUp();
  expect(bob.unread()).toEqual([]);
});
