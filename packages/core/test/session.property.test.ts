import { keys, readOutboxMessage } from "@switchyard/store";
import { openTestStore, type TestStore } from "@switchyard/testkit";
import * as fc from "fast-check";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { acts } from "./life/acts.ts";
import { KEPT, Life } from "./life/life.ts";

/** How long to look for a counterexample; more finds rarer ones. */
const LOOK_FOR_MS = Number(process.env["PROPERTY_SECONDS"] ?? 6) * 1000;
/** As many lives have to be led, however slow the machine is. */
const LEAST_RUNS = 30;

let stores: TestStore[];
let listener: TestStore["redis"];
beforeAll(async () => {
  stores = await Promise.all([0, 1, 2].map(() => openTestStore(inject("redisUrl"), KEPT)));
  listener = at(0).redis.duplicate();
});
afterAll(async () => {
  listener.disconnect();
  for (const { close } of stores) await close();
});

const at = (i: number) => stores[i % stores.length] as TestStore;

const move = fc.record({
  what: fc.oneof(...Object.entries(acts).map(([what, [weight]]) => ({ weight, arbitrary: fc.constant(what) }))),
  choice: fc.nat(9),
});

test(
  "numbers have no gap and no double, an overtaken epoch does nothing, and who recovers has all that was said, once",
  async () => {
    const until = performance.now() + LOOK_FOR_MS;
    let runs = 0;
    const property = fc.asyncProperty(
      fc.array(fc.array(move, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 20 }),
      async (rounds) => {
        if (performance.now() > until && runs >= LEAST_RUNS) return;
        await live(await Life.begin(at(0).store), rounds);
        runs += 1;
      },
    );
    await fc.assert(property, { numRuns: Math.max(LEAST_RUNS, LOOK_FOR_MS / 4) });
    expect(runs).toBeGreaterThanOrEqual(LEAST_RUNS);
  },
  LOOK_FOR_MS * 10 + 60_000,
);

type Rounds = readonly (readonly { what: string; choice: number }[])[];

async function live(life: Life, rounds: Rounds): Promise<void> {
  const channel = keys.outbox(life.session);
  const hear = (on: string, text: string) => {
    const { number, packet } = readOutboxMessage(text);
    if (on === channel && number > 0) life.published.push({ number, packet });
  };
  listener.on("smessage", hear);
  await listener.ssubscribe(channel);
  try {
    for (const round of rounds) {
      const begun = round.map(({ what, choice }, i) => {
        return acts[what]?.[1](life, at(i).store, choice);
      });
      for (const finish of await Promise.all(begun)) finish?.();
      await listener.ping(); // answered after what was published before it
      life.pump();
    }
    await expectWhole(life);
  } finally {
    listener.off("smessage", hear);
    await listener.sunsubscribe(channel);
    await at(0).redis.unlink(keys.session(life.session), channel);
  }
}

/** What was told is what was accepted; and the client has all of it, once it has come back for the last time. */
async function expectWhole(life: Life): Promise<void> {
  const count = (await at(0).store.sessions.read(life.session))?.number ?? 0;
  const numbers = Array.from({ length: count }, (_, i) => i + 1);
  expect(life.published.map(({ number }) => number)).toEqual(numbers);
  const said = life.published.map(({ packet }) => packet).filter((packet) => !life.evictions.has(packet));
  expect(said.sort()).toEqual([...life.accepted].sort());
  const kept = await at(0).redis.xrange(keys.outbox(life.session), "-", "+");
  expect(kept.length).toBeGreaterThanOrEqual(Math.min(count, KEPT));
  const restored = await at(0).store.sessions.resume(life.session, "secret", life.offset, "last");
  if (restored === "gap") expect(kept[0]?.[0]).not.toBe("0-1");
  else if (typeof restored === "string") expect([restored, life.over]).toEqual(["unknown", true]);
  else life.had.push(...restored.missed);
  if (typeof restored !== "string") expect(life.had).toHaveLength(count);
  expect(life.had).toEqual(life.published.slice(0, life.had.length));
}
