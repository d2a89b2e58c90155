import { expect, test } from "vitest";
import { Announcer, intervalOfLists } from "../src/announcer.ts";

/** The budget of all lists together, in bytes a second. */
const BUDGET = 4_000_000;

test("lists come at most once a second, and as rarely as their budget asks for", () => {
  expect(intervalOfLists(0, 0)).toBe(1000);
  expect(intervalOfLists(100, 10)).toBe(1000);
  for (const [bytes, receivers] of [
    [50_000, 500],
    [50_000, 5000],
    [20_000, 10_000],
  ] as const) {
    const seconds = intervalOfLists(bytes, receivers) / 1000;
    expect((bytes * receivers) / seconds).toBeCloseTo(BUDGET, -4);
  }
});

test("a change while something is announced is announced after it, however many changes there were", async () => {
  const turns: PromiseWithResolvers<number>[] = [];
  const begun = (count: number) => expect.poll(() => turns.length).toBe(count);
  const announcer = new Announcer(
    () => {
      const turn = Promise.withResolvers<number>();
      turns.push(turn);
      return turn.promise;
    },
    () => {},
  );
  announcer.changed();
  await begun(1);
  for (let i = 0; i < 10; i += 1) announcer.changed();
  turns[0]?.resolve(0);
  await begun(2);
  turns[1]?.resolve(0);
  announcer.stop();
  expect(turns).toHaveLength(2);
});
