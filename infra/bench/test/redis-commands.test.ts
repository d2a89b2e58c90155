import { describe, expect, test } from "vitest";
import { commandsPerRelay, type RedisWork } from "../src/relay/redis-commands.ts";
import { missesOf } from "../src/relay/verdict.ts";

/** What a relay asks of Redis. */
const relay = { evalsha: 1, time: 1, hmget: 1, hset: 1, xadd: 1, spublish: 1 };
/** What two nodes and a matchmaker ask of it in a second, as it was measured. */
const beside = { exists: 43, evalsha: 19, get: 11, set: 11, zrangebyscore: 15, hmget: 8, hset: 4, time: 3, ping: 8 };
type Counts = Readonly<Record<string, number>>;

interface Conditions {
  readonly relays: number;
  /** How many seconds of the work beside are done in each slice. */
  readonly slices: readonly number[];
  /** For how many seconds the machine stands still in the first one. */
  readonly pause?: number;
  readonly perRelay?: Counts;
}

const SLICE_S = 1.5;

function worksOf({ relays, slices, pause = 0, perRelay = relay }: Conditions): RedisWork[] {
  return slices.map((secondsBeside, index) => {
    const each = relays / slices.length;
    const calls = new Map<string, number>();
    const add = (counts: Counts, times: number) => {
      for (const [name, count] of Object.entries(counts)) calls.set(name, (calls.get(name) ?? 0) + count * times);
    };
    add(perRelay, each);
    add(beside, secondsBeside);
    return { calls, relays: each, seconds: SLICE_S + (index === 0 ? pause : 0) };
  });
}

/** What a round finds wrong with the commands of which Redis was asked. */
function wrongWith(full: Conditions, trickle: Conditions): string[] {
  const commands = commandsPerRelay(worksOf(full), worksOf(trickle));
  const phase = { relaysPerCpuSecond: 1, relaysPerSecond: 1, p50: 1, p99: 1 };
  const round = {
    full: phase,
    paced: phase,
    alone: phase,
    commands,
    perIdleConnection: { residentBytes: 1, heapBytes: 1 },
    redisCpuMicrosecondsPerRelay: 1,
    clientCores: 0,
    foreignCores: 0,
  };
  const result = { system: "switchyard", title: "Switchyard", rounds: [round], failures: [] };
  return missesOf(result, result).filter((miss) => miss.startsWith("Redis commands"));
}

const usual = SLICE_S;
const full = { relays: 6000, slices: [usual, usual, usual, usual, usual, usual] };
const trickle = { relays: 180, slices: [usual, usual, usual] };

test("what goes on beside the relays is left out, to the last command", () => {
  const commands = commandsPerRelay(worksOf(full), worksOf(trickle));
  for (const name of new Set([...Object.keys(relay), ...Object.keys(beside)])) {
    expect(commands[name]?.likely, name).toBeCloseTo(name in relay ? 1 : 0);
  }
});

describe("nothing is wrong with a relay", () => {
  test.each([1, 2])("whose sweeps fall %d times into each slice", (sweeps) => {
    expect(wrongWith({ ...full, slices: full.slices.map(() => sweeps) }, trickle)).toEqual([]);
    expect(wrongWith(full, { ...trickle, slices: trickle.slices.map(() => sweeps) })).toEqual([]);
  });

  test("on a machine so slow that more is done beside the relays than for them", () => {
    expect(wrongWith({ ...full, relays: 600 }, trickle)).toEqual([]);
  });

  test("on one that stands still for five seconds, and does nothing then", () => {
    expect(wrongWith({ ...full, pause: 5 }, trickle)).toEqual([]);
    expect(wrongWith(full, { ...trickle, pause: 5 })).toEqual([]);
    expect(wrongWith({ ...full, slices: [0, 1, 2, 1, 2, 1], pause: 5 }, trickle)).toEqual([]);
  });
});

describe("it is seen that a relay", () => {
  test.each([1, 0.1])("needs a read, in a share of %d", (hgetall) => {
    const perRelay = { ...relay, hgetall };
    expect(wrongWith({ ...full, perRelay }, { ...trickle, perRelay })).toEqual([
      "Redis commands: a relay is not to need hgetall",
    ]);
  });

  test("needs a read that is also done beside it", () => {
    const perRelay = { ...relay, get: 1 };
    expect(wrongWith({ ...full, perRelay }, { ...trickle, perRelay })).toEqual([
      "Redis commands: a relay is not to need get",
    ]);
  });

  test("runs its script twice", () => {
    const perRelay = { ...relay, evalsha: 2 };
    expect(wrongWith({ ...full, perRelay }, { ...trickle, perRelay })).toEqual([
      "Redis commands: evalsha 2.00 times for a relay, wanted once",
    ]);
  });

  test("is not kept", () => {
    const perRelay = { ...relay, xadd: 0 };
    expect(wrongWith({ ...full, perRelay }, { ...trickle, perRelay })).toEqual([
      "Redis commands: xadd 0.00 times for a relay, wanted once",
    ]);
  });
});

test("where full load brought no more relays than the trickle nothing can be known", () => {
  expect(commandsPerRelay(worksOf({ ...full, relays: 300 }), worksOf(trickle))["evalsha"]?.least).toBeNaN();
  expect(wrongWith({ ...full, relays: 300 }, trickle)).not.toEqual([]);
});
