import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { until } from "@switchyard/testkit";
import { expect, onTestFinished, test } from "vitest";
import { isRunning, onlyChildOf } from "../processes.ts";
import { emptyRoot, type LauncherProcess, processesOf, startLauncher } from "./launcher-process.ts";

const repository = fileURLToPath(new URL("../../../..", import.meta.url));

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

/** Services that do not answer hold a stop up for as long as they may. */
function holdUp(npm: LauncherProcess): void {
  const { nodes, matchmakers } = npm.state();
  for (const { pid } of [...nodes, ...matchmakers]) process.kill(pid, "SIGSTOP");
}

const isStopping = (npm: LauncherProcess) => npm.output().includes(": stopping, again to end at once");

const twice = {
  "SIGTERM to npm": [(npm: number) => process.kill(npm, "SIGTERM"), 500],
  "Ctrl-C, which reaches npm and what it has started": [(npm: number) => process.kill(-npm, "SIGINT"), 500],
  "a hasty Ctrl-C": [(npm: number) => process.kill(-npm, "SIGINT"), 300],
} as const;

for (const [what, [signal, apartMs]] of Object.entries(twice)) {
  test(`${what}: once stops it, again ${apartMs} ms later ends everything at once`, async () => {
    const { npm, all } = await startWithNpm();
    holdUp(npm);
    signal(npm.child.pid ?? 0);
    await until("the stop to begin", () => isStopping(npm));
    await delay(apartMs);
    expect(npm.output()).not.toContain("ending everything at once");
    signal(npm.child.pid ?? 0);
    await npm.ended();
    await until("every process to be gone", () => !all.some(isRunning));
    expect(npm.output()).toContain("ending everything at once");
  });
}

test("SIGTERM ends everything without a trace", async () => {
  const { npm, all } = await startWithNpm();
  npm.child.kill("SIGTERM");
  await npm.ended();
  await until("every process to be gone", () => !all.some(isRunning));
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
  test(`${what}: nothing is left`, async () => {
    const started = await startWithNpm();
    happens(started);
    await until("every process to be gone", () => !started.all.some(isRunning));
  });
}
