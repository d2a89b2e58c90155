import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
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
  const { code, left } = await run(["matchmaker-off", "--front", "local"], "starting the cluster");
  expect(code).toBe(1);
  expect(left).toEqual([]);
});

/**
 * Runs the program to its end, and looks for what it has left behind.
 * @param until it is ended by a signal once it says this
 */
async function run(args: readonly string[], until?: string) {
  const child = spawn(process.execPath, ["--conditions=source", program, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      said += text;
      if (until !== undefined && said.includes(until)) child.kill("SIGTERM");
    });
  }
  const [code] = await once(child, "close");
  const left = (await namespaceNames()).filter((name) => runOf(name)?.pid === child.pid);
  return { said, code, left };
}
