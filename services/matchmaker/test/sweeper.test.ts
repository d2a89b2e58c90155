import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { type Cluster, clusterTracedBy } from "@switchyard/core";
import { createLogger, findRedis, type PatientRedis } from "@switchyard/runtime";
import { Traces } from "@switchyard/store";
import { openTestStore, startRedis, until } from "@switchyard/testkit";
import type { Redis } from "ioredis";
import { expect, onTestFinished, test } from "vitest";
import { Metrics } from "../src/metrics.ts";
import { Sweeper } from "../src/sweeper.ts";

/** A port at which connections are taken, and nothing is ever answered. */
async function silentPort(): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => sockets.add(socket.on("error", () => {})));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

test("a worker that waits for its connection for good is replaced, and sweeps go on", async () => {
  const server = await startRedis();
  onTestFinished(server.stop);
  const { store, close } = await openTestStore(server.url);
  onTestFinished(close);
  const servers = await findRedis({ REDIS_URL: server.url });
  const port = await silentPort();
  const opened: Redis[] = [];
  const openPatient = (): PatientRedis => {
    const connection = servers.openPatient("jobs") as Redis;
    const isFirstWorkers = opened.push(connection) === 2;
    const duplicate = connection.duplicate.bind(connection);
    if (isFirstWorkers) connection.duplicate = (options) => duplicate({ ...options, host: "127.0.0.1", port });
    return connection;
  };
  const cluster: Cluster = { store, contexts: new Map(), graceMs: 1000 };
  const metrics = new Metrics("m");
  const traces = new Traces(store.clock);
  const logger = createLogger("silent", {});
  const sweeper = new Sweeper({
    cluster: clusterTracedBy(traces.ofNoEvent(), cluster),
    traces,
    announcers: [],
    openPatient,
    logger,
    metrics,
  });
  await sweeper.begin();
  const sweeps = async () =>
    (await metrics.sweeps.get()).values.find(({ labels }) => labels.outcome === "done")?.value ?? 0;
  await until("another worker to be there", () => opened.length > 2);
  const before = await sweeps();
  await until("sweeps to go on", async () => (await sweeps()) > before + 2);
  await sweeper.stop();
  expect(opened).toHaveLength(3);
});
