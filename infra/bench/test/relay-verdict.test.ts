import { expect, test } from "vitest";
import type { Share } from "../src/relay/redis-commands.ts";
import type { Result } from "../src/relay/report.ts";
import type { Round } from "../src/relay/round-figures.ts";
import { missesOf } from "../src/relay/verdict.ts";

const phase = { relaysPerCpuSecond: 1000, relaysPerSecond: 1000, p50: 1, p99: 10 };
const exactly = (likely: number): Share => ({ likely, least: likely, most: likely });
const once = {
  evalsha: exactly(1),
  time: exactly(1),
  hmget: exactly(1),
  hset: exactly(1.01),
  xadd: exactly(1),
  spublish: exactly(0.99),
};

function roundWith({ perCpuSecond = 1000, p99 = 10, residentBytes = 1000, commands = {} }): Round {
  return {
    full: { ...phase, relaysPerCpuSecond: perCpuSecond, p99 },
    paced: phase,
    alone: phase,
    commands,
    perIdleConnection: { residentBytes, heapBytes: 1000 },
    redisCpuMicrosecondsPerRelay: 1,
    clientCores: 0,
    foreignCores: 0,
  };
}
const resultOf = (system: string, rounds: readonly Round[]): Result => ({
  system,
  title: system,
  rounds,
  failures: [],
});
const reference = resultOf("sharded", [roundWith({}), roundWith({}), roundWith({})]);
const misses = (...rounds: Parameters<typeof roundWith>[0][]) =>
  missesOf(
    resultOf(
      "switchyard",
      rounds.map((one) => roundWith({ perCpuSecond: 1300, commands: once, ...one })),
    ),
    reference,
  );

test("nothing is missed where everything is as it is wanted", () => {
  expect(misses({}, {}, {})).toEqual([]);
});

test("a ratio that no round meets is missed", () => {
  expect(misses({ p99: 11 }, { p99: 12 }, { p99: 13 })).toEqual([
    "p99: 1.20 times sharded (1.10, 1.20, 1.30), wanted at most 1",
  ]);
  expect(misses({ perCpuSecond: 1100 }, { perCpuSecond: 1190 }, { perCpuSecond: 1000 })).toEqual([
    "relaysPerCpuSecond: 1.10 times sharded (1.10, 1.19, 1.00), wanted at least 1.2",
  ]);
  expect(misses({ residentBytes: 1001 })).toEqual([expect.stringContaining("idleKib")]);
});

test("one that differs from round to round is not", () => {
  expect(misses({ p99: 9 }, { p99: 12 }, { p99: 13 })).toEqual([]);
});

test("whatever else Redis is asked for a relay is missed, and so is what it is asked twice, or not at all", () => {
  expect(misses({}, { commands: { ...once, hgetall: exactly(1) } })).toEqual([
    "Redis commands: a relay is not to need hgetall",
  ]);
  expect(misses({ commands: { ...once, evalsha: exactly(2) } })).toEqual([
    "Redis commands: evalsha 2.00 times for a relay, wanted once",
  ]);
  const { xadd: _, ...notKept } = once;
  expect(misses({ commands: notKept })).toEqual(["Redis commands: xadd 0.00 times for a relay, wanted once"]);
});

test("what may as well be of something else is not", () => {
  const wide = { likely: 1.1, least: 0.99, most: 1.2 };
  expect(misses({ commands: { ...once, evalsha: wide, hgetall: { ...wide, least: 0.01 } } })).toEqual([]);
});

test("what can't be known is missed", () => {
  expect(misses({ commands: { ...once, evalsha: exactly(Number.NaN) } })).toEqual([
    "Redis commands: evalsha - times for a relay, wanted once",
  ]);
});

test("nothing measured is nothing met", () => {
  expect(misses()).not.toEqual([]);
});
