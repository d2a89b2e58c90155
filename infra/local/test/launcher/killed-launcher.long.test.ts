import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { until } from "@switchyard/testkit";
import { Redis } from "ioredis";
import { expect, test } from "vitest";
import { isRunning } from "../processes.ts";
import { emptyRoot, type LauncherProcess, processesOf, startLauncher } from "./launcher-process.ts";

const redisIsReady = (launcher: LauncherProcess) => /^redis +ready/m.test(launcher.output());

/** Kills a launcher and starts the next one in its place, at once. */
async function killAndStartAgain(root: string, launcher: LauncherProcess): Promise<LauncherProcess> {
  launcher.child.kill("SIGKILL");
  await launcher.ended();
  return startLauncher({ root, port: launcher.port });
}

/** The next launcher's Redis must not run before that one has ended. */
async function expectTakenOver(from: number, by: LauncherProcess): Promise<void> {
  expect(from).toBeGreaterThan(0);
  await until("the next Redis to be ready", () => redisIsReady(by));
  expect(isRunning(from)).toBe(false);
  await by.ready();
}

/** As the launcher notes it as soon as there is one. */
function notedPid(launcher: LauncherProcess): number | undefined {
  const note = join(launcher.runDirectory, "redis.json");
  if (!existsSync(note)) return undefined;
  return (JSON.parse(readFileSync(note, "utf8")) as { pid: number }).pid;
}

function printedPid(launcher: LauncherProcess): number | undefined {
  const [, pid] = /^redis +ready .*process (\d+)/m.exec(launcher.output()) ?? [];
  return pid === undefined ? undefined : Number(pid);
}

test.for([
  ["has a process", notedPid],
  ["is ready", printedPid],
] as const)("killed as soon as its Redis %s: no two Redis have the same files", async ([, pidOf]) => {
  const root = await emptyRoot();
  const first = await startLauncher({ root, environment: { STAND_IN: "unready" } });
  const pid = await until("its Redis", () => pidOf(first));
  await expectTakenOver(pid, await killAndStartAgain(root, first));
});

test("killed, and so is the next one at once: the third still knows the Redis of the first", async () => {
  const root = await emptyRoot();
  const first = await startLauncher({ root });
  await first.ready();
  const { pid } = first.state().redis;
  const second = await killAndStartAgain(root, first);
  await until("it to have taken the directory", () => !existsSync(join(first.runDirectory, "state.json")));
  await expectTakenOver(pid ?? 0, await killAndStartAgain(root, second));
});

test("killed: its Redis is recognised whatever its passwords are by now", async () => {
  const root = await emptyRoot();
  const first = await startLauncher({ root });
  await first.ready();
  const { url, pid } = first.state().redis;
  const redis = new Redis(url);
  await redis.call("ACL", "SETUSER", "admin", "resetpass", ">another");
  redis.disconnect();
  await expectTakenOver(pid ?? 0, await killAndStartAgain(root, first));
});

test("killed: while the next one starts, state.json names nothing that is gone", async () => {
  const root = await emptyRoot();
  const first = await startLauncher({ root });
  await first.ready();
  const before = processesOf(first.state());
  const second = await killAndStartAgain(root, first);
  const namedAgain = new Set<number>();
  await until("it to be ready", () => {
    const named = existsSync(join(first.runDirectory, "state.json")) ? processesOf(second.state()) : [];
    if (second.output() !== "") for (const pid of named) if (before.includes(pid)) namedAgain.add(pid);
    return second.output().includes(`ready ${second.url}`);
  });
  expect([...namedAgain]).toEqual([]);
  expect(processesOf(second.state()).every(isRunning)).toBe(true);
});
