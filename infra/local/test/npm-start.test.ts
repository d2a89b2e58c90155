import { fileURLToPath } from "node:url";
import { until } from "@switchyard/testkit";
import { io as connect } from "socket.io-client";
import { expect, onTestFinished, test } from "vitest";
import { emptyRoot, processesOf, STOP_LIMIT_MS, startLauncher } from "./launcher-process.ts";
import { isRunning } from "./processes.ts";

const repository = fileURLToPath(new URL("../../..", import.meta.url));
const nodeOf = async (url: string) => ((await (await fetch(`${url}/health`)).json()) as { node: string }).node;

test("`npm start` runs the whole cluster, mends it, and SIGTERM ends it without a trace", {
  timeout: 180_000,
}, async () => {
  const command = ["npm", "--prefix", repository, "start"] as const;
  const cluster = await startLauncher({ root: await emptyRoot(), command, environment: { NODES: "2" } });
  await cluster.ready();
  const before = cluster.state();
  expect(before).toMatchObject({ front: { url: cluster.url }, nodes: { length: 2 }, matchmakers: { length: 1 } });
  expect(before.nodes.map(({ id }) => id)).toContain(await nodeOf(cluster.url));
  const figures = await fetch(`${before.matchmakers[0]?.url}/metrics`);
  expect(await figures.text()).toContain('service="matchmaker"');
  const page = await fetch(cluster.url, { headers: { Accept: "text/html" } });
  expect(await page.text()).toMatch(/<!doctype html>/i);

  const client = connect(`${cluster.url}/random`, { forceNew: true });
  onTestFinished(() => void client.disconnect());
  await until("a stock client to be connected", () => client.connected);

  const [killed] = before.nodes;
  process.kill(killed?.pid ?? 0, "SIGKILL");
  await until("the node to be back", () => {
    const { nodes } = cluster.state();
    return nodes.length === 2 && nodes.every(({ pid }) => pid !== killed?.pid);
  });
  for (const { id, url } of cluster.state().nodes) expect(await nodeOf(url)).toBe(id);
  await until("the client to be connected, again or still", () => client.connected);

  const pids = processesOf(cluster.state());
  const begun = performance.now();
  cluster.child.kill("SIGTERM");
  await until("every process to be gone", () => !pids.some(isRunning));
  await cluster.ended();
  expect(performance.now() - begun).toBeLessThan(STOP_LIMIT_MS);
});
