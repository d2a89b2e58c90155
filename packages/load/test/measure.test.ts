import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { Counts } from "../src/measure/counts.ts";
import { Served } from "../src/measure/served.ts";
import { readMetrics, type Sample, Servers } from "../src/measure/servers.ts";
import { Timeline } from "../src/measure/timeline.ts";
import { ratesOf, redisRates, usageOf } from "../src/report/usage.ts";

const sample = (atMs: number, figures: Partial<Sample>): Sample => ({
  atMs,
  cpuSeconds: 0,
  memoryBytes: 0,
  eventLoopLagMs: 0,
  connections: null,
  redisCommands: null,
  allRedisCommands: null,
  ...figures,
});

describe("what nodes serve", () => {
  test("a latency is in the sum of its node, of its interval and of the run, once", () => {
    const served = new Served();
    served.opened("a");
    served.record("relay", 10, "a");
    served.sumUp();
    served.record("relay", 30, "b");
    served.sumUp();
    expect(served.interval.percentiles("relay")).toMatchObject({ count: 1, max: expect.closeTo(30, 0) });
    expect(served.all.percentiles("relay").count).toBe(2);
    expect(served.figures.map(({ node, opened, received }) => [node, opened, received])).toEqual([
      ["a", 1, 1],
      ["b", 0, 1],
    ]);
    served.sumUp();
    expect(served.interval.measured).toEqual({});
    expect(served.all.percentiles("relay").count).toBe(2);
  });

  test("an interval has what changed in it", () => {
    const [timeline, counts, served] = [new Timeline(), new Counts(), new Served()];
    counts.add("sent");
    timeline.add(1000, counts, served, 0);
    counts.add("sent");
    counts.fail("full");
    timeline.add(2500, counts, served, 3);
    expect(timeline.intervals).toMatchObject([
      { atMs: 0, lengthMs: 1000, counts: { sent: 1 }, errors: 0, violations: 0 },
      { atMs: 1000, lengthMs: 1500, counts: { sent: 1 }, errors: 1, violations: 3 },
    ]);
  });
});

describe("metrics of servers", () => {
  const text = [
    "# HELP process_cpu_seconds_total Total CPU time.",
    'process_cpu_seconds_total{service="signaling",node="n1"} 1.5',
    'process_resident_memory_bytes{service="signaling",node="n1"} 2e8',
    'switchyard_redis_seconds_count{command="a{b}",outcome="answered",service="signaling",node="n1"} 3',
    'switchyard_redis_seconds_count{command="c",outcome="failed",service="signaling",node="n1"} 4',
  ].join("\n");

  test("are summed up over their labels", () => {
    const { service, node, sums } = readMetrics(text);
    expect([service, node]).toEqual(["signaling", "n1"]);
    expect([sums.get("switchyard_redis_seconds_count"), sums.get("process_resident_memory_bytes")]).toEqual([7, 2e8]);
  });

  test("a target without metrics is no fault, a URL that was given is one", async () => {
    const server = createServer((request, response) => response.end(request.url === "/metrics" ? text : "nothing"));
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    onTestFinished(() => void server.close());
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const figuresOf = async (metrics: readonly string[] | undefined) => {
      const servers = new Servers(metrics, [url, "http://127.0.0.1:1"]);
      await servers.start();
      await servers.stop();
      return { read: servers.figures.map(({ node }) => node).slice(1), faults: Object.keys(servers.faults) };
    };
    expect(await figuresOf(undefined)).toEqual({ read: ["n1"], faults: [] });
    expect(await figuresOf([`${url}/other`])).toEqual({ read: [], faults: [`${url}/other`] });
  });

  test("CPU counts from the first sample, and a counter that begins anew has no negative rate", () => {
    const samples = [
      sample(0, { cpuSeconds: 5, redisCommands: 100 }),
      sample(5000, { cpuSeconds: 7.5, redisCommands: 600, memoryBytes: 9 }),
      sample(10_000, { cpuSeconds: 8, redisCommands: 50 }),
    ];
    expect(usageOf({ service: "signaling", node: "a", samples })).toMatchObject({
      cpuSeconds: 3,
      cores: 0.3,
      mostMemoryBytes: 9,
    });
    expect(ratesOf(samples, ({ redisCommands }) => redisCommands).map(({ value }) => value)).toEqual([100, 0]);
  });

  test("Redis's own count of commands goes before the sum over nodes", () => {
    const node = (name: string, commands: number) => ({
      service: "signaling",
      node: name,
      samples: [sample(0, { redisCommands: 0 }), sample(5000, { redisCommands: commands })],
    });
    const nodes = [node("a", 50), node("b", 25)];
    expect(redisRates(nodes)).toEqual([{ atMs: 5000, value: 15 }]);
    const samples = [sample(0, { allRedisCommands: 0 }), sample(5000, { allRedisCommands: 500 })];
    expect(redisRates([...nodes, { service: "matchmaker", node: "m", samples }])).toEqual([{ atMs: 5000, value: 100 }]);
  });
});
