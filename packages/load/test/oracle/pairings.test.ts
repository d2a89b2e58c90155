import { beforeEach, expect, test } from "vitest";
import type { Pairings } from "../../src/oracle/pairings.ts";
import type { Watch } from "../../src/oracle/watch.ts";
import { foundBy, PATIENCE_MS, type TestParty, watchOf } from "./parties.ts";

let watch: Watch;
let queue: Pairings;
let users: (index: number) => TestParty;
beforeEach(() => {
  ({ watch, party: users } = watchOf(5));
  queue = watch.queue("chat");
});

/** Those two are told of the same room. */
function pair(at: number, room: string, one: TestParty, two: TestParty): void {
  const conversation = watch.inRoom(room, false);
  for (const user of [one, two]) if (!conversation.has(user)) conversation.enter(user);
  for (const [user, other] of [
    [one, two],
    [two, one],
  ] as const) {
    conversation.seated(at, user);
    queue.paired(at, user, conversation, other);
  }
}

test("pairs that follow each other are right", () => {
  for (const index of [0, 1, 2]) queue.waits(0, users(index));
  pair(10, "a", users(0), users(1));
  for (const user of [users(0), users(1)]) queue.leaves(user);
  pair(20, "b", users(0), users(2));
  watch.look(PATIENCE_MS * 3);
  expect(foundBy(watch)).toEqual([]);
});

test("a second room without an end of the first one is found, and so is a third one in a pair", () => {
  pair(10, "a", users(0), users(1));
  const other = watch.inRoom("b", false);
  for (const index of [0, 2]) other.enter(users(index));
  queue.paired(20, users(0), other, users(2));
  queue.paired(30, users(3), other, users(0));
  expect(watch.violations.described.map(({ kind, finding }) => [kind, finding])).toEqual([
    ["two-rooms", "user 0 was seated in b while it is in a"],
    ["two-rooms", "user 3 was seated in b, which is the room of two others"],
  ]);
});

test("two who fit and wait for too long are found, once in that time", () => {
  queue.waits(0, users(0));
  queue.waits(100, users(1));
  watch.look(PATIENCE_MS + 100);
  expect(foundBy(watch)).toEqual([]);
  watch.look(PATIENCE_MS + 101);
  watch.look(PATIENCE_MS + 1101);
  expect(watch.violations.described).toMatchObject([
    {
      kind: "unpaired",
      finding: `user 0 for ${PATIENCE_MS + 101} ms and user 1 for ${PATIENCE_MS + 1} ms wait in the same queue`,
    },
  ]);
});

test("one alone, one that is away and one that has come back lately do not wait for too long", () => {
  for (const index of [0, 1, 2]) queue.waits(0, users(index));
  queue.waitsNoLonger(users(1));
  queue.waits(PATIENCE_MS, users(2));
  watch.look(PATIENCE_MS * 1.5);
  expect(foundBy(watch)).toEqual([]);
});

test("one of a pair that never hears of it is found, unless it is away or has left", () => {
  const half = (room: string, one: TestParty, two: TestParty) => {
    const conversation = watch.inRoom(room, false);
    for (const user of [one, two]) conversation.enter(user);
    conversation.seated(10, one);
    queue.paired(10, one, conversation, two);
    return conversation;
  };
  half("a", users(0), users(1));
  half("b", users(2), users(3)).leaves(20, users(3), true);
  watch.look(PATIENCE_MS + 11);
  expect(watch.violations.described.map(({ finding }) => finding)).toEqual([
    "user 1 never received a, and the other one did",
  ]);
});
