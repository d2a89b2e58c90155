import { expect, test } from "vitest";
import { keys } from "../../src/keys.ts";
import { laterMs, newId, useBench } from "../workbench.ts";
import { enterOrFail, entrant, rules } from "./named-rooms.ts";

const bench = useBench();
const newRoom = () => `rooms:${newId()}`;
const sessionsOf = async (room: string) =>
  ((await bench.store.memberships.roster(room))?.members ?? []).map(({ session }) => session);

test("M1: as many get in as there are seats, and who does not changes nothing", async () => {
  for (let round = 0; round < 5; round += 1) {
    const room = newRoom();
    const tries = Array.from({ length: 9 }, (_, i) =>
      (bench.stores[i % 3] ?? bench.store).memberships.enter(room, entrant(`s${i}`), rules({ capacity: 4 }), false),
    );
    const outcomes = await Promise.all(tries);
    expect(outcomes.filter((outcome) => outcome === "full")).toHaveLength(5);
    const inside = outcomes.flatMap((outcome, i) => (outcome === "full" ? [] : [`s${i}`]));
    expect((await sessionsOf(room)).toSorted()).toEqual(inside.toSorted());
    expect(
      outcomes.filter((outcome) => typeof outcome === "object" && "opened" in outcome && outcome.opened),
    ).toHaveLength(1);
    expect(await bench.redis.hlen(keys.roomUsers(room))).toBe(4);
  }
});

test("M2: the newest claim is in, in the older one's place, and the older does not take it back", async () => {
  const room = newRoom();
  const { memberships } = bench.store;
  await enterOrFail(bench.store, room, entrant("other", { user: "other" }), { capacity: 2 });
  const first = await enterOrFail(bench.store, room, entrant("old", { user: "ann", claim: 1 }), { capacity: 2 });
  const { outcome, opened, roster } = await enterOrFail(bench.store, room, entrant("new", { user: "ann", claim: 2 }), {
    capacity: 2,
  });
  expect([outcome, opened]).toEqual(["instead", false]);
  expect(roster.members.map(({ session }) => session)).toEqual(["other", "new"]);
  const self = roster.members[1];
  expect(self?.since).toBe(first.roster.revision);
  expect(self?.revision).toBe(first.roster.revision + 1);
  for (const session of ["old", "older"]) {
    const late = entrant(session, { user: "ann", claim: 1, attempt: 2 });
    expect(await memberships.enter(room, late, rules({ capacity: 2 }), false)).toBe("overtaken");
  }
  expect(await memberships.exit(room, "old", 9, 0)).toBeUndefined();
  expect(await sessionsOf(room)).toEqual(["other", "new"]);
  const claims = Array.from({ length: 9 }, (_, i) => i + 3);
  await Promise.all(
    claims.map((claim) =>
      (bench.stores[claim % 3] ?? bench.store).memberships.enter(
        room,
        entrant(`s${claim}`, { user: "ann", claim }),
        rules({ capacity: 2 }),
        false,
      ),
    ),
  );
  expect(await sessionsOf(room)).toEqual(["other", "s11"]);
});

test("M3: the same attempt again changes nothing; an earlier one is left first, an overtaken one refused", async () => {
  const room = newRoom();
  const { memberships } = bench.store;
  const enter = (attempt: number) => memberships.enter(room, entrant("s", { attempt }), rules(), false);
  const first = await enterOrFail(bench.store, room, entrant("s", { attempt: 2 }));
  const repeated = await enterOrFail(bench.store, room, entrant("s", { attempt: 2 }));
  expect([first.outcome, repeated.outcome, repeated.opened]).toEqual(["new", "again", false]);
  expect(repeated.roster).toEqual(first.roster);
  expect(await enter(1)).toBe("overtaken");
  expect(await enter(3)).toEqual({ attempt: 2 });
  await enterOrFail(bench.store, room, entrant("other"));
  const left = await memberships.exit(room, "s", 2, 0);
  expect(await enter(3)).toEqual({ attempt: 2 }); // the other has not been told yet
  await memberships.forgetLeaver(room, "s", left?.revision ?? 0);
  expect(await enter(3)).toMatchObject({ outcome: "new" });
});

test("M4: revisions grow, also over the end of the room", async () => {
  const room = newRoom();
  const { memberships } = bench.store;
  const seen: number[] = [];
  for (let round = 1; round <= 3; round += 1) {
    for (const session of ["a", "b"]) {
      seen.push((await enterOrFail(bench.store, room, entrant(session, { attempt: round }))).roster.revision);
    }
    const marked = await memberships.setFlag(room, { session: "a" }, 0, true);
    seen.push(typeof marked === "object" ? marked.revision : 0);
    for (const session of ["a", "b"]) seen.push((await memberships.exit(room, session, round, 0))?.revision ?? 0);
    expect(await memberships.roster(room)).toBeUndefined();
    await laterMs(bench.store);
  }
  expect(seen).toEqual([...new Set(seen)].toSorted((one, two) => one - two));
});

