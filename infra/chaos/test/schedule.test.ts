import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { shrink } from "../src/run/shrink.ts";
import { faultNames, victimOf } from "../src/schedule/fault.ts";
import { drawSchedule, lengthOf } from "../src/schedule/schedule.ts";

const plans = fc.record({
  seed: fc.nat(),
  durationMs: fc.integer({ min: 0, max: 120_000 }),
  everyMs: fc.integer({ min: 500, max: 60_000 }),
  kinds: fc.uniqueArray(fc.constantFrom(...faultNames), { minLength: 1 }),
  longestMs: fc.integer({ min: 1, max: 60_000 }),
});

describe("a schedule", () => {
  test("follows from its plan alone", () => {
    fc.assert(
      fc.property(plans, (plan) => {
        expect(drawSchedule({ ...plan })).toEqual(drawSchedule(plan));
      }),
    );
  });

  test("has faults of the kinds that were asked for, each over before the next one and before the end", () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const faults = drawSchedule(plan);
        for (const [index, { kind, atMs, lastsMs, victim }] of faults.entries()) {
          expect(plan.kinds).toContain(kind);
          expect(victim).toBeLessThan(1);
          expect(lastsMs).toBeLessThanOrEqual(Math.ceil(plan.longestMs));
          expect(atMs + lastsMs).toBeLessThan(faults[index + 1]?.atMs ?? plan.durationMs);
        }
        expect(lengthOf(faults, plan)).toBeLessThanOrEqual(Math.max(plan.everyMs, plan.durationMs));
      }),
    );
  });

  test("of a shorter run is the beginning of a longer one's", () => {
    fc.assert(
      fc.property(plans, fc.integer({ min: 0, max: 600_000 }), (plan, more) => {
        const short = drawSchedule(plan);
        const long = drawSchedule({ ...plan, durationMs: plan.durationMs + more });
        expect(long.slice(0, short.length)).toEqual(short);
      }),
    );
  });

  test("has other faults for another seed, and every kind sooner or later", () => {
    const plan = { durationMs: 3_600_000, everyMs: 10_000, kinds: faultNames, longestMs: 5000 };
    const [one, two] = [1, 2].map((seed) => drawSchedule({ ...plan, seed }));
    expect(one).not.toEqual(two);
    expect(new Set(one?.map(({ kind }) => kind))).toEqual(new Set(faultNames));
  });

  test("befalls each of those that are there, and nobody where nobody is", () => {
    const faults = drawSchedule({ seed: 1, durationMs: 600_000, everyMs: 1000, kinds: ["kill"], longestMs: 1 });
    const nodes = ["one", "two", "three"];
    expect(new Set(faults.map((fault) => victimOf(fault, nodes)))).toEqual(new Set(nodes));
    expect(faults.map((fault) => victimOf(fault, []))).toEqual(faults.map(() => undefined));
  });
});

describe("a run that fails is shrunk", () => {
  test("to the fewest faults with which it does, in as many runs as bisection needs", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(200), fc.nat(200), async (one, other) => {
        const [fewest = 0, length = 0] = [one, other].sort((a, b) => a - b);
        const runs: number[] = [];
        const found = await shrink(length, "all", async (prefix) => {
          runs.push(prefix);
          return prefix >= fewest ? `the first ${prefix}` : undefined;
        });
        expect(found).toEqual({ length: fewest, failure: fewest === length ? "all" : `the first ${fewest}` });
        expect(runs.length).toBeLessThanOrEqual(Math.ceil(Math.log2(length + 1)));
        expect(new Set(runs).size).toBe(runs.length);
      }),
    );
  });
});
