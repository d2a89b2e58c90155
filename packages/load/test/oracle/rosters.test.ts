import { describe, expect, test } from "vitest";
import { foundBy, GRACE_MS, PATIENCE_MS, watchOf } from "./parties.ts";

const LATER = PATIENCE_MS + 1;

/** Three users in a meeting, each of whom has the whole list at 0. */
function meeting() {
  const { watch, party } = watchOf(3);
  const { rosters } = watch;
  for (const index of [0, 1, 2]) rosters.enters(0, "standup", party(index));
  for (const index of [0, 1, 2]) rosters.lists(0, "standup", party(index), [0, 1, 2]);
  return { watch, rosters, party };
}

describe("lists of a room", () => {
  test("nothing is found while they are right, or wrong for a short time", () => {
    const { watch, rosters, party } = meeting();
    rosters.leaves(1000, party(2));
    watch.look(1000 + GRACE_MS);
    rosters.lists(2000 + GRACE_MS, "standup", party(0), [0, 1]);
    rosters.lists(2000 + GRACE_MS, "standup", party(1), [1, 0]);
    for (let now = 3000; now < 60_000; now += 1000) watch.look(now);
    expect(foundBy(watch)).toEqual([]);
  });

  test("somebody who left and is still listed is a ghost, for each who lists it, once", () => {
    const { watch, rosters, party } = meeting();
    rosters.leaves(1000, party(2));
    rosters.lists(1500, "standup", party(0), [0, 1]);
    for (let now = 2000; now < 60_000; now += 1000) watch.look(now);
    expect(foundBy(watch)).toEqual(["ghost"]);
    expect(watch.violations.described[0]).toMatchObject({
      finding: "standup: user 2 is not there, and the list of user 1 still has it",
      events: [
        expect.stringMatching(/: since then user 2 is not there$/),
        expect.stringMatching(/: the last list that user 1 received is user 0, user 1, user 2$/),
      ],
    });
  });

  test("somebody whose connection is lost is a ghost only when its grace is over", () => {
    const { watch, rosters, party } = meeting();
    const lostAt = 100_000;
    Object.assign(party(2), { isConnected: false, heardAt: lostAt });
    rosters.goesAway(lostAt, party(2));
    watch.look(lostAt + GRACE_MS + PATIENCE_MS);
    expect(foundBy(watch)).toEqual([]);
    watch.look(lostAt + GRACE_MS + LATER);
    expect(foundBy(watch)).toEqual(["ghost", "ghost"]);
  });

  test("a list that comes late with somebody who left long ago is found", () => {
    const { watch, rosters, party } = meeting();
    rosters.leaves(0, party(2));
    for (const index of [0, 1]) rosters.lists(1000, "standup", party(index), [0, 1]);
    rosters.lists(50_000, "standup", party(1), [0, 1, 2]);
    watch.look(50_000 + LATER);
    expect(foundBy(watch)).toEqual(["ghost"]);
  });

  test("somebody who is there and not listed is missing", () => {
    const { watch, rosters, party } = meeting();
    rosters.lists(5000, "standup", party(1), [0, 1]);
    watch.look(LATER);
    expect(foundBy(watch)).toEqual(["missing"]);
  });

  test("nothing is expected of the list of somebody who is away, or has just come back", () => {
    const { watch, rosters, party } = meeting();
    rosters.lists(1000, "standup", party(1), [0, 1]);
    party(1).isConnected = false;
    watch.look(7000);
    party(1).isConnected = true;
    rosters.returns(7500, party(1));
    watch.look(LATER);
    expect(foundBy(watch)).toEqual([]);
    watch.look(7500 + LATER);
    expect(foundBy(watch)).toEqual(["missing"]);
  });

  test("somebody who is listed twice is a ghost when no former session of it can be there", () => {
    const { watch, rosters, party } = meeting();
    rosters.lists(1000, "standup", party(1), [0, 1, 2, 2]);
    watch.look(GRACE_MS + PATIENCE_MS);
    expect(foundBy(watch)).toEqual([]);
    watch.look(GRACE_MS + LATER);
    expect(foundBy(watch)).toEqual(["ghost"]);
  });

  test("a user who is seated in a second room is in two", () => {
    const { watch, rosters, party } = meeting();
    rosters.enters(1000, "other", party(1));
    expect(foundBy(watch)).toEqual(["two-rooms"]);
  });
});
