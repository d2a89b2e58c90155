import type { QueuedTicket } from "@switchyard/store";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { mayMeet } from "../src/compatibility.ts";
import { WaitingPool } from "../src/waiting-pool.ts";

const WIDEN_MS = 100;
const users = ["ann", "bob", "cem", "dan", "eve", "fay", "gil", "hal"];

const some = <T>(values: readonly T[]) => fc.subarray([...values], { maxLength: 2 });
const ticket = fc.record({
  user: fc.constantFrom(...users),
  interests: some(["go", "Go", "chess", "tennis"]),
  language: fc.option(fc.constantFrom("de", "fr"), { nil: undefined }),
  region: fc.option(fc.constantFrom("eu", "us"), { nil: undefined }),
  avoid: some(users),
  blocked: some(users),
  recent: some(users),
});
type Wish = typeof ticket extends fc.Arbitrary<infer T> ? T : never;

type Step =
  | {
      readonly do: "put";
      readonly session: number;
      readonly wish: Wish;
      readonly older: boolean;
      readonly connected: boolean;
    }
  | { readonly do: "restamp"; readonly session: number; readonly connected: boolean }
  | { readonly do: "drop" | "settle" | "release"; readonly session: number }
  | { readonly do: "wait"; readonly ms: number };

const session = fc.nat(15);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("put" as const),
      session,
      wish: ticket,
      older: fc.boolean(),
      connected: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("restamp" as const), session, connected: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("drop" as const), session }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom("settle" as const, "release" as const), session }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("wait" as const), ms: fc.nat(120) }) },
);

/** The same without any index: all that wait, and who is held because it is being paired. */
class Model {
  readonly waiting = new Map<string, QueuedTicket>();
  readonly held = new Set<string>();
  now = 1000;
  place = 100;

  get free(): QueuedTicket[] {
    return [...this.waiting.values()].filter(({ session: id, stamp }) => stamp.connected && !this.held.has(id));
  }

  /** Whether any two of those who can be found may meet now. */
  get unpaired(): [QueuedTicket, QueuedTicket] | undefined {
    for (const one of this.free) {
      for (const two of this.free) if (one !== two && mayMeet(one, two, this.now, WIDEN_MS)) return [one, two];
    }
    return undefined;
  }

  apply(pool: WaitingPool, action: Step): void {
    if (action.do === "wait") this.now += action.ms;
    else this.#change(pool, `session ${action.session}`, action);
  }

  #change(pool: WaitingPool, id: string, action: Exclude<Step, { do: "wait" }>): void {
    const known = this.waiting.get(id);
    if (action.do === "put") {
      const stamp = { number: (known?.stamp.number ?? 0) + 1, epoch: 1, connected: action.connected };
      const place = known?.place ?? (action.older ? 100 - this.place : this.place);
      this.place += 1;
      const queued = { session: id, place, stamp, ticket: { ...action.wish, since: this.now } };
      this.waiting.set(id, queued);
      pool.put(queued);
    } else if (action.do === "restamp") {
      const stamp = { number: known?.stamp.number ?? 1, epoch: 2, connected: action.connected };
      expect(pool.restamp(id, stamp)).toBe(known !== undefined);
      if (known) this.waiting.set(id, { ...known, stamp });
    } else if (action.do === "release") {
      if (!this.held.delete(id)) return;
      pool.release(id);
    } else {
      if (action.do === "settle" && !this.held.has(id)) return;
      this.waiting.delete(id);
      this.held.delete(id);
      pool.drop(id);
    }
  }

  /** Takes pairs until there is none; each has to be one that may meet, and none may be left. */
  pairAll(pool: WaitingPool, atMost: number): void {
    for (let taken = 0; taken < atMost; taken += 1) {
      const pair = pool.next(this.now);
      if (!pair) return expect(this.unpaired).toBeUndefined();
      for (const { session: id, ...rest } of pair) {
        expect(this.held.has(id)).toBe(false);
        expect({ session: id, ...rest }).toEqual(this.waiting.get(id));
        expect(rest.stamp.connected).toBe(true);
      }
      const [one, two] = pair;
      expect(mayMeet(one, two, this.now, WIDEN_MS)).toBe(true);
      expect(one.place).toBeLessThan(two.place);
      for (const { session: id } of pair) this.held.add(id);
    }
  }
}

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
    fc.property(fc.uniqueArray(fc.nat(1000), { maxLength: 60, size: "max" }), fc.nat(5), (places, at) => {
      const pool = new WaitingPool(WIDEN_MS);
      const queued = places.map((place, i) => ({
        session: `s${i}`,
        place,
        stamp: { number: 1, epoch: 1, connected: true },
        ticket: { ...plain, user: `u${i}`, since: at },
      }));
      for (const one of queued) pool.put(one);
      const order: number[] = [];
      for (let pair = pool.next(at); pair; pair = pool.next(at)) order.push(...pair.map(({ place }) => place));
      const sorted = [...places].sort((one, two) => one - two);
      expect(order).toEqual(sorted.slice(0, sorted.length - (sorted.length % 2)));
    }),
  );
});
