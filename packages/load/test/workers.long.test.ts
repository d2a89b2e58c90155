import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { startCluster, type TestCluster, until } from "@switchyard/testkit";
import { Redis } from "ioredis";
import { beforeAll, describe, expect, inject, onTestFinished, test } from "vitest";
import {
  type FromChild,
  handOut,
  LocalWorkers,
  QueuedWorkers,
  readScenario,
  slicesOf,
  startWorkerProcess,
  type ToChild,
  textOf,
  type WorkerPool,
} from "../src/index.ts";

const WORKERS = 2;
const strangers = `
name: strangers
arrival: { users: 12 }
ramp: 100ms
duration: 1h
mix: [{ behaviour: random, messageEvery: 300ms, nextAfter: 2s }]`;

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster();
  return cluster.stop;
});

/** Runs until `isEnough` of the progress, and ends as Ctrl-C does. */
async function runWith(
  open: (slices: ReturnType<typeof slicesOf>) => Promise<WorkerPool> | WorkerPool,
  isEnough: (line: string) => boolean,
) {
  const overrides = { targets: cluster.nodes.map(({ url }) => url) };
  const slices = slicesOf(randomUUID().slice(0, 8), WORKERS, strangers, overrides);
  const interruption = new AbortController();
  const progress = (line: string) => {
    if (isEnough(line)) interruption.abort();
  };
  const scenario = readScenario(strangers, overrides);
  return handOut(scenario, slices, await open(slices), { progress, signal: interruption.signal });
}

const isTalking = (line: string) => /, 12 connected, .* [1-9]\d* received\/s/.test(line);

test("users of two processes meet, and what was sent in one and received in the other is compared", async () => {
  let lines = 0;
  const report = await runWith(
    (slices) => new LocalWorkers(slices),
    (line) => {
      if (isTalking(line)) lines += 1;
      return lines === 4;
    },
  );
  expect(report.described, textOf(report)).toEqual([]);
  expect(report).toMatchObject({ verdict: "ok", exitCode: 0, counts: { users: 12 }, errors: {} });
  expect(report.workers).toEqual([
    { worker: 1, users: 6, lost: null },
    { worker: 2, users: 6, lost: null },
  ]);
  expect(report.latencies.handshake.count).toBe(12);
  const sum = (numbers: readonly (number | undefined)[]) => numbers.reduce<number>((all, one) => all + (one ?? 0), 0);
  expect(sum(report.nodes.map(({ opened }) => opened))).toBe(12);
  expect(sum(report.intervals.map(({ counts }) => counts.received))).toBe(report.counts.received);
  expect(report.servers.filter(({ service }) => service === "load")).toHaveLength(WORKERS);
  expect(report.counts.received).toBeGreaterThan(report.latencies.relay.count); // the rest came from the other process
});

describe("workers of a queue", () => {
  const address = { url: inject("redisUrl"), name: randomUUID(), lockMs: 5000 };

  async function startWorker() {
    const child = startWorkerProcess();
    const exit = once(child, "exit");
    onTestFinished(async () => {
      child.kill("SIGTERM");
      await exit;
    });
    const said: string[] = [];
    child.on("message", (message: FromChild) => {
      if ("line" in message) said.push(message.line);
    });
    child.send({ takeFrom: address } satisfies ToChild);
    await until("the worker to wait", () => said.some((line) => line.startsWith("waits for work")));
    return { child, said };
  }

  test("one that is killed is lost, the report says so, and no key stays for good", async () => {
    const redis = new Redis(address.url);
    onTestFinished(() => redis.disconnect());
    const workers = [await startWorker(), await startWorker()];
    let isKilled = false;
    const report = await runWith(
      (slices) => QueuedWorkers.open(address, slices),
      (line) => {
        if (isTalking(line) && !isKilled) isKilled = workers[0]?.child.kill("SIGKILL") === true;
        return line.includes("(1 lost)");
      },
    );
    expect(report.violations, textOf(report)).toMatchObject({ lost: 0, undelivered: 0, departed: 0 });
    expect(report).toMatchObject({ verdict: "incomplete", exitCode: 2, counts: { users: 6 } });
    expect(report.workers.filter(({ lost }) => lost !== null)).toHaveLength(1);
    expect(textOf(report)).toMatch(/workers: 1 of 2\nworker \d is lost: .*\n[\s\S]*verdict: incomplete$/);
    const keys = await redis.keys(`*${address.name}*`);
    const lasting = [];
    for (const key of keys) if ((await redis.pttl(key)) === -1) lasting.push(key);
    expect(lasting).toEqual([]);
  });

  test("a run that is given up ends them all, and they take the next one", async () => {
    const workers = [await startWorker(), await startWorker()];
    const scenario = readScenario(strangers, { targets: ["http://127.0.0.1:1"] });
    const slices = slicesOf(randomUUID().slice(0, 8), WORKERS, strangers, { targets: ["http://127.0.0.1:1"] });
    await expect(handOut(scenario, slices, await QueuedWorkers.open(address, slices))).rejects.toThrow("can't be used");
    const report = await runWith((next) => QueuedWorkers.open(address, next), isTalking);
    expect(report, textOf(report)).toMatchObject({ verdict: "ok", counts: { users: 12 } });
    for (const { said } of workers) expect(said.at(-1)).toBe("the part is over");
  });
});
