import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { type Cluster, clusterWithTrace } from "@switchyard/core";
import { createLogger, findRedis, type RetryingRedis } from "@switchyard/runtime";
import { Traces } from "@switchyard/store";
import { openTestStore, startRedis, until } from "@switchyard/testkit";
import { Queue } from "bullmq";
import type { Redis } from "ioredis";
import { expect, onTestFinished, test, vi } from "vitest";
import { Metrics } from "../src/metrics.ts";
import { Sweeper } from "../src/sweeper.ts";

/** Less than from one sweep to the next. */
const BETWEEN_SWEEPS_MS = 300;
/** Longer than from one look at the schedule to the next. */
const STILL_MS = 6000;

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

interface Sweeping {
  readonly sweeper: Sweeper;
  /** Connections that were opened: the queue's, and one for each worker. */
  readonly opened: readonly Redis[];
  /** How many sweeps were done. */
  sweeps(): Promise<number>;
}

/** @param isStuck whether the first worker's blocking connection never becomes one */
async function startSweeping(isStuck: boolean): Promise<Sweeping> {
  const server = await startRedis();
  onTestFinished(server.stop);
  const { store, close } = await openTestStore(server.url);
  onTestFinished(close);
  const servers = await findRedis({ REDIS_URL: server.url });
  const port = await silentPort();
  const opened: Redis[] = [];
  const openRetrying = (): RetryingRedis => {
    const connection = servers.openRetrying("jobs") as Redis;
    const isFirstWorkers = opened.push(connection) === 2;
    const duplicate = connection.duplicate.bind(connection);
    if (isStuck && isFirstWorkers)
      connection.duplicate = (options) => duplicate({ ...options, host: "127.0.0.1", port });
    return connection;
  };
  const cluster: Cluster = { store, contexts: new Map(), graceMs: 1000 };
  const metrics = new Metrics("m");
  const traces = new Traces(store.clock);
  const logger = createLogger("silent", {});
  const sweeper = new Sweeper({
    cluster: clusterWithTrace(traces.background(), cluster),
    traces,
    announcers: [],
    auditRetentionMs: 86_400_000,
    reportRetentionMs: 86_400_000,
    openRetrying,
    logger,
    metrics,
  });
  onTestFinished(() => sweeper.stop());
  await sweeper.begin();
  const sweeps = async () =>
    (await metrics.sweeps.get()).values.find(({ labels }) => labels.outcome === "done")?.value ?? 0;
  return { sweeper, opened, sweeps };
}

test("a worker that waits for its connection for good is replaced, and sweeps go on", async () => {
  const { sweeper, opened, sweeps } = await startSweeping(true);
  await until("another worker to be there", () => opened.length > 2);
  const before = await sweeps();
  await until("sweeps to go on", async () => (await sweeps()) > before + 2);
  await sweeper.stop();
  expect(opened).toHaveLength(3);
});

test("a worker is not replaced because the machine stood still", async () => {
  const isLooked = Promise.withResolvers<void>();
  const look = Queue.prototype.getJobScheduler;
  const spy = vi.spyOn(Queue.prototype, "getJobScheduler").mockImplementationOnce(async function (this: Queue, id) {
    await wait(BETWEEN_SWEEPS_MS);
    const seen = await look.call(this, id);
    setImmediate(isLooked.resolve);
    return seen;
  });
  onTestFinished(() => spy.mockRestore());
  const { opened, sweeps } = await startSweeping(false);
  await isLooked.promise;
  const before = await sweeps();
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, STILL_MS);
  await until("another look", () => spy.mock.calls.length > 1);
  await until("sweeps to go on", async () => (await sweeps()) > before + 2);
  expect(opened).toHaveLength(2);
});
