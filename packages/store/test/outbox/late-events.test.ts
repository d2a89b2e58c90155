import { expect, test } from "vitest";
import { seatedIn, seating } from "../room/named-rooms.ts";
import { eventsOf, newId, newSession, useBench } from "../workbench.ts";

const bench = useBench(32);
const newRoom = () => `match:${newId()}`;
const packetsOf = async (session: string) => (await eventsOf(bench.store, session)).map(({ packet }) => packet);

/** A session of ann, who came by that change of the room. */
const by = (entry: number, session = `ann's ${entry}`) => ({ session, epoch: 1, user: "ann", entry });
/** That ann came by that change, or left. */
const change = (revision: number, since = revision) => ({ about: "ann", revision, since, listed: revision });

test("O15: nothing of a member arrives after another session took its place, or its user left", async () => {
  const { outboxes } = bench.store;
  const room = newRoom();
  const id = await seatedIn(bench.store, room, 10);
  const send = (entry: number) => outboxes.deliver(id, room, by(entry), `["${entry}"]`);
  expect(await send(11)).toBe("absent"); // it is not notified yet that she came
  await outboxes.deliverChange(id, room, change(11), '["came"]');
  expect(await send(11)).toBeUndefined();
  await outboxes.deliverChange(id, room, change(14, 11), '["came by another session"]');
  expect(await send(11)).toBe("fenced");
  expect(await send(14)).toBeUndefined();
  await outboxes.deliverChange(id, room, change(17, 11), '["left"]');
  expect([await send(11), await send(14)]).toEqual(["fenced", "fenced"]);
  await outboxes.deliverChange(id, room, change(20), ""); // its dialect is silent
  expect([await send(14), await send(20)]).toEqual(["fenced", undefined]);
  const told = ["welcome", "came", "11", "came by another session", "14", "left", "20"];
  expect(await packetsOf(id)).toEqual(told.map((packet) => `["${packet}"]`));
});

test("O15: the list that a session receives on entering counts, and goes with the room", async () => {
  const { outboxes, sessions } = bench.store;
  const [id, room] = [await newSession(bench.store), newRoom()];
  await sessions.beginEntry(id, 1, room);
  const members = [
    { user: "ann", revision: 14 },
    { user: "bob", revision: 20 },
  ];
  await outboxes.admit(id, room, seating(1, 20, { members }), '["welcome"]');
  expect(await outboxes.deliver(id, room, by(11), '["before"]')).toBe("fenced");
  expect(await outboxes.deliver(id, room, by(14), '["on the list"]')).toBeUndefined();
  expect(await outboxes.deliverChange(id, room, change(14), '["came"]')).toBe("repeated");
  expect(await outboxes.deliverChange(id, room, change(21, 11), '["left"]')).toBeUndefined();
  expect(await packetsOf(id)).toEqual(['["welcome"]', '["on the list"]', '["left"]']);
  await outboxes.depart(id, room, 1, undefined);
  await sessions.forgetRoom(id, room, 1);
  expect(await bench.redis.hkeys(`sy:{session:${id}}`)).not.toContainEqual(expect.stringMatching(/^m:/));
});

test("O15: a session that an older version seated receives as before, from members that one seated, too", async () => {
  const { outboxes } = bench.store;
  const room = newRoom();
  const id = await seatedIn(bench.store, room, 10); // no member of its list is noted
  expect(await outboxes.deliver(id, room, by(9), '["by a newer one"]')).toBeUndefined();
  expect(await outboxes.deliver(id, room, { session: "ann's", epoch: 1 }, '["by an older one"]')).toBeUndefined();
});

test("O16: of several sessions of a user only the one that is in the call is heard", async () => {
  const { outboxes } = bench.store;
  const [id, room] = [await newSession(bench.store), newId()];
  const seat = { kind: "member", user: "bob", profile: {} } as const;
  await outboxes.followFeed(id, { epoch: 1, last: "0-0", room, seat }, '["history"]');
  const from = (session: string) => ({ session, epoch: 1, user: "ann" });
  const call = (session: string) =>
    outboxes.setCallLeg(id, room, from(session), { user: "ann", by: session, expected: undefined }, "");
  const send = (session: string) => outboxes.deliver(id, room, from(session), `["${session}"]`);
  expect([await send("old"), await send("new")]).toEqual([undefined, undefined]); // in no call yet
  await call("old");
  expect([await send("old"), await send("new")]).toEqual([undefined, "fenced"]);
  await call("new");
  expect([await send("old"), await send("new")]).toEqual(["fenced", undefined]);
  await outboxes.setCallLeg(id, room, from("new"), { user: "ann", by: "*", expected: undefined }, "");
  expect([await send("old"), await send("new")]).toEqual([undefined, undefined]); // all of them ring
});
