import { beforeAll, expect, test } from "vitest";
import { faultsOf, needRedisServer, startBenchmark } from "./benchmark.ts";

beforeAll(needRedisServer);

async function run(...flags: readonly string[]) {
  const outcome = await startBenchmark("match", [...flags, "--json"]).ended;
  expect(faultsOf(outcome), outcome.lines.join("\n")).toEqual([]);
  return JSON.parse(outcome.lines.at(-1) ?? "").results;
}

test("bench:match brings clients together, takes a queue apart, and lets people join at a rate", async () => {
  const flags = ["--pairs", "5", "--tickets", "2000", "--rate", "50", "--seconds", "2"];
  const { unloaded, throughput, steady } = await run("--phases", "unloaded,throughput,steady", ...flags);
  expect(unloaded.count).toBe(5);
  expect(throughput).toMatchObject({ tickets: 2000, verdict: { paired: 2000 } });
  expect(steady.unmatched).toBe(0);
});

test("it loses nobody while it kills matchmakers and people leave", async () => {
  const { chaos } = await run("--phases", "chaos", "--crowd", "4000");
  expect(chaos).toMatchObject({ tickets: 4000, verdict: { paired: 4000 } });
});
