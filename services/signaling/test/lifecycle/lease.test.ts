import { keys } from "@switchyard/store";
import { startCluster, until } from "@switchyard/testkit";
import { expect, onTestFinished, test } from "vitest";
import { patient } from "../patient.ts";

test("a node that was taken for dead, and forgotten, says again what it is", async () => {
  const cluster = await startCluster({ nodes: 1, matchmakers: 0, environment: { ...patient, LEASE_MS: 600 } });
  onTestFinished(cluster.stop);
  const { id, port } = cluster.node(0);
  const info = keys.nodeInfo(id);
  const before = await cluster.redis.hgetall(info);
  expect(before).toMatchObject({ service: "signaling", port: String(port) });
  await cluster.redis.del(info);
  await until("it to have said so", async () => (await cluster.redis.exists(info)) === 1);
  expect(await cluster.redis.hgetall(info)).toEqual(before);
});
