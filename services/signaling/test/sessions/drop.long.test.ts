import { startProcessCluster, until } from "@switchyard/testkit";
import { expect, onTestFinished, test } from "vitest";
import { patient } from "../patient.ts";
import { limits, talkThroughDrops } from "./talking-pairs.ts";

test("100 pairs talk while every connection is cut twice: what was acknowledged arrives, once, in order", async () => {
  const cluster = await startProcessCluster({ nodes: 3, environment: { ...patient, ...limits } });
  onTestFinished(cluster.stop);
  await talkThroughDrops(cluster, 100);
  for (const { url, id } of cluster.nodes) {
    await until(`${id} to be ready`, async () => (await fetch(`${url}/readyz`)).status === 200);
  }
  for (const node of cluster.nodes) expect(node.errors()).toEqual([]);
  await cluster.empty();
});
