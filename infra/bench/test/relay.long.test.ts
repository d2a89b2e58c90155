import { execFileSync } from "node:child_process";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { beforeAll, expect, test } from "vitest";
import type { Result } from "../src/relay/report.ts";
import { faultsOf, needRedisServer, startBenchmark } from "./benchmark.ts";

const here = fileURLToPath(new URL("../../..", import.meta.url)).replace(/\/$/, "");
const small = ["--rounds", "1", "--seconds", "1", "--quiet", "1", "--pairs", "4", "--idle", "10", "--rate", "200"];

beforeAll(needRedisServer);

/** Why another commit can't be installed here, if it can't. */
function whyNoCommit(): string | undefined {
  try {
    execFileSync("git", ["-C", here, "rev-parse", "HEAD"], { stdio: "ignore" });
    execFileSync("pnpm", ["--version"], { cwd: tmpdir(), stdio: "ignore" });
    return undefined;
  } catch (error) {
    return `it needs a clone of the repository, git and pnpm: ${error}`;
  }
}

async function run(systems: string, ...flags: readonly string[]) {
  const outcome = await startBenchmark("relay", [...small, "--json", "--systems", systems, ...flags]).ended;
  expect(faultsOf(outcome), outcome.lines.join("\n")).toEqual([]);
  const { results } = JSON.parse(outcome.lines.at(-1) ?? "") as { results: readonly Result[] };
  const rounds = results.map(({ system, rounds }) => [system, rounds.length]);
  expect(rounds).toEqual(systems.split(",").map((system) => [system, 1]));
  return { ...outcome, results };
}

test("bench:relay --check finds a relay to need one script and nothing else of Redis, on any machine", async () => {
  const { lines, results } = await run("switchyard,sharded", "--check");
  expect(lines.filter((line) => line.startsWith("MISSED Redis"))).toEqual([]);
  const own = results.find(({ system }) => system === "switchyard");
  expect(own?.rounds[0]?.commands["evalsha"]?.likely).toBeCloseTo(1, 1);
});

test("it runs every baseline", async () => {
  await run("sharded-private,classic,ws", "--reference", "classic");
});

test("it compares with another checkout", async () => {
  const { lines } = await run(`switchyard,switchyard@${here}`, "--reference", `switchyard@${here}`);
  expect(lines).toContainEqual(expect.stringContaining(`ratio to switchyard@${here}`));
});

test("it runs another commit", async ({ skip }) => {
  const reason = whyNoCommit();
  if (reason !== undefined) skip(reason);
  await run("switchyard@HEAD", "--reference", "switchyard@HEAD");
});

test.each([
  [["--systems", "switchyard@nonsense"], /neither a checkout of Switchyard nor a commit/],
  [["--systems", "nonsense"], /there is no system "nonsense"/],
  [["--reference", "chat"], /"chat" is not among the systems/],
  [["--check", "--systems", "switchyard,ws"], /--check needs switchyard and sharded/],
])("what can't be run is said at once: %s", async (flags, message) => {
  const { code, lines, stderr } = await startBenchmark("relay", flags).ended;
  expect([code, lines]).toEqual([2, [""]]);
  expect(stderr).toMatch(message);
});
