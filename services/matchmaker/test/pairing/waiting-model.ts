import type { QueuedTicket } from "@switchyard/store";
import * as fc from "fast-check";
import { expect } from "vitest";
import { haveMet, mayMeet } from "../../src/pool/compatibility.ts";
import type { WaitingPool } from "../../src/pool/waiting-pool.ts";

export const WIDEN_MS = 100;
const ANNOUNCE_AFTER_MS = 25;
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
  cohort: fc.constantFrom(undefined, undefined, "minors"),
});
type Preferences = typeof ticket extends fc.Arbitrary<infer T> ? T : never;

type Step =
  | {
      readonly do: "put";
      readonly session: number;
      readonly preferences: Preferences;
      readonly older: boolean;
      readonly connected: boolean;
    }
  | { readonly do: "restamp"; readonly session: number; readonly connected: boolean }
  | { readonly do: "drop" | "settle" | "review"; readonly session: number; readonly isLate: boolean }
  | { readonly do: "shadow"; readonly user: string; readonly isIn: boolean }
  | { readonly do: "wait"; readonly ms: number };

const session = fc.nat(15);
/** Something that happens to a pool. */
export const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("put" as const),
      session,
      preferences: ticket,
      older: fc.boolean(),
      connected: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("restamp" as const), session, connected: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("drop" as const), session, isLate: fc.constant(false) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom("settle" as const, "review" as const),
      session,
      isLate: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("shadow" as const), user: fc.constantFrom(...users), isIn: fc.boolean() }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("wait" as const), ms: fc.nat(120) }) },
);

/** The same without any index: all that wait, and those held because they are being paired. */
export class Model {
  readonly waiting = new Map<string, QueuedTicket>();
  readonly held = new Map<string, QueuedTicket>();
  /** The tickets that were held some time: changes to them are learnt late. */
  readonly past: QueuedTicket[] = [];
  readonly shadowed = new Set<string>();
  /** The tickets whose owners were notified that they wait. */
  readonly #announced = new Set<string>();
  now = 1000;
  sequence = 100;
  #stamps = 0;

  get free(): QueuedTicket[] {
    return [...this.waiting.values()].filter(({ session: id, stamp }) => stamp.connected && !this.held.has(id));
  }

  mayMeet(one: QueuedTicket, two: QueuedTicket): boolean {
    const isApart = this.shadowed.has(one.ticket.user) !== this.shadowed.has(two.ticket.user);
    return !isApart && mayMeet(one, two, this.now, WIDEN_MS);
  }

  /** Whether any two of those who can be found may meet now. */
  get unpaired(): [QueuedTicket, QueuedTicket] | undefined {
    for (const one of this.free) {
      for (const two of this.free) if (one !== two && this.mayMeet(one, two)) return [one, two];
    }
    return undefined;
  }

  isAnnounced({ session: id, stamp }: QueuedTicket): boolean {
    return this.#announced.has(`${id} ${stamp.number}`);
  }

  /** Takes those who are to be notified that they wait: all who can be found, and have waited for a moment, each once. */
  announceAll(pool: WaitingPool): void {
    const due = this.free.filter(
      (queued) => !this.isAnnounced(queued) && queued.ticket.since + ANNOUNCE_AFTER_MS <= this.now,
    );
    const inOrder = (queued: readonly QueuedTicket[]) => queued.toSorted((a, b) => a.stamp.number - b.stamp.number);
    expect(inOrder(pool.takeUnannounced(this.now))).toEqual(inOrder(due));
    for (const { session: id, stamp } of due) this.#announced.add(`${id} ${stamp.number}`);
  }

  /** The one who is notified that it waits, if only one is, is the one who was before; else the first in the queue. */
  expectOrder([one, two]: readonly [QueuedTicket, QueuedTicket]): void {
    if (this.isAnnounced(one) === this.isAnnounced(two)) expect(one.sequence).toBeLessThan(two.sequence);
    else expect(this.isAnnounced(one)).toBe(true);
  }

