import * as fc from "fast-check";
import { expect, test } from "vitest";
import { WaitingPool } from "../../src/pool/waiting-pool.ts";
import { Model, step, WIDEN_MS } from "./waiting-model.ts";

test("as long as two may meet, a pair is found; only those who may meet are paired; nobody twice at a time", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(step, fc.nat(3)), { maxLength: 60, size: "max" }), (steps) => {
      const [model, pool] = [new Model(), new WaitingPool(WIDEN_MS)];
      for (const [action, atMost] of steps) {
        model.apply(pool, action);
        expect(pool.size).toBe(model.waiting.size);
        if (atMost > 0) model.pairAll(pool, atMost === 3 ? Number.POSITIVE_INFINITY : atMost);
      }
      model.pairAll(pool, Number.POSITIVE_INFINITY);
    }),
    { numRuns: 600 },
  );
});

test("it says when to look again: nobody is left over for longer than that", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40, size: "max" }), (steps) => {
      const [model, pool] = [new Model(), new WaitingPool(WIDEN_MS)];
      for (const action of steps) model.apply(pool, action);
      model.pairAll(pool, Number.POSITIVE_INFINITY);
      for (let at = pool.nextChange; at !== undefined; at = pool.nextChange) {
        expect(at).toBeGreaterThan(model.now);
        for (model.now += 1; model.now < at; model.now += 7) expect(model.unpaired).toBeUndefined();
        model.now = at;
        model.pairAll(pool, Number.POSITIVE_INFINITY);
      }
      model.now += 100 * WIDEN_MS;
      expect(model.unpaired).toBeUndefined();
    }),
    { numRuns: 200 },
  );
});

test("without preferences it is first come, first served, whoever comes back to an old place", () => {
  const plain = { interests: [], language: undefined, region: undefined, avoid: [], blocked: [], recent: [] };
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(1000), { maxLength: 60, size: "max" }), fc.nat(5), (sequences, at) => {
      const pool = new WaitingPool(WIDEN_MS);
      const queued = sequences.map((sequence, i) => ({
        session: `s${i}`,
        sequence,
        stamp: { number: 1, epoch: 1, connected: true },
        ticket: { ...plain, user: `u${i}`, since: at },
      }));
      for (const one of queued) pool.put(one);
      const order: number[] = [];
      for (let pair = pool.next(at); pair; pair = pool.next(at)) order.push(...pair.map(({ sequence }) => sequence));
      const sorted = [...sequences].sort((one, two) => one - two);
      expect(order).toEqual(sorted.slice(0, sorted.length - (sorted.length % 2)));
    }),
  );
});

test("recent partners meet again only if nobody else is there, for either of them", () => {
  const plain = { interests: [], language: undefined, region: undefined, avoid: [], blocked: [], recent: [] };
  const people = [
    { user: "ann", recent: ["bob"], blocked: ["cem"] },
    { user: "bob", recent: ["ann"] },
    { user: "cem", recent: [] },
    { user: "dan", recent: ["ann"] },
  ].map((one, sequence) => ({
    session: one.user,
    sequence,
    stamp: { number: 1, epoch: 1, connected: true },
    ticket: { ...plain, ...one, since: 0 },
  }));
  const pool = new WaitingPool(WIDEN_MS);
  for (const one of people) pool.put(one);
  const pairs = [pool.next(3 * WIDEN_MS), pool.next(3 * WIDEN_MS), pool.next(3 * WIDEN_MS)];
  expect(pairs.map((pair) => pair?.map(({ session: id }) => id))).toEqual([["bob", "cem"], ["ann", "dan"], undefined]);
});
