import { randomUUID } from "node:crypto";
import {
  CHATROOM,
  enterChatroom,
  leaveRoom,
  removeMessage,
  sendChatroomMessage,
  sendMeetingMessage,
  setFlag,
} from "@switchyard/core";
import { keys } from "@switchyard/store";
import { beforeAll, expect, test } from "vitest";
import { CoreOnRedis } from "./core-on-redis.ts";
import { enterAs, LONG, missedBy, textsOf } from "./missed.ts";

let core: CoreOnRedis;
beforeAll(async () => {
  core = await CoreOnRedis.open();
  return core.close;
});

const idsOf = (participants: unknown) => (participants as { id: string }[]).map(({ id }) => id);

test("who has missed its entry gets the members and messages as of then, and what came since by itself: nothing twice, nothing not at all", async () => {
  const context = core.contextOf("rooms");
  const [ann, bob, cid, dan] = [
    await core.connected("rooms"),
    await core.connected("rooms"),
    await core.connected("rooms"),
    await core.connected("rooms"),
  ];
  const room = `rooms:${randomUUID()}`;
  for (const one of [bob, dan]) await enterAs(context, one, room);
  const say = (text: string) => sendMeetingMessage(context, bob, room, "bob", text);
  for (let i = 0; i < 12; i += 1) await say(`${LONG} ${i}`);
  await enterAs(context, ann, room);
  for (let i = 12; i < 15; i += 1) await say(`${LONG} ${i}`);
  await enterAs(context, cid, room);
  await leaveRoom(context, dan, room);
  const missed = await missedBy(core, ann, "rooms");
  const [joined, ...others] = missed;
  expect(joined?.name).toBe("joined-room");
  expect(textsOf(joined?.content["messages"])).toEqual(Array.from({ length: 10 }, (_, i) => `${LONG} ${2 + i}`));
  expect(idsOf(joined?.content["participants"])).toEqual([bob.session, dan.session, ann.session]);
  expect(others.map(({ name }) => name)).toEqual([
    "new-message",
    "new-message",
    "new-message",
    "user-joined",
    "user-left",
    "participants-updated",
  ]);
  expect(textsOf(others.slice(0, 3).map(({ content }) => content))).toEqual([12, 13, 14].map((i) => `${LONG} ${i}`));
  expect(idsOf(others.at(-1)?.content)).toEqual([bob.session, ann.session, cid.session]);
});

test("of several rosters that were missed the last one is delivered, with the members now, and no older one after it", async () => {
  const context = core.contextOf("rooms");
  const [ann, bob] = [await core.connected("rooms"), await core.connected("rooms")];
  const room = `rooms:${randomUUID()}`;
  for (const one of [ann, bob]) await enterAs(context, one, room);
  const offset = (await core.store.sessions.read(ann.session))?.number ?? 0;
  const old = await core.store.memberships.roster(room);
  for (const on of [true, false, true]) await setFlag(context, bob, room, "audioMuted", on);
  const missed = await missedBy(core, ann, "rooms", offset);
  const rosters = missed.filter(({ name }) => name === "participants-updated");
  expect(rosters).toMatchObject([{ content: [{ id: ann.session }, { id: bob.session, isAudioMuted: true }] }]);
  expect(missed.at(-1)).toBe(rosters[0]);
  expect(missed.at(-1)?.number).toBe((await core.store.sessions.read(ann.session))?.number);
  const { revision } = old ?? { revision: Number.NaN };
  const late = { about: undefined, revision: revision + 1, since: revision + 1, listed: revision + 1 };
  expect(await core.store.outboxes.deliverChange(ann.session, room, late, '["participants-updated",[]]')).toBe(
    "repeated",
  );
});

test("a roster of a room that the session has left since is empty", async () => {
  const context = core.contextOf("rooms");
  const [ann, bob] = [await core.connected("rooms"), await core.connected("rooms")];
  const room = `rooms:${randomUUID()}`;
  for (const one of [ann, bob]) await enterAs(context, one, room);
  await leaveRoom(context, ann, room);
  const missed = await missedBy(core, ann, "rooms");
  expect(missed.findLast(({ name }) => name === "participants-updated")?.content).toEqual([]);
});

test("who has missed the chatroom's history gets the messages up to where its feed begins", async () => {
  const context = core.contextOf("chat");
  const [ann, bob] = [await core.connected("chat"), await core.connected("chat")];
  Object.assign(ann, { bearer: { user: "ann" } });
  Object.assign(bob, { bearer: { user: "bob" } });
  await enterChatroom(context, bob);
  for (let i = 0; i < 12; i += 1) await sendChatroomMessage(context, bob, `${LONG} ${i}`);
  await enterChatroom(context, ann);
  await sendChatroomMessage(context, bob, "since");
  expect(await core.redis.memory("USAGE", keys.outbox(ann.session))).toBeLessThan(6000); // for one small entry Redis takes 4800
  const [history, ...others] = await missedBy(core, ann, "chat");
  expect(others).toEqual([]);
  expect(history?.name).toBe("message_history");
  expect(textsOf(history?.content)).toEqual(Array.from({ length: 10 }, (_, i) => `${LONG} ${2 + i}`));
});

test("a removed message is not in the history of who has missed it, however short that is", async () => {
  const context = core.contextOf("chat");
  const [ann, bob] = [await core.connected("chat"), await core.connected("chat")];
  Object.assign(ann, { bearer: { user: "ann" } });
  Object.assign(bob, { bearer: { user: "bob" } });
  await enterChatroom(context, bob);
  for (let i = 0; i < 10; i += 1) await sendChatroomMessage(context, bob, String(i)); // only short ones are among the last
  const id = await sendChatroomMessage(context, bob, "an insult");
  await sendChatroomMessage(context, bob, "hello");
  await enterChatroom(context, ann);
  const cluster = { store: core.store, contexts: new Map([[context.dialect, context]]), graceMs: 0 };
  const removal = { room: CHATROOM, id, reason: "Insults", by: "max" };
  expect(await removeMessage(cluster, removal)).toMatchObject({ text: "an insult" });
  const [history] = await missedBy(core, ann, "chat");
  expect(textsOf(history?.content).slice(-1)).toEqual(["hello"]);
  expect(JSON.stringify(history)).not.toContain("an insult");
});
