import { startCluster, type TestCluster } from "@switchyard/testkit";
import { build, type Histogram, HistogramLogReader } from "hdr-histogram-js";
import { beforeAll, describe, expect, test } from "vitest";
import { hlogOf, LoadReport, readScenario, runLoad, textOf, textOfScenario } from "../src/index.ts";

/** With these a machine that stands still for a while ends no node and no connection. */
const patient = { LEASE_MS: 60_000, PING_TIMEOUT_MS: 120_000 };

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ environment: patient });
  return cluster.stop;
});

/** Runs a scenario until its progress reads like that. */
async function runUntil(line: RegExp, text: string, arrival: object) {
  const urls = cluster.nodes.map(({ url }) => url);
  const timing = `arrival: ${JSON.stringify(arrival)}`;
  const scenario = readScenario(`${text.replace(/^arrival:.*$/m, "")}\n${timing}`, {
    targets: urls,
    ramp: "1s",
    duration: "1h",
  });
  const interruption = new AbortController();
  const progress = (one: string) => {
    if (line.test(one)) interruption.abort();
  };
  return runLoad({ ...scenario, thresholds: [] }, { progress, signal: interruption.signal });
}

/** Both nodes are known by their ids, to their clients and by their metrics. */
function expectFiguresOfNodes({ nodes, servers, unreadMetrics, counts, latencies }: LoadReport): void {
  expect(unreadMetrics).toEqual({});
  const ids = cluster.nodes.map(({ id }) => id).sort();
  expect(nodes.map(({ node }) => node)).toEqual(ids);
  const sum = (figure: (node: LoadReport["nodes"][number]) => number) =>
    nodes.reduce((total, node) => total + figure(node), 0);
  expect(sum(({ opened }) => opened)).toBe(latencies.handshake.count + counts.recovered + counts["not recovered"]);
  expect(sum(({ received }) => received)).toBe(counts.received);
  const measured = servers.filter(({ service }) => service === "signaling");
  expect(measured.map(({ node }) => node).sort()).toEqual(ids);
  for (const { samples } of measured) {
    expect(samples.length).toBeGreaterThan(1);
    expect(samples.at(-1)?.cpuSeconds).toBeGreaterThan(samples[0]?.cpuSeconds ?? 0);
    expect(samples.at(-1)?.redisCommands).toBeGreaterThan(samples[0]?.redisCommands ?? 0);
  }
}

/** Nothing is measured in two intervals or in none, and a tool for the log's format reads the same from it. */
function expectIntervalsToAddUp(report: LoadReport): void {
  const { intervals, counts, latencies } = report;
  for (const name of ["sent", "acknowledged", "received"] as const) {
    expect(intervals.reduce((sum, interval) => sum + (interval.counts[name] ?? 0), 0)).toBe(counts[name]);
  }
  const reader = new HistogramLogReader(hlogOf(report));
  const read = build();
  for (let next = reader.nextIntervalHistogram(); next; next = reader.nextIntervalHistogram()) {
    if ((next as Histogram).tag === "relay") read.add(next as Histogram);
  }
  expect(read.totalCount).toBe(latencies.relay.count);
  expect(read.getValueAtPercentile(99) / 1000).toBeCloseTo(latencies.relay.p99, 0);
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
    expectFiguresOfNodes(report);
    expectIntervalsToAddUp(report);
  });

  test("users who pause, call in groups or storm, by polling and a WebSocket", async () => {
    const others =
      "transport: upgrade\nmix: [{ behaviour: calls, size: 3 }, { behaviour: storm, stay: 200ms, pause: 100ms }, { behaviour: rooms }]";
    const report = await runUntil(/ [1-9]\d* received\/s/, others, { users: 12, pause: "200ms" });
    expect([report.errors, report.described], textOf(report)).toEqual([{}, []]);
    expect(report.counts.sent).toBe(report.counts.acknowledged + report.counts.refused + report.counts.unknown);
    expect(report.nodes.map(({ node }) => node)).toEqual(cluster.nodes.map(({ id }) => id).sort());
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
