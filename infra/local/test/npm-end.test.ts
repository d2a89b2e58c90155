import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { until } from "@switchyard/testkit";
import { expect, onTestFinished, test } from "vitest";
import { emptyRoot, type LauncherProcess, processesOf, STOP_LIMIT_MS, startLauncher } from "./launcher-process.ts";
import { isRunning, onlyChildOf } from "./processes.ts";

const repository = fileURLToPath(new URL("../../..", import.meta.url));
/** How long a cluster may live on that was not asked to end, but whose launcher, or what had started it, was killed. */
const ORPHAN_LIMIT_MS = 12_000;
/** A node that does not answer would hold a stop up for more than six seconds. */
const AT_ONCE_MS = 5000;

/** `npm start` as a terminal runs it, and the ids of all its processes. */
async function startWithNpm() {
  const command = ["npm", "--prefix", repository, "start"] as const;
  const npm = await startLauncher({ root: await emptyRoot(), command, detached: true });
  await npm.ready();
  const bootstrap = onlyChildOf(npm.child.pid ?? 0);
  const launcher = onlyChildOf(bootstrap);
  const parts = processesOf(npm.state());
  const all = [bootstrap, launcher, ...parts];
  onTestFinished(() => {
    for (const pid of all.filter(isRunning)) process.kill(pid, "SIGKILL");
  });
  return { npm, bootstrap, launcher, all };
}

/** A node that does not answer holds a stop up for as long as it may. */
function holdUp(npm: LauncherProcess): void {
  for (const { pid } of npm.state().nodes) process.kill(pid, "SIGSTOP");
}

const isStopping = (npm: LauncherProcess) => npm.output().includes(": stopping, again to end at once");

const twice = {
  "SIGTERM to npm": [(npm: number) => process.kill(npm, "SIGTERM"), 500],
  "Ctrl-C, which reaches npm and what it has started": [(npm: number) => process.kill(-npm, "SIGINT"), 500],
  "a hasty Ctrl-C": [(npm: number) => process.kill(-npm, "SIGINT"), 300],
} as const;

for (const [what, [signal, apartMs]] of Object.entries(twice)) {
  test(`${what}: once stops it, again ${apartMs} ms later ends everything at once`, { timeout: 60_000 }, async () => {
    const { npm, all } = await startWithNpm();
    holdUp(npm);
    signal(npm.child.pid ?? 0);
    await until("the stop to begin", () => isStopping(npm));
    await delay(apartMs);
    expect(npm.output()).not.toContain("ending everything at once");
    const begun = performance.now();
    signal(npm.child.pid ?? 0);
    await npm.ended();
    await until("every process to be gone", () => !all.some(isRunning), ORPHAN_LIMIT_MS);
    expect(performance.now() - begun).toBeLessThan(AT_ONCE_MS);
    expect(npm.output()).toContain("ending everything at once");
  });
}

test("a single Ctrl-C ends everything cleanly, and in time", { timeout: 60_000 }, async () => {
  const { npm, all } = await startWithNpm();
  const begun = performance.now();
  process.kill(-(npm.child.pid ?? 0), "SIGINT");
  expect(await npm.ended()).toBe(0);
  expect(all.filter(isRunning)).toEqual([]);
  expect(performance.now() - begun).toBeLessThan(STOP_LIMIT_MS);
  expect(npm.output()).not.toContain("ending everything at once");
});

const accidents = {
  "npm is killed": ({ npm }: Started) => npm.child.kill("SIGKILL"),
  "its terminal is closed": ({ npm }: Started) => process.kill(-(npm.child.pid ?? 0), "SIGHUP"),
  "what npm has started hears that its terminal is closed": ({ bootstrap }: Started) =>
    process.kill(bootstrap, "SIGHUP"),
  "the launcher is killed": ({ launcher }: Started) => process.kill(launcher, "SIGKILL"),
} as const;
type Started = Awaited<ReturnType<typeof startWithNpm>>;

for (const [what, happens] of Object.entries(accidents)) {
  test(`${what}: nothing is left 12 s later`, { timeout: 60_000 }, async () => {
    const started = await startWithNpm();
    happens(started);
    await until("every process to be gone", () => !started.all.some(isRunning), ORPHAN_LIMIT_MS);
  });
}
