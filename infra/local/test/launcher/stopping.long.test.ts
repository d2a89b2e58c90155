import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { until } from "@switchyard/testkit";
import { expect, test } from "vitest";
import { keepText, keptText } from "../kept-text.ts";
import { isRunning } from "../processes.ts";
import { emptyRoot, processesOf, startLauncher, startReady } from "./launcher-process.ts";

test("SIGINT ends everything, as SIGTERM does; what Redis held is there at the next start", async () => {
  const root = await emptyRoot();
  const first = await startReady({ root });
  const pids = processesOf(first.state());
  await keepText(first.state().redis.url, "until tomorrow");
  first.child.kill("SIGINT");
  expect(await first.ended()).toBe(0);
  expect(pids.filter(isRunning)).toEqual([]);
  expect(existsSync(join(first.runDirectory, "state.json"))).toBe(false);

  const second = await startReady({ root });
  expect(await keptText(second.state().redis.url)).toBe("until tomorrow");
});

test("a service that does not want to end is ended", async () => {
  const launcher = await startReady({ root: await emptyRoot(), environment: { STAND_IN: "stubborn" } });
  const pids = processesOf(launcher.state());
  launcher.child.kill("SIGTERM");
  expect(await launcher.ended()).toBe(0);
  expect(pids.filter(isRunning)).toEqual([]);
  expect(existsSync(join(launcher.runDirectory, "state.json"))).toBe(false);
});

test("a state.json that can't be written ends nothing, and keeps no stop from its end", async () => {
  const launcher = await startReady({ root: await emptyRoot() });
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
  const launcher = await startReady({ root: await emptyRoot(), environment: { STAND_IN: "stubborn" } });
  const pids = processesOf(launcher.state());
  launcher.child.kill("SIGINT");
  await until("the stop to begin", () => launcher.output().includes("stopping, again to end at once"));
  launcher.child.kill("SIGINT");
  expect(await launcher.ended()).toBe(1); // an orderly stop ends with 0
  expect(launcher.output()).toContain("SIGINT again: ending everything at once");
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
  const first = await startReady({ root });
  const pids = processesOf(first.state());
  await keepText(first.state().redis.url, "through a kill");
  first.child.kill("SIGKILL");
  await first.ended();

  const second = await startReady({ root, port: first.port });
  await until("those of the first to be gone", () => !pids.some(isRunning));
  expect(await keptText(second.state().redis.url)).toBe("through a kill");
});
