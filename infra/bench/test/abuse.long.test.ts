import { beforeAll, expect, test } from "vitest";
import { faultsOf, needRedisServer, startBenchmark } from "./benchmark.ts";

beforeAll(needRedisServer);

test("bench:abuse lets one address do its worst, and nobody honest loses anything", async () => {
  const flags = ["--honest", "10", "--seconds", "10", "--rest", "1", "--json"];
  const outcome = await startBenchmark("abuse", flags).ended;
  const { cost } = JSON.parse(outcome.lines.at(-1) ?? "{}");
  // without `--check` what is missed changes no exit code, and says nothing on a busy machine
  const lines = outcome.lines.filter((line) => !line.startsWith("MISSED"));
  expect(faultsOf({ ...outcome, lines }), outcome.lines.join("\n")).toEqual([]);
  expect(cost.during.faults).toEqual([]);
  expect(cost.during.received).toBe(cost.during.sent);
  expect(cost.during.newcomers).toBeGreaterThan(0);
  expect(cost.redisCommandsPerSecond).toBeGreaterThan(0);
});

test("it names the attacks that there are", async () => {
  const { code, lines } = await startBenchmark("abuse", ["--attacks", "rejoin,nonsense"]).ended;
  expect([code, lines.at(-1)]).toEqual([
    1,
    expect.stringContaining('there is no attack "nonsense"; there are: rejoin'),
  ]);
});
