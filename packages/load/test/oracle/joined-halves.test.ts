import { describe, expect, test } from "vitest";
import type { Half } from "../../src/oracle/half.ts";
import { JoinedHalves } from "../../src/oracle/joined-halves.ts";
import { Violations } from "../../src/oracle/violation.ts";

const PATIENCE_MS = 10_000;

/** Ann has sent 4 to 9, and Bob nothing; Bob has received all. */
const ann: Half = {
  room: "room",
  user: "ann",
  partner: "bob",
  conversation: 3,
  sent: { first: 4, last: 9, unaccepted: [] },
  received: undefined,
  ending: "stayed",
  heldMs: 20_000,
};
const bob: Half = {
  ...ann,
  user: "bob",
  partner: "ann",
  conversation: 8,
  sent: undefined,
  received: { conversation: 3, first: 4, last: 9, missing: [] },
};

/** What is found, once the workers of both have ended. */
function found(halves: readonly Half[], disturbed: readonly string[] = [], lost: readonly string[] = []) {
  const violations = new Violations();
  const joined = new JoinedHalves(violations, PATIENCE_MS);
  for (const half of halves) joined.add(half);
  joined.settle([{ has: (name) => !lost.includes(name), isUndisturbed: (name) => !disturbed.includes(name) }]);
  return violations.described.map(({ kind, finding }) => [kind, /message (\d+)/.exec(finding)?.[1]]);
}

const received = (part: Partial<NonNullable<Half["received"]>>) => ({
  ...bob,
  received: { conversation: 3, first: 4, last: 9, missing: [], ...part },
});

describe("the two sides of a conversation between users of two workers", () => {
  test("nothing is found where all that was accepted came, whichever side comes first", () => {
    expect(found([ann, bob])).toEqual([]);
    expect(found([bob, ann])).toEqual([]);
  });

  test.for([
    ["one between others", received({ missing: [6] }), [["lost", "6"]]],
    [
      "the first ones",
      received({ first: 6 }),
      [
        ["lost", "4"],
        ["lost", "5"],
      ],
    ],
    ["the last one", received({ last: 8 }), [["undelivered", "9"]]],
  ] as const)("%s is missing, and was accepted", ([, side, expected]) => {
    expect(found([ann, side])).toEqual(expected);
    expect(
      found([
        { ...side, ending: "gone" },
        { ...ann, ending: "left" },
      ]),
    ).toEqual(expected);
  });

  test("nothing is owed of what was refused, or has no answer", () => {
    const unsure = { ...ann, sent: { first: 4, last: 9, unaccepted: [6, 9] } };
    expect(found([unsure, received({ last: 8, missing: [6] })])).toEqual([]);
  });

  test("the last ones are not owed to a user that asked to leave, or lost its session", () => {
    for (const ending of ["left", "lost"] as const)
      expect(found([ann, { ...received({ last: 7 }), ending }])).toEqual([]);
    expect(found([ann, { ...received({ last: 7, missing: [5] }), ending: "left" }])).toEqual([["lost", "5"]]);
  });

  test("a message that was never sent, or belongs elsewhere, is misdelivered", () => {
    expect(found([ann, received({ last: 10 })])).toEqual([["misdelivered", "10"]]);
    expect(found([ann, received({ conversation: 2 })])).toEqual([["misdelivered", "9"]]);
    expect(found([{ ...ann, sent: undefined }, bob])).toEqual([["misdelivered", "9"]]);
  });

  test("a user that received its room alone is found, unless the other one may have been away", () => {
    expect(found([ann])).toEqual([["half-paired", undefined]]);
    expect(found([{ ...ann, heldMs: PATIENCE_MS }])).toEqual([]);
    expect(found([ann], ["bob"])).toEqual([]);
    expect(found([ann], [], ["bob"])).toEqual([]);
  });

  test("a user that is said to be gone, and was there all the time, is found", () => {
    const told = { ...bob, ending: "gone" as const };
    expect(found([ann, told])).toEqual([["departed", undefined]]);
    expect(found([ann, told], ["ann"])).toEqual([]);
    expect(found([{ ...ann, ending: "left" }, told])).toEqual([]);
  });

  test("a third user in the room of two is found", () => {
    expect(found([ann, { ...bob, user: "eve" }])).toEqual([["two-rooms", undefined]]);
  });
});
