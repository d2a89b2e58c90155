import { startCluster, type TestCluster } from "@switchyard/testkit";
import { beforeAll, describe, expect, test } from "vitest";
import { LoadReport, readScenario, runLoad, textOf, textOfScenario } from "../src/index.ts";

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster();
  return cluster.stop;
});

/** Runs a scenario until its progress reads like that. */
async function runUntil(line: RegExp, text: string, arrival: { readonly users: number } | { readonly rate: number }) {
  const urls = cluster.nodes.map(({ url }) => url);
  const scenario = readScenario(text, { targets: urls, ramp: "1s", duration: "1h", ...arrival });
  const interruption = new AbortController();
  const progress = (one: string) => {
    if (line.test(one)) interruption.abort();
  };
  return runLoad({ ...scenario, thresholds: [] }, { progress, signal: interruption.signal });
}

describe("against a cluster that does nothing wrong", () => {
  test.each([
    ["random", { users: 24 }],
    ["mix", { rate: 10 }],
  ] as const)("%s: everything is measured, and nothing found", async (name, arrival) => {
    const report = await runUntil(/ [1-9]\d* received\/s/, textOfScenario(name), arrival);
    expect(report.described, textOf(report)).toEqual([]);
    expect([report.verdict, report.exitCode]).toEqual(["ok", 0]);
    for (const kind of ["handshake", "join", "relay"] as const) expect(report.latencies[kind].count).toBeGreaterThan(0);
    expect(LoadReport.parse(JSON.parse(JSON.stringify(report)))).toEqual(report);
  });

  test("a run that is interrupted ends with the report so far", async () => {
    const report = await runUntil(/ 4 connected/, textOfScenario("idle"), { users: 4 });
    expect([report.verdict, report.counts.users]).toEqual(["ok", 4]);
  });

  test("a behaviour that is in the mix twice puts nobody into a call that is full", async () => {
    const twice = "mix: [{ behaviour: match, candidates: 1 }, { behaviour: match, candidates: 2 }]";
    const report = await runUntil(/ 12 connected, .* [1-9]\d* received\/s/, twice, { users: 12 });
    expect([report.errors, report.described], textOf(report)).toEqual([{}, []]);
  });
});
