import { expectNothingMore, insist, pairClients, startCluster, until } from "@switchyard/testkit";
import { expect, onTestFinished, test } from "vitest";
import { patient } from "../patient.ts";
import { startProcess } from "../processes.ts";

test("a node is killed, and a client of it doesn't come back: the others hear so, once, and it is gone everywhere", async () => {
  const cluster = await startCluster({ nodes: 1, environment: { ...patient, MATCH_WIDEN_MS: 600_000 } });
  onTestFinished(cluster.stop);
  const victim = await startProcess(cluster, { LEASE_MS: 1000 });
  const [ann, bob, waiting] = [await cluster.connect(victim), await cluster.connect(0), await cluster.connect(victim)];
  await pairClients(ann, bob);
  await insist(waiting, "join", { userId: waiting.user, type: "video" });
  for (const client of [ann, waiting]) client.socket.io.reconnection(false);
  // until here nobody's grace is over, however long the victim stands still
  for (const matchmaker of cluster.matchmakers) await matchmaker.stop();
  await victim.kill();
  await cluster.store.nodes.describe(victim.id, { noticeMs: "0" }); // its clients need no time to notice it
  const sweeper = await cluster.start("matchmaker", { RECONNECT_GRACE_MS: 500 }); // that of dead nodes' sessions
  expect(await bob.receive("partner_disconnected")).toEqual({});
  const keysOfNode = () => cluster.redis.keys(`sy:{node:${victim.id}}*`);
  await until("the dead node to be forgotten", async () => (await keysOfNode()).length === 0);
  expect(await cluster.store.presence.count("random")).toBe(1);
  expect((await cluster.store.queues.figures("video")).waiting).toBe(0);
  await until("the count", () => (bob.counts.at(-1) as { count: number }).count === 1);
  await expectNothingMore(bob);
  expect(sweeper.errors()).toEqual([]);
});
