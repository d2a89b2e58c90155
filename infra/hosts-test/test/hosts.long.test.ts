import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { until } from "@switchyard/testkit";
import { expect, test } from "vitest";
import { namespaceNames } from "../src/network/namespaces.ts";
import { reasonAgainstHosts } from "../src/reasons.ts";
import { runOf, thisRun } from "../src/run.ts";

const CHECKS = 10;
/** They hold on a machine that has nothing else to do. */
const ofTimes = /new clients never wait more than|is gone within/;
const program = fileURLToPath(new URL("../src/main.ts", import.meta.url));
const reason = process.platform === "linux" ? await reasonAgainstHosts(thisRun()) : "Network namespaces are Linux's.";

test("a matchmaker's host loses its power, and nobody notices", { timeout: 600_000 }, async ({ skip }) => {
  if (reason !== undefined) skip(reason);
  const { said, left } = await run(["matchmaker-off", "--clients", "6", "--front", "local"]);
  const failed = said.match(/^FAILED: .*/gm) ?? [];
  expect(
    failed.filter((line) => !ofTimes.test(line)),
    said,
  ).toEqual([]);
  expect(said.match(/^(?:ok|FAILED): /gm)).toHaveLength(CHECKS);
  expect(left).toEqual([]);
});

test("a run that is ended leaves no namespace behind", { timeout: 600_000 }, async ({ skip }) => {
  if (reason !== undefined) skip(reason);
  const { code, left } = await run(["matchmaker-off", "--front", "local"], "SIGTERM");
  expect(code).toBe(1);
  expect(left).toEqual([]);
});

/**
 * Runs the program to its end, and looks for what it has left behind.
 * @param ending sent to it as soon as it has made hosts
 */
async function run(args: readonly string[], ending?: NodeJS.Signals) {
  const child = spawn(process.execPath, ["--conditions=source", program, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const closed = once(child, "close");
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
  }
  const itsOwn = async () => (await namespaceNames()).filter((name) => runOf(name)?.pid === child.pid);
  if (ending !== undefined) {
    await until("hosts to be made", async () => (await itsOwn()).some((name) => name.endsWith("signaling1")));
    child.kill(ending);
  }
  const [code] = await closed;
  return { said, code, left: await itsOwn() };
}
