import { fileURLToPath } from "node:url";
import { until } from "@switchyard/testkit";
import { io as connect } from "socket.io-client";
import { expect, onTestFinished, test } from "vitest";
import { isRunning } from "../processes.ts";
import { emptyRoot, processesOf, startLauncher } from "./launcher-process.ts";

const repository = fileURLToPath(new URL("../../../..", import.meta.url));
const nodeOf = async (url: string) => ((await (await fetch(`${url}/health`)).json()) as { node: string }).node;

test("`npm start` runs the whole cluster, mends it, and a single Ctrl-C ends everything cleanly", async () => {
  const command = ["npm", "--prefix", repository, "start"] as const;
  const cluster = await startLauncher({ root: await emptyRoot(), command, detached: true });
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
  process.kill(-(cluster.child.pid ?? 0), "SIGINT"); // to the whole group, as a terminal does
  expect(await cluster.ended()).toBe(0);
  expect(pids.filter(isRunning)).toEqual([]);
  expect(cluster.output()).not.toContain("ending everything at once");
});