  /** Neither of two who met lately could have met anybody else. */
  expectNobodyElse(pair: readonly [QueuedTicket, QueuedTicket]): void {
    const others = this.free.filter(({ session: id }) => pair.every((one) => one.session !== id));
    const fresh = (one: QueuedTicket) => others.filter((other) => this.mayMeet(one, other) && !haveMet(one, other));
    expect(pair.flatMap(fresh)).toEqual([]);
  }

  apply(pool: WaitingPool, action: Step): void {
    if (action.do === "wait") this.now += action.ms;
    else if (action.do === "shadow") this.#shadow(pool, action.user, action.isIn);
    else this.#change(pool, `session ${action.session}`, action);
  }

  #shadow(pool: WaitingPool, user: string, isIn: boolean): void {
    if (isIn) this.shadowed.add(user);
    else this.shadowed.delete(user);
    const subjects = [`here:user:${user}`];
    pool.applyShadows({ isWhole: false, put: isIn ? subjects : [], dropped: isIn ? [] : subjects });
  }

  #change(pool: WaitingPool, id: string, action: Exclude<Step, { do: "wait" | "shadow" }>): void {
    const known = this.waiting.get(id);
    if (action.do === "put") {
      const stamp = { number: this.#nextStamp(), epoch: 1, connected: action.connected };
      const sequence = known?.sequence ?? (action.older ? 100 - this.sequence : this.sequence);
      this.sequence += 1;
      const queued = { session: id, sequence, stamp, ticket: { ...action.preferences, since: this.now } };
      this.waiting.set(id, queued);
      pool.put(queued);
    } else if (action.do === "restamp") {
      const stamp = { number: known?.stamp.number ?? 1, epoch: this.#nextStamp(), connected: action.connected };
      expect(pool.restamp(id, stamp)).toBe(known !== undefined);
      if (known) this.waiting.set(id, { ...known, stamp });
    } else if (action.do === "review") this.#review(pool, id, action.isLate);
    else {
      if (action.do === "settle" && !this.held.has(id)) return;
      this.waiting.delete(id);
      this.held.delete(id);
      pool.drop(id);
    }
  }

  /** Late: it is read before the last change, and what was read is answered after that. */
  #review(pool: WaitingPool, id: string, isLate: boolean): void {
    for (const queued of this.past.filter(({ session: of }) => of === id)) {
      const now = this.waiting.get(id);
      const hasChanged = now?.stamp.number !== queued.stamp.number || now.stamp.epoch !== queued.stamp.epoch;
      if (hasChanged && this.held.get(id) !== queued) pool.review(queued, isLate ? queued : undefined);
      if (this.held.get(id) !== queued) continue;
      this.held.delete(id);
      pool.review(queued, hasChanged && isLate ? undefined : now);
    }
  }

  #nextStamp(): number {
    this.#stamps += 1;
    return this.#stamps;
  }

  /** Takes pairs until there is none; each has to be one that may meet, and none may be left. */
  pairAll(pool: WaitingPool, atMost: number): void {
    for (let taken = 0; taken < atMost; taken += 1) {
      const pair = pool.next(this.now);
      if (!pair) {
        expect(this.unpaired).toBeUndefined();
        return this.announceAll(pool);
      }
      for (const { session: id, ...rest } of pair) {
        expect(this.held.has(id)).toBe(false);
        expect({ session: id, ...rest }).toEqual(this.waiting.get(id));
        expect(rest.stamp.connected).toBe(true);
      }
      const [one, two] = pair;
      expect(this.mayMeet(one, two)).toBe(true);
      this.expectOrder(pair);
      if (haveMet(one, two)) this.expectNobodyElse(pair);
      for (const queued of pair) {
        this.held.set(queued.session, queued);
        this.past.push(queued);
      }
    }
  }
}