test("M5: a session leaves by that attempt only, and repeating it says the same until the others were told", async () => {
  const room = newRoom();
  const { memberships } = bench.store;
  const { roster } = await enterOrFail(bench.store, room, entrant("s", { attempt: 5 }));
  await enterOrFail(bench.store, room, entrant("other"));
  expect(await memberships.exit(room, "s", 4, 0)).toBeUndefined();
  expect(await memberships.exit(room, "stranger", 9, 0)).toBeUndefined();
  const exits = await Promise.all(bench.stores.map((store) => store.memberships.exit(room, "s", 5, 0)));
  const [left] = exits;
  expect(exits).toEqual([left, left, left]);
  expect(left?.member).toEqual(roster.members[0]);
  expect(left?.roster.members.map(({ session }) => session)).toEqual(["other"]);
  expect((await memberships.inspect(room)).gone).toEqual([roster.members[0]]);
  await memberships.forgetLeaver(room, "s", (left?.revision ?? 0) - 1);
  expect(await memberships.exit(room, "s", 6, 0)).toEqual(left);
  await memberships.forgetLeaver(room, "s", left?.revision ?? 0);
  expect(await memberships.exit(room, "s", 6, 0)).toBeUndefined();
});

test("M6: an empty room is gone at once, or after a while with what was said; who comes back keeps it", async () => {
  const { memberships, rooms } = bench.store;
  const [atOnce, lingering] = [newRoom(), newRoom()];
  for (const room of [atOnce, lingering]) {
    await enterOrFail(bench.store, room, entrant("s"), { historyLimit: 10 });
    await rooms.postMessage(room, { session: "s", epoch: 1 }, { user: "s", name: "S", text: "hi" });
  }
  const keysOf = (room: string) => bench.redis.keys(`sy:{room:${room}}*`);
  await memberships.exit(atOnce, "s", 1, 0);
  expect(await keysOf(atOnce)).toEqual([]);
  await memberships.exit(lingering, "s", 1, 60_000);
  const left = await keysOf(lingering);
  expect(left.toSorted()).toEqual([keys.roomChat(lingering), keys.roomMeta(lingering)].toSorted());
  for (const key of left) expect(await bench.redis.pttl(key)).toBeGreaterThan(50_000);
  const created = (await memberships.roster(lingering))?.created;
  const back = await enterOrFail(bench.store, lingering, entrant("s", { attempt: 2 }), { historyLimit: 10 });
  expect([back.opened, back.roster.created]).toEqual([true, created]);
  expect(back.messages).toMatchObject([{ session: "s", name: "S", text: "hi" }]);
  for (const key of left) expect(await bench.redis.pttl(key)).toBe(-1);
});

test("M7: where nobody is, only who would open a room gets in", async () => {
  const room = newRoom();
  const { memberships } = bench.store;
  const existing = (session: string) => memberships.enter(room, entrant(session), rules(), true);
  expect(await existing("s")).toBe("missing");
  expect(await bench.redis.keys(`sy:{room:${room}}*`)).toEqual([]);
  await enterOrFail(bench.store, room, entrant("first"));
  expect(await existing("s")).toMatchObject({ outcome: "new", opened: false });
  for (const session of ["first", "s"]) await memberships.exit(room, session, 1, 60_000);
  expect(await existing("s")).toBe("missing");
});

test("M8: a flag is set once", async () => {
  const room = newRoom();
  const { memberships } = bench.store;
  const { roster } = await enterOrFail(bench.store, room, entrant("s"));
  const sets = await Promise.all(
    bench.stores.map((store) => store.memberships.setFlag(room, { session: "s" }, 1, true)),
  );
  expect(sets.filter((answer) => answer === "same")).toHaveLength(2);
  const [set] = sets.filter((answer) => typeof answer === "object");
  expect(set?.revision).toBe(roster.revision + 1);
  expect(set?.members[0]).toEqual({
    ...roster.members[0],
    flags: { audioMuted: false, videoOff: true, screenSharing: false },
  });
  expect(await memberships.setFlag(room, { session: "s" }, 1, false)).toMatchObject({ revision: roster.revision + 2 });
  expect(await memberships.setFlag(room, { session: "stranger" }, 1, true)).toBeUndefined();
});

test("M15: of several that create a room at once one does, and it has a lifetime until somebody enters it", async () => {
  const room = newRoom();
  const { memberships } = bench.store;
  const create = () => Promise.all(bench.stores.map((store) => store.memberships.create(room, rules(), 60_000)));
  expect((await create()).filter(Boolean)).toHaveLength(1);
  const created = await memberships.roster(room);
  expect(created).toMatchObject({ members: [] });
  expect(await bench.redis.pttl(keys.roomMeta(room))).toBeGreaterThan(0);
  expect(await memberships.enter(room, entrant("ann"), rules(), true)).toBe("missing");
  const { opened, roster } = await enterOrFail(bench.store, room, entrant("ann"));
  expect([opened, roster.created, roster.revision > (created?.revision ?? 0)]).toEqual([true, created?.created, true]);
  expect(await bench.redis.pttl(keys.roomMeta(room))).toBe(-1);
  expect((await create()).filter(Boolean)).toEqual([]);
  expect(await sessionsOf(room)).toEqual(["ann"]);
});
