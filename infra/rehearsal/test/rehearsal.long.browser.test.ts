import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { namespaceNames } from "@switchyard/hosts-test/namespaces";
import { runOf } from "@switchyard/hosts-test/run";
import { until } from "@switchyard/testkit";
import { expect, test } from "vitest";

const program = fileURLToPath(new URL("../src/main.ts", import.meta.url));

test("two browsers call each other at the chart's pods", { timeout: 600_000 }, async ({ skip }) => {
  const { said, left } = await rehearse(["call"]);
  const [, reason] = /^skipped: (.*)$/m.exec(said) ?? [];
  if (reason !== undefined) skip(reason);
  expect(said).toMatch(/^5 passed, 0 failed, 0 skipped$/m);
  expect(left).toEqual([]);
});

test("an update of the chart replaces every node, and its clients miss nothing", { timeout: 600_000 }, async ({
  skip,
}) => {
  const { said, left } = await rehearse(["rolling-update"]);
  const [, reason] = /^skipped: (.*)$/m.exec(said) ?? [];
  if (reason !== undefined) skip(reason);
  expect(said).toMatch(/^5 passed, 0 failed, 0 skipped$/m);
  expect(left).toEqual([]);
});

test("a rehearsal that is ended leaves no namespace behind", { timeout: 600_000 }, async ({ skip }) => {
  const { said, code, left } = await rehearse(["call"], "SIGTERM");
  const [, reason] = /^skipped: (.*)$/m.exec(said) ?? [];
  if (reason !== undefined) skip(reason);
  expect(code).toBe(1);
  expect(left).toEqual([]);
});

/**
 * Runs the program to its end, and looks for what it has left behind.
 * @param ending sent to it as soon as it has made a pod
 */
async function rehearse(args: readonly string[], ending?: NodeJS.Signals) {
  const child = spawn(process.execPath, ["--conditions=source", program, ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const closed = once(child, "close");
  let said = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  const itsOwn = async () => (await namespaceNames()).filter((name) => runOf(name)?.pid === child.pid);
  if (ending !== undefined) {
    const isUnderWay = async () => child.exitCode !== null || (await itsOwn()).some((name) => name.includes("-pod"));
    await until("a pod to be made", isUnderWay);
    child.kill(ending);
  }
  const [code] = await closed;
  return { said, code, left: await itsOwn() };
}
