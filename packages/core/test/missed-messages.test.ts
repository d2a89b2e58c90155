import { randomUUID } from "node:crypto";
import { leaveRoom, Participant, removeMessage, sendMeetingMessage } from "@switchyard/core";
import { keys } from "@switchyard/store";
import { beforeAll, expect, test } from "vitest";
import { CoreOnRedis } from "./core-on-redis.ts";
import { enterAs, LONG, missedBy, textsOf } from "./missed.ts";

let core: CoreOnRedis;
beforeAll(async () => {
  core = await CoreOnRedis.open();
  return core.close;
});

/** Two in a room, of whom the first one misses what the second one says from now on. */
async function meeting() {
  const context = core.contextOf("rooms");
  const [ann, bob] = [await core.connected("rooms"), await core.connected("rooms")];
  const room = `rooms:${randomUUID()}`;
  for (const one of [ann, bob]) await enterAs(context, one, room);
  const offset = (await core.store.sessions.read(ann.session))?.number ?? 0;
  const say = (text: string) => sendMeetingMessage(context, bob, room, "bob", text);
  return { context, ann, room, offset, say };
}

test("a long message is kept once, in its room, and is whole for who has missed it", async () => {
  const { ann, offset, say } = await meeting();
  const texts = Array.from({ length: 12 }, (_, i) => (i % 2 === 0 ? `${LONG} ${i}` : `short ${i}`));
  for (const text of texts) await say(text);
  expect(await core.redis.memory("USAGE", keys.outbox(ann.session), "SAMPLES", 0)).toBeLessThan(3 * LONG.length);
  const missed = await missedBy(core, ann, "rooms", offset);
  expect(missed.map(({ number, name }) => [number, name])).toEqual(
    texts.map((_, i) => [offset + 1 + i, "new-message"]),
  );
  expect(textsOf(missed.map(({ content }) => content))).toEqual(texts);
});

test("who has missed a long message that its room no longer has is refused, unless it has left the room", async () => {
  const { context, ann, room, offset, say } = await meeting();
  for (let i = 0; i < 3; i += 1) await say(`${LONG} ${i}`);
  await core.redis.xtrim(keys.roomChat(room), "MAXLEN", 2);
  await expect(missedBy(core, ann, "rooms", offset)).rejects.toThrow("gap");
  expect(textsOf((await missedBy(core, ann, "rooms", offset + 1)).map(({ content }) => content))).toEqual(
    [1, 2].map((i) => `${LONG} ${i}`),
  );
  await leaveRoom(context, new Participant(ann.session, "rooms", 3), room);
  expect((await missedBy(core, ann, "rooms", offset)).map(({ number }) => number)).not.toContain(offset + 1);
});

test("who has missed a long message that was removed gets the removal in its place, and nothing while that is under way", async () => {
  const { context, ann, room, offset, say } = await meeting();
  await say(`${LONG} 0`);
  const id = await say(`${LONG} 1`);
  await core.redis.xdel(
    keys.roomChat(room),
    await say("removed at this moment"),
    await say(`${LONG} removed at this moment`),
  );
  const cluster = { store: core.store, contexts: new Map([["rooms", context] as const]), graceMs: 0 };
  await removeMessage(cluster, { room, id, reason: "spam", by: "operator" });
  const missed = await missedBy(core, ann, "rooms", offset);
  expect(missed.map(({ number, name }) => [number - offset, name])).toEqual([
    [1, "new-message"],
    [2, "message-removed"],
    [3, "new-message"],
    [5, "message-removed"],
  ]);
});
