import { beforeEach, describe, expect, test } from "vitest";
import type { Conversation } from "../../src/oracle/conversation.ts";
import type { Watch } from "../../src/oracle/watch.ts";
import { foundBy, GRACE_MS, PATIENCE_MS, type TestParty, watchOf } from "./parties.ts";

let watch: Watch;
let room: Conversation;
let one: TestParty;
let two: TestParty;
let third: TestParty;
beforeEach(() => {
  const { watch: own, party } = watchOf(3);
  watch = own;
  [one, two, third] = [party(0), party(1), party(2)];
  room = watch.inRoom("r", false);
  for (const user of [one, two]) {
    room.enter(user);
    room.seated(1, user);
  }
});

/** `one` sends it, and it is acknowledged. */
const say = (at: number, ...numbers: readonly number[]) => {
  for (const number of numbers) room.sent(at, one, number);
  for (const number of numbers) room.answered(at + 1, one, number, true);
};
const hear = (at: number, number: number) => room.received(at, two, one.index, number);

describe("a message", () => {
  test("that is lost: shown by its sending, its acknowledgement, and a later one that came", () => {
    say(10, 1, 2, 3);
    hear(20, 1);
    hear(30, 3);
    watch.settle(100);
    expect(watch.violations.described).toEqual([
      {
        kind: "lost",
        finding: "r: message 2 of user 0 to user 1 is lost",
        events: [
          "0.010 s: user 0 sends 2",
          "0.010 s: user 0 sends 3",
          "0.011 s: user 0 is answered: 2 was accepted",
          "0.011 s: user 0 is answered: 3 was accepted",
          "0.030 s: user 1 receives 3",
          "at the end: user 1 is there, and has not received 2",
        ],
      },
    ]);
  });

  test("that is acknowledged and never delivered, although its receiver was cut and came back", () => {
    say(10, 1);
    room.cut(12, two);
    room.back(900, two, 890, true);
    watch.settle(1000);
    expect(watch.violations.described).toMatchObject([
      {
        kind: "undelivered",
        events: [
          "0.010 s: user 0 sends 1",
          "0.011 s: user 0 is answered: 1 was accepted",
          "0.012 s: user 1 loses its connection",
          "0.900 s: user 1 is back, its session recovered",
          "at the end: user 1 is there, and has not received 1",
        ],
      },
    ]);
  });

  test("that is doubled, reordered, or for nobody here: found when it comes", () => {
    say(10, 1, 2);
    expect([hear(20, 2), hear(21, 1), hear(22, 1)]).toEqual([true, true, false]);
    expect(room.received(23, third, one.index, 1)).toBe(false);
    expect(foundBy(watch)).toEqual(["reordered", "doubled", "misdelivered"]);
    expect(watch.violations.described[1]?.events).toEqual([
      "0.010 s: user 0 sends 1",
      "0.011 s: user 0 is answered: 1 was accepted",
      "0.021 s: user 1 receives 1",
      "0.022 s: user 1 receives 1",
    ]);
  });

  test("is not owed to somebody who is away, nor to somebody whose session is lost", () => {
    say(10, 1);
    two.isConnected = false;
    watch.settle(20);
    two.isConnected = true;
    room.back(9000, two, GRACE_MS + 1, false);
    watch.settle(9010);
    expect(foundBy(watch)).toEqual([]);
  });

  test("of a sender itself is owed to it only where it has an echo", () => {
    const meeting = watch.inRoom("m", true);
    meeting.enter(one);
    meeting.sent(10, one, 1);
    meeting.answered(11, one, 1, true);
    expect(meeting.isQuiet).toBe(false);
    expect(meeting.received(12, one, one.index, 1)).toBe(true);
    expect([meeting.isQuiet, room.isQuiet]).toEqual([true, true]);
  });
});

describe("somebody who is said to be gone", () => {
  test("and is back within the grace: a violation, recovered or not", () => {
    for (const recovered of [true, false]) {
      const pair = watch.inRoom(`pair, ${recovered}`, false);
      for (const user of [one, two]) pair.enter(user);
      pair.cut(10, two);
      pair.reportedGone(500, two);
      pair.back(1000, two, 990, recovered);
    }
    expect(foundBy(watch)).toEqual(["departed", "departed"]);
  });

  test("and was back within the grace with a new session before it was said: a violation", () => {
    room.back(1000, two, 990, false);
    room.reportedGone(1500, two);
    expect(foundBy(watch)).toEqual(["departed"]);
  });

  test("and was connected all the time: a violation", () => {
    room.reportedGone(500, two);
    two.heardAt = 600;
    watch.settle(1000);
    expect(foundBy(watch)).toEqual(["departed"]);
  });

  test("and has asked to leave, or was away for longer: right", () => {
    room.leaves(10, one, true);
    room.reportedGone(20, one);
    room.cut(30, two);
    room.reportedGone(30 + GRACE_MS, two);
    room.back(9000, two, GRACE_MS + 500, false);
    watch.settle(9010);
    expect(foundBy(watch)).toEqual([]);
  });
});

test("a conversation that is over is settled once its messages have had their time", () => {
  say(10, 1);
  room.leaves(20, two, true);
  room.leaves(21, one, false);
  expect(room.isOver).toBe(true);
  watch.ends(21, room);
  watch.look(500);
  expect([watch.conversation(room.number), foundBy(watch)]).toEqual([room, []]);
  watch.look(20_000);
  expect([watch.conversation(room.number), foundBy(watch)]).toEqual([undefined, ["undelivered"]]);
});

test("a conversation that is entered again after everybody had left goes on, and ends when all have left again", () => {
  for (const user of [one, two]) room.back(20, user, GRACE_MS + 1, false);
  watch.ends(20, room);
  for (const user of [one, two]) room.enter(user);
  say(20_000, 1);
  watch.look(20_002);
  expect([watch.conversation(room.number), foundBy(watch)]).toEqual([room, []]);
  expect(hear(20_003, 1)).toBe(true);
  for (const user of [one, two]) room.leaves(20_010, user, true);
  watch.ends(20_010, room);
  watch.look(20_020);
  expect(watch.conversation(room.number)).toBe(room);
  watch.look(20_010 + PATIENCE_MS);
  expect(watch.conversation(room.number)).toBeUndefined();
});
