import { describe, expect, test } from "vitest";
import { missesOf, report, WANTED } from "../src/abuse/figures.ts";
import type { Cost } from "../src/abuse/measure.ts";

const latency = { count: 100, p50: 2, p99: 9, max: 20 };
const honest = { sent: 100, received: 100, latency, newcomers: 5, faults: [] };
const good: Cost = {
  redisGrowthBytes: 1_000_000,
  redisLeftBytes: 10_000,
  nodeCores: 0.2,
  redisCores: 0.1,
  redisCommandsPerSecond: 300,
  chargedBytes: { events: 1000 },
  longestTurnMs: 5,
  before: honest,
  during: honest,
};

test("an address that costs no more than its share misses nothing", () => {
  expect(missesOf(good)).toEqual([]);
  expect(report(good)).toContain("100 of 100");
});

describe("is missed", () => {
  test.each<[string, Partial<Cost>]>([
    ["Redis grew by 20.1 MB", { redisGrowthBytes: WANTED.redisGrowthBytes + 100_000 }],
    ["2.1 MB were left in Redis", { redisLeftBytes: WANTED.redisLeftBytes + 100_000 }],
    ["the nodes used 0.50 cores for it", { nodeCores: WANTED.nodeCores }],
    ["1 relays of honest clients did not arrive", { during: { ...honest, received: 99 } }],
    ["honest clients saw disconnected; left", { during: { ...honest, faults: ["disconnected", "left"] } }],
    ["an honest relay took 101 ms", { during: { ...honest, latency: { ...latency, max: 101 } } }],
  ])("%s", (miss, different) => {
    expect(missesOf({ ...good, ...different })).toEqual([miss]);
  });
});
