import { expectNothingMore, startCluster, type TestCluster, until, waysTo } from "@switchyard/testkit";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { patient } from "../patient.ts";
import { enterChatroom, JWT_SECRET, type Message, messagesOf, sendMessage } from "./accounts.ts";
import { loadAll, sayMany } from "./histories.ts";

const HISTORY = 10;
const KEPT = 300;
const DAY_MS = 86_400_000;
/** Redis trims a stream by whole nodes of that many entries. */
const NODE_ENTRIES = 100;

let cluster: TestCluster;
beforeAll(async () => {
  const environment = { ...patient, JWT_SECRET };
  const kept = { CHAT_HISTORY_LIMIT: HISTORY, CHAT_MESSAGES_KEPT: KEPT, CHAT_RETENTION_DAYS: 2 };
  cluster = await startCluster({ environment: { ...environment, ...kept } });
  return cluster.stop;
});
afterEach(() => cluster.empty());

describe.each(waysTo("chat"))("history $way", (options) => {
  test("load_messages: older ones page by page, to the very beginning", async () => {
    const ann = await enterChatroom(cluster, 0, options);
    await sayMany(ann, 33);
    const late = await enterChatroom(cluster, 1, options);
    expect(late.history).toEqual(messagesOf(ann).slice(-HISTORY));
    const first = await late.client.request("load_messages", { before: late.history[0]?.id, limit: 7 });
    expect(first).toEqual({ ok: true, messages: messagesOf(ann).slice(-HISTORY - 7, -HISTORY), hasMore: true });
    const all = await loadAll(late.client, 7);
    expect(all.slice(-33)).toEqual(messagesOf(ann));
    expect(all).toEqual(await loadAll(late.client));
    expect(all.map(({ id }) => id)).toEqual([...new Set(all.map(({ id }) => id))]);
    const none = { ok: true, messages: [], hasMore: false };
    for (const before of [all[0]?.id, "0-0", "1-1"]) {
      expect(await late.client.request("load_messages", { before, limit: 5 })).toEqual(none);
    }
    await expectNothingMore(late.client);
  });

  test("load_messages without anything: the latest; before a message that is no more: those before it", async () => {
    const ann = await enterChatroom(cluster, 0, options);
    await sayMany(ann, 5);
    for (const payload of [[], [null], [{}], [{ before: null, limit: null }], [{ before: "999999999999999-1" }]]) {
      const { messages } = await ann.client.request("load_messages", ...payload);
      expect((messages as Message[]).slice(-5)).toEqual(messagesOf(ann));
    }
    const [, second] = messagesOf(ann);
    await cluster.redis.xdel("sy:{presence:chat}:feed", String(second?.id));
    const { messages } = await ann.client.request("load_messages", { before: second?.id, limit: 1 });
    expect(messages).toEqual(messagesOf(ann).slice(0, 1));
  });

  test("the last CHAT_MESSAGES_KEPT are kept, and not many more", async () => {
    const ann = await enterChatroom(cluster, 0, options);
    await sayMany(ann, KEPT + NODE_ENTRIES + 1);
    const kept = await loadAll(ann.client);
    expect(kept.length).toBeGreaterThanOrEqual(KEPT);
    expect(kept.length).toBeLessThanOrEqual(KEPT + NODE_ENTRIES);
    expect(kept.slice(-KEPT)).toEqual(messagesOf(ann).slice(-KEPT));
  });
});

test("what is older than CHAT_RETENTION_DAYS is forgotten within a second or two, and what is younger stays", async () => {
  const ann = await enterChatroom(cluster, 0, { namespace: "/chat" });
  const feed = "sy:{presence:chat}:feed";
  const old = Date.now() - 2 * DAY_MS;
  await cluster.redis.del(feed);
  const entry = (text: string) => [
    "e",
    JSON.stringify({ type: "said", message: { session: "s", user: "eve", text } }),
    "x",
    "",
  ];
  for (const [i, at] of [old - DAY_MS, old - 60_000, old + 60_000].entries()) {
    await cluster.redis.xadd(feed, `${at}-${i + 1}`, ...entry(`${i}`));
  }
  await until("the old ones to be gone", async () => (await loadAll(ann.client)).length === 1);
  expect((await loadAll(ann.client)).map(({ text }) => text)).toEqual(["2"]);
  expect((await enterChatroom(cluster, 1, { namespace: "/chat" })).history.map(({ text }) => text)).toEqual(["2"]);
  await sendMessage(ann, "now");
  expect((await loadAll(ann.client)).map(({ text }) => text)).toEqual(["2", "now"]);
});
