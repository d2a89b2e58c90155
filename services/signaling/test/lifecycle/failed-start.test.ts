import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { startCluster, type TestCluster, until } from "@switchyard/testkit";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { patient } from "../patient.ts";

let cluster: TestCluster;
afterAll(() => cluster?.stop());
beforeAll(async () => {
  cluster = await startCluster({ nodes: 1, matchmakers: 1, environment: patient });
});

/** The connections to Redis that a node has, by its name. */
async function connectionsOf(name: string): Promise<string[]> {
  const clients = String(await cluster.redis.call("CLIENT", "LIST"));
  return clients.split("\n").filter((line) => line.includes(` name=${name}`));
}

test("a node whose port is taken takes down what it has started", async () => {
  const server = createServer().listen(0);
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const running = cluster.nodes[0]?.id ?? "";
  expect(await connectionsOf(running)).toHaveLength(2);

  const name = "failing-start";
  const environment = { PORT: String(port), HOST: "::", NODE_NAME: name, LEASE_MS: "1000" }; // soon swept, and forgotten
  const start = cluster.start("signaling", environment);
  await expect(start).rejects.toThrow("EADDRINUSE");
  await until("its connections to Redis to be closed", async () => (await connectionsOf(name)).length === 0);
});
