import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { keys } from "@switchyard/store";
import { until } from "@switchyard/testkit";
import { Redis } from "ioredis";
import { expect, onTestFinished, test } from "vitest";
import { emptyRoot, type LauncherProcess, processesOf, STOP_LIMIT_MS, startLauncher } from "./launcher-process.ts";
import { isRunning } from "./processes.ts";

async function startReady(root: string, environment: NodeJS.ProcessEnv = {}): Promise<LauncherProcess> {
  const launcher = await startLauncher({ root, environment });
  await launcher.ready();
  return launcher;
}

async function withRedis<T>(url: string, work: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(url);
  redis.on("error", () => {});
  try {
    return await work(redis);
  } finally {
    redis.disconnect();
  }
}

/** In a transaction, as scripts write too: Redis reads those in again with the rights of the user `default`. */
const keep = (client: Redis, text: string) =>
  client.multi().set(keys.secret("kept"), "").set(keys.secret("kept"), text).exec();

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  test(`${signal} ends everything in time; what Redis held is there at the next start`, async () => {
    const root = await emptyRoot();
    const first = await startReady(root);
    const { redis } = first.state();
    const pids = processesOf(first.state());
    await withRedis(redis.url, (client) => keep(client, "until tomorrow"));
    const begun = performance.now();
    first.child.kill(signal);
    expect(await first.ended()).toBe(0);
    expect(performance.now() - begun).toBeLessThan(STOP_LIMIT_MS);
    expect(pids.filter(isRunning)).toEqual([]);
    expect(existsSync(join(first.runDirectory, "state.json"))).toBe(false);

    const second = await startReady(root);
    expect(await withRedis(second.state().redis.url, (client) => client.get(keys.secret("kept")))).toBe(
      "until tomorrow",
    );
  });
}

test("a service that does not want to end is ended, still in time, and state.json says what is left", async () => {
  const launcher = await startReady(await emptyRoot(), { STAND_IN: "stubborn" });
  const { nodes, matchmakers, redis } = launcher.state();
  const pids = processesOf(launcher.state());
  const begun = performance.now();
  launcher.child.kill("SIGTERM");
  const left = await until("the nodes to be missing in state.json", () => {
    const state = launcher.state();
    return state.nodes.length === 0 && state;
  });
  expect(left).toMatchObject({ matchmakers, redis });
  expect(nodes.map(({ pid }) => pid).filter(isRunning)).toEqual([]);
  await until("the matchmaker to be missing, too", () => launcher.state().matchmakers.length === 0);
  expect(await launcher.ended()).toBe(0);
  expect(performance.now() - begun).toBeLessThan(STOP_LIMIT_MS);
  expect(pids.filter(isRunning)).toEqual([]);
  expect(existsSync(join(launcher.runDirectory, "state.json"))).toBe(false);
});

test("a state.json that can't be written ends nothing, and keeps no stop from its end", async () => {
  const launcher = await startReady(await emptyRoot());
  const { nodes } = launcher.state();
  const pids = processesOf(launcher.state());
  const path = join(launcher.runDirectory, "state.json");
  rmSync(path);
  mkdirSync(path); // as a full disk does, it refuses what is written, and is there as root, too
  process.kill(nodes[0]?.pid ?? 0, "SIGKILL");
  await until("the node to be started again", () => launcher.output().match(/^node-1 +ready/gm)?.length === 2);
  expect(launcher.output()).toMatch(/^launcher +\S+state\.json is not up to date: EISDIR/m);
  launcher.child.kill("SIGTERM");
  expect(await launcher.ended()).toBe(0);
  expect(pids.filter(isRunning)).toEqual([]);
});

test("a second signal ends everything at once", async () => {
  const launcher = await startReady(await emptyRoot(), { STAND_IN: "stubborn" });
  const pids = processesOf(launcher.state());
  launcher.child.kill("SIGINT");
  await until("the stop to begin", () => launcher.output().includes("stopping, again to end at once"));
  const begun = performance.now();
  launcher.child.kill("SIGINT");
  expect(await launcher.ended()).toBe(1);
  expect(performance.now() - begun).toBeLessThan(5000); // a stop would wait for more than six seconds
  await until("every process to be gone", () => !pids.some(isRunning));
});

test("a signal during the start ends what has started already", async () => {
  const launcher = await startLauncher({ root: await emptyRoot() });
  await until("Redis to be up", () => /^redis +ready/m.test(launcher.output()));
  const pid = Number(/process (\d+)/.exec(launcher.output())?.[1]);
  launcher.child.kill("SIGTERM");
  expect(await launcher.ended()).toBe(0);
  expect(isRunning(pid)).toBe(false);
});

test("nothing outlives a launcher that was killed, and the next start finds what Redis held", async () => {
  const root = await emptyRoot();
  const first = await startReady(root);
  const pids = processesOf(first.state());
  const { redis } = first.state();
  await withRedis(redis.url, (client) => keep(client, "through a kill"));
  first.child.kill("SIGKILL");
  await first.ended();

  const second = await startLauncher({ root, port: first.port });
  await second.ready();
  await until("those of the first to be gone", () => !pids.some(isRunning));
  expect(await withRedis(second.state().redis.url, (client) => client.get(keys.secret("kept")))).toBe("through a kill");
});

test("nothing outlives it without a next start either", async () => {
  const launcher = await startReady(await emptyRoot());
  const pids = processesOf(launcher.state());
  onTestFinished(() => {
    for (const pid of pids.filter(isRunning)) process.kill(pid, "SIGKILL");
  });
  launcher.child.kill("SIGKILL");
  await until("every process to be gone", () => !pids.some(isRunning), 20_000);
});
