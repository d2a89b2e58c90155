import { CoalescedTurns } from "@switchyard/core";
import { until } from "@switchyard/testkit";
import { expect, test } from "vitest";

/** Acts that are carried out when the test says so. */
function acts() {
  const begun: { readonly isLate: boolean; readonly end: () => void; readonly fail: () => void }[] = [];
  const act = (isLate: boolean) =>
    new Promise<number>((resolve, reject) => {
      begun.push({ isLate, end: () => resolve(0), fail: () => reject(new Error("it failed")) });
    });
  return { begun, act };
}

test("what is asked for during a turn is done once, after it, for all that asked", async () => {
  const turns = new CoalescedTurns();
  const { begun, act } = acts();
  const first = turns.run("room", act);
  const later = [turns.run("room", act), turns.run("room", act), turns.run("room", act)];
  expect(begun.map(({ isLate }) => isLate)).toEqual([false]);
  begun[0]?.end();
  await first;
  await until("the next turn", () => begun.length === 2);
  const last = turns.run("room", act);
  begun[1]?.end();
  await Promise.all(later);
  await until("the last turn", () => begun.length === 3);
  expect(begun.map(({ isLate }) => isLate)).toEqual([false, true, true]);
  begun[2]?.end();
  await last;
});

test("subjects don't wait for each other, and nothing waits where nothing goes on", async () => {
  const turns = new CoalescedTurns();
  const { begun, act } = acts();
  const both = [turns.run("one", act), turns.run("another", act)];
  expect(begun).toHaveLength(2);
  for (const { end } of begun) end();
  await Promise.all(both);
  for (let i = 0; i < 10; i += 1) await turns.run("one", async () => 0);
});

test("a turn that fails fails for those that asked for it, and the next one is done all the same", async () => {
  const turns = new CoalescedTurns();
  const { begun, act } = acts();
  const first = turns.run("room", act);
  const second = turns.run("room", act);
  begun[0]?.fail();
  await expect(first).rejects.toThrow("it failed");
  await until("the next turn", () => begun.length === 2);
  begun[1]?.end();
  await second;
});

test("between two turns it rests for as long as the first one asks for", async () => {
  const turns = new CoalescedTurns();
  const order: string[] = [];
  const rest = new Promise((done) => setTimeout(done, 30)).then(() => order.push("rested"));
  await turns.run("room", async () => 300);
  await Promise.all([rest, turns.run("room", async (isLate) => order.push(`late: ${isLate}`))]);
  expect(order).toEqual(["rested", "late: true"]);
});
