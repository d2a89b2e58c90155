import type { DialectName } from "@switchyard/protocol";
import { expect, test } from "vitest";
import { keys } from "../../src/keys.ts";
import { type Notice, Notices } from "../../src/moderation/notices.ts";
import type { Clock } from "../../src/redis/clock.ts";
import { Database } from "../../src/redis/database.ts";
import { eventsOf, newId, newSession, published, seated, useBench } from "../workbench.ts";

const bench = useBench();
const rules = { entriesKept: 1000, bytesKept: 1_048_576, retentionMs: 60_000 };
const noticeOf = (id: string): Notice => ({
  id,
  to: { kind: "dialect", dialect: "match" },
  name: "app:sale",
  payload: { percent: 5 },
});
const begun = { cursor: "0", connected: 0, detached: 0, entry: undefined };
const packet = '["app:sale",{"percent":5}]';

test("E1: a notice is noted once with its entry in the log, and another one with its id is refused", async () => {
  const { notices, moderation } = bench.store;
  const notice = noticeOf(newId());
  const answers = await Promise.all(bench.stores.map((store) => store.notices.begin(notice, "max")));
  expect(answers.map((answer) => typeof answer === "object" && answer.isRepeated).sort()).toEqual([false, true, true]);
  expect(await notices.find(notice.id)).toEqual({ notice, state: begun });
  const { payload: _, ...noted } = notice;
  const entries = (await moderation.audit(50)).filter((entry) => "notice" in entry && entry.notice.id === notice.id);
  expect(entries).toMatchObject([{ action: "notify", by: "max", notice: noted }]);
  expect(JSON.stringify(entries)).not.toContain("percent");
  expect(await notices.begin({ ...notice, payload: { percent: 6 } }, "max")).toBe("conflict");
  const silent = noticeOf(newId());
  await notices.begin(silent, undefined);
  expect(JSON.stringify(await moderation.audit(50))).not.toContain(silent.id);
  expect(await bench.redis.pttl(keys.notice(notice.id))).toBeGreaterThan(800_000);
});

test("E2: a session receives a notice once, and only as that user and in that room", async () => {
  const { notices, sessions } = bench.store;
  const [session, id] = [await newSession(bench.store), newId()];
  const send = (store = bench.store) => store.notices.send(session, id, packet, {});
  const answers = await Promise.all(bench.stores.map(send));
  const appended = answers.map((answer) => typeof answer === "object" && answer.appended);
  expect(appended.sort()).toEqual([false, false, true]);
  expect(await eventsOf(bench.store, session)).toMatchObject([{ number: 1, packet }]);
  const other = newId();
  expect(await notices.send(session, other, packet, { user: "ann" })).toBe("absent");
  await sessions.setUser(session, "ann", undefined, 1);
  expect(await notices.send(session, other, packet, { user: "ann" })).toEqual({ appended: true, isConnected: true });
  expect(await notices.send(session, newId(), packet, { room: "match:m" })).toBe("absent");
  const room = newId();
  const inRoom = await seated(bench.store, room);
  await sessions.detach(inRoom, "node", 1, 60_000);
  expect(await notices.send(inRoom, newId(), packet, { room })).toEqual({ appended: true, isConnected: false });
  expect(await notices.send(newId(), id, packet, {})).toBe("unknown");
  for (let i = 0; i < 31; i += 1) await notices.send(session, newId(), packet, {});
  expect(await notices.send(session, other, packet, {})).toMatchObject({ appended: false });
  expect(await bench.redis.hstrlen(keys.session(session), "notices")).toBe(32 * 9);
});

test("E3: a notice to everyone is one entry of the feed", async () => {
  const dialect = newId() as DialectName;
  const [id, event] = [newId(), '{"type":"notice","name":"app:sale","payload":5}'];
  const posts = await Promise.all(bench.stores.map((store) => store.notices.post(dialect, id, event, rules)));
  expect(new Set(posts).size).toBe(1);
  const { entries } = await bench.store.feeds.latest(dialect, 10);
  expect(entries.map((entry) => [entry.id, entry.event])).toEqual([[posts[0], event]]);
  expect(await bench.redis.pttl(keys.feedNotice(dialect, id))).toBeGreaterThan(800_000);
});

test("E4: a dialect's sessions are gone through in pages, each noted once; then the payload is gone", async () => {
  const { notices, presence } = bench.store;
  const dialect = newId() as DialectName;
  const sessions = Array.from({ length: 700 }, newId);
  for (const session of sessions) await presence.add(dialect, session);
  const notice = { ...noticeOf(newId()), to: { kind: "dialect", dialect } as const };
  await notices.begin(notice, "max");
  const seen = new Set<string>();
  let cursor = "0";
  for (let pages = 0; cursor !== "done"; pages += 1) {
    const page = await notices.page(dialect, cursor);
    for (const session of page.sessions) seen.add(session);
    const step = { cursor: page.cursor === "0" ? "done" : page.cursor, connected: 1, detached: 2 };
    const states = await Promise.all(bench.stores.map((store) => store.notices.advance(notice.id, cursor, step)));
    expect(states[0]).toEqual({ ...step, connected: pages + 1, detached: 2 * (pages + 1), entry: undefined });
    expect(new Set(states.map((state) => JSON.stringify(state))).size).toBe(1);
    cursor = step.cursor;
    if (cursor !== "done") expect((await notices.find(notice.id))?.state.cursor).toBe(cursor);
  }
  expect(seen).toEqual(new Set(sessions));
  expect(await notices.find(notice.id)).toBeUndefined();
  expect(await notices.begin(notice, "max")).toMatchObject({ isRepeated: true, cursor: "done" });
  expect(await bench.redis.hexists(keys.notice(notice.id), "request")).toBe(0);
});

test("E5: an open notice is found by the time of its last step, and a command that is late does nothing", async () => {
  const { notices, clock } = bench.store;
  const [open, done] = [noticeOf(newId()), noticeOf(newId())];
  for (const notice of [open, done]) await notices.begin(notice, undefined);
  await notices.advance(done.id, "0", { cursor: "done", connected: 0, detached: 0 });
  await bench.redis.zadd(keys.openNotices(), clock.now() - 6000, open.id);
  expect(await notices.overdue(5000, 100)).toContain(open.id);
  expect(await notices.overdue(60_000, 100)).not.toContain(open.id);
  expect(await notices.overdue(0, 1000)).not.toContain(done.id);
  await notices.advance(open.id, "0", { cursor: "7", connected: 1, detached: 0 });
  expect(await notices.overdue(5000, 100)).not.toContain(open.id);
  await bench.redis.del(keys.notice(open.id));
  expect(await notices.advance(open.id, "7", { cursor: "8", connected: 1, detached: 0 })).toBeUndefined();
  expect(await notices.overdue(0, 1000)).not.toContain(open.id);

  const session = await newSession(bench.store);
  const slow = { now: () => clock.now() - 61_000 } as Clock;
  const late = new Notices(new Database(bench.redis, slow), "256 1048576");
  const nothing = await published(session, async () => {
    await expect(late.send(session, newId(), packet, {})).rejects.toThrow("send-notice");
    await expect(late.post("match", newId(), "{}", rules)).rejects.toThrow("post-notice");
  });
  expect(nothing).toEqual([]);
});
