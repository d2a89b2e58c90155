import { existsSync } from "node:fs";
import { join } from "node:path";
import { until } from "@switchyard/testkit";
import { expect, onTestFinished, test } from "vitest";
import { keepText, keptText } from "../kept-text.ts";
import { isRunning } from "../processes.ts";
import { emptyRoot, processesOf, startReady } from "./launcher-process.ts";

test("SIGTERM ends everything; what Redis held is there at the next start, and nothing outlives a kill", async () => {
  const root = await emptyRoot();
  const first = await startReady({ root });
  const ofFirst = processesOf(first.state());
  await keepText(first.state().redis.url, "until tomorrow");
  first.child.kill("SIGTERM");
  expect(await first.ended()).toBe(0);
  expect(ofFirst.filter(isRunning)).toEqual([]);
  expect(existsSync(join(first.runDirectory, "state.json"))).toBe(false);

  const second = await startReady({ root });
  const ofSecond = processesOf(second.state());
  onTestFinished(() => {
    for (const pid of ofSecond.filter(isRunning)) process.kill(pid, "SIGKILL");
  });
  expect(await keptText(second.state().redis.url)).toBe("until tomorrow");
  second.child.kill("SIGKILL");
  await until("every process to be gone", () => !ofSecond.some(isRunning));
});
