import { keys, readOutboxMessage } from "@switchyard/store";
import { openTestStore, type TestStore } from "@switchyard/testkit";
import * as fc from "fast-check";
import { expect } from "vitest";
import { acts } from "./acts.ts";
import { KEPT, Life } from "./life.ts";

const move = fc.record({
  what: fc.oneof(...Object.entries(acts).map(([what, [weight]]) => ({ weight, arbitrary: fc.constant(what) }))),
  choice: fc.nat(9),
});

/** What happens to a session: the moves of a round at the same time, one round after another. */
export const rounds = fc.array(fc.array(move, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 20 });
type Rounds = typeof rounds extends fc.Arbitrary<infer T> ? T : never;

/** Sessions on a Redis, one after another, whose moves come over connections that compete. */
export class Lives {
  readonly #stores: readonly TestStore[];
  readonly #listener: TestStore["redis"];

  private constructor(stores: readonly TestStore[]) {
    this.#stores = stores;
    this.#listener = this.#at(0).redis.duplicate();
  }

  static async open(redisUrl: string): Promise<Lives> {
    return new Lives(
      await Promise.all([0, 1, 2].map(() => openTestStore(redisUrl, { outbox: { events: KEPT, bytes: 1_048_576 } }))),
    );
  }

  /** Leads a session through its rounds, and lets its client come back for the last time. */
  readonly lead = async (rounds: Rounds): Promise<void> => {
    const life = await Life.begin(this.#at(0).store);
    const channel = keys.outbox(life.session);
    const hear = (on: string, text: string) => {
      const { number, packet } = readOutboxMessage(text);
      if (on === channel && number > 0) life.published.push({ number, packet });
    };
    this.#listener.on("smessage", hear);
    await this.#listener.ssubscribe(channel);
    try {
      for (const round of rounds) {
        const begun = round.map(({ what, choice }, i) => acts[what]?.[1](life, this.#at(i).store, choice));
        for (const finish of await Promise.all(begun)) finish?.();
        await this.#listener.ping(); // answered after what was published before it
        life.pump();
      }
      await this.#expectWhole(life);
    } finally {
      this.#listener.off("smessage", hear);
      await this.#listener.sunsubscribe(channel);
      await this.#at(0).redis.unlink(keys.session(life.session), channel);
    }
  };

  async close(): Promise<void> {
    this.#listener.disconnect();
    for (const { close } of this.#stores) await close();
  }

  #at(i: number): TestStore {
    return this.#stores[i % this.#stores.length] as TestStore;
  }

  /** What was told is what was accepted; and the client has all of it. */
  async #expectWhole(life: Life): Promise<void> {
    const { store, redis } = this.#at(0);
    const count = (await store.sessions.read(life.session))?.number ?? 0;
    const numbers = Array.from({ length: count }, (_, i) => i + 1);
    expect(life.published.map(({ number }) => number)).toEqual(numbers);
    const said = life.published.map(({ packet }) => packet).filter((packet) => !life.evictions.has(packet));
    expect(said.sort()).toEqual([...life.accepted].sort());
    const kept = await redis.xrange(keys.outbox(life.session), "-", "+");
    expect(kept.length).toBeGreaterThanOrEqual(Math.min(count, KEPT));
    const restored = await store.sessions.resume(life.session, "secret", life.offset, "last");
    if (restored === "gap") expect(kept[0]?.[0]).not.toBe("0-1");
    else if (typeof restored === "string") expect([restored, life.over]).toEqual(["unknown", true]);
    else life.had.push(...restored.missed);
    if (typeof restored !== "string") expect(life.had).toHaveLength(count);
    expect(life.had).toEqual(life.published.slice(0, life.had.length));
  }
}
