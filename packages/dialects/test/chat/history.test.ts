import {
  type LastingRedis,
  nothingMore,
  type ServiceProcess,
  startLastingRedis,
  startProcessCluster,
  type TestClient,
  type TestCluster,
  waysTo,
} from "@switchyard/testkit";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { attend, JWT_SECRET, type Line, linesOf, newName, say } from "./accounts.ts";

const HISTORY = 10;
const KEPT = 300;
const DAY_MS = 86_400_000;
/** Redis trims a stream by whole nodes of that many entries. */
const NODE_ENTRIES = 100;

let redis: LastingRedis;
let cluster: TestCluster<ServiceProcess>;
const environment = { JWT_SECRET, CHAT_HISTORY_LIMIT: HISTORY, CHAT_MESSAGES_KEPT: KEPT, CHAT_RETENTION_DAYS: 2 };
beforeAll(async () => {
  redis = await startLastingRedis();
  return redis.stop;
});
beforeAll(async () => {
  cluster = await startProcessCluster({ redis, environment });
  return cluster.stop;
});
afterEach(() => cluster.empty());

/** Everything that there is, page by page from the end. */
async function loadAll(client: TestClient, limit?: number): Promise<Line[]> {
  const all: Line[] = [];
  for (let before: string | undefined, hasMore = true; hasMore; before = all[0]?.id) {
    const answer = await client.ask("load_messages", { before, ...(limit === undefined ? {} : { limit }) });
    const page = answer["messages"] as Line[];
    expect(page.length).toBeLessThanOrEqual(limit ?? 100);
    all.unshift(...page);
    hasMore = answer["hasMore"] as boolean;
    expect(page.length > 0 || !hasMore).toBe(true);
  }
  return all;
}

async function sayMany(chatter: Awaited<ReturnType<typeof attend>>, count: number): Promise<string[]> {
  const texts = Array.from({ length: count }, (_, i) => `${newName("text")} ${i}`);
  const answers = await Promise.all(texts.map((text) => say(chatter, text)));
  expect(answers.every(({ ok }) => ok)).toBe(true);
  await chatter.client.settled();
  return texts;
}

describe.each(waysTo("chat"))("history $way", (options) => {
  test("load_messages: older ones page by page, to the very beginning", async () => {
    const ann = await attend(cluster, 0, options);
    await sayMany(ann, 33);
    const late = await attend(cluster, 1, options);
    expect(late.history).toEqual(linesOf(ann).slice(-HISTORY));
    const first = await late.client.ask("load_messages", { before: late.history[0]?.id, limit: 7 });
    expect(first).toEqual({ ok: true, messages: linesOf(ann).slice(-HISTORY - 7, -HISTORY), hasMore: true });
    const all = await loadAll(late.client, 7);
    expect(all.slice(-33)).toEqual(linesOf(ann));
    expect(all).toEqual(await loadAll(late.client));
    expect(all.map(({ id }) => id)).toEqual([...new Set(all.map(({ id }) => id))]);
    const none = { ok: true, messages: [], hasMore: false };
    for (const before of [all[0]?.id, "0-0", "1-1"]) {
      expect(await late.client.ask("load_messages", { before, limit: 5 })).toEqual(none);
    }
    await nothingMore(late.client);
  });

  test("load_messages without anything: the latest; before a message that is no more: those before it", async () => {
    const ann = await attend(cluster, 0, options);
    await sayMany(ann, 5);
    for (const payload of [[], [null], [{}], [{ before: null, limit: null }], [{ before: "999999999999999-1" }]]) {
      const { messages } = await ann.client.ask("load_messages", ...payload);
      expect((messages as Line[]).slice(-5)).toEqual(linesOf(ann));
    }
    const [, second] = linesOf(ann);
    await cluster.redis.xdel("sy:{presence:chat}:feed", String(second?.id));
    const { messages } = await ann.client.ask("load_messages", { before: second?.id, limit: 1 });
    expect(messages).toEqual(linesOf(ann).slice(0, 1));
  });

  test("the last CHAT_MESSAGES_KEPT are kept, and not many more", async () => {
    const ann = await attend(cluster, 0, options);
    await sayMany(ann, KEPT + NODE_ENTRIES + 1);
    const kept = await loadAll(ann.client);
    expect(kept.length).toBeGreaterThanOrEqual(KEPT);
    expect(kept.length).toBeLessThanOrEqual(KEPT + NODE_ENTRIES);
    expect(kept.slice(-KEPT)).toEqual(linesOf(ann).slice(-KEPT));
  });
});

test("the history, its order and its ids survive a restart of everything", async () => {
  const ann = await attend(cluster, 0, { namespace: "/chat" });
  await sayMany(ann, 40);
  const before = await loadAll(ann.client);
  expect(before.slice(-40)).toEqual(linesOf(ann));
  ann.client.leave();
  for (const service of [...cluster.nodes.splice(0), ...cluster.matchmakers.splice(0)]) await service.kill();
  await redis.crash();
  await redis.startAgain();
  for (let i = 0; i < 2; i += 1) await cluster.start("signaling");
  await cluster.start("matchmaker");
  const again = await attend(cluster, 1, { namespace: "/chat" });
  expect(again.history).toEqual(before.slice(-HISTORY));
  expect(await loadAll(again.client)).toEqual(before);
  const { id } = await say(again, "after it");
  expect(await loadAll(again.client)).toEqual([...before, expect.objectContaining({ id, text: "after it" })]);
});

test("what is older than CHAT_RETENTION_DAYS is forgotten within a second or two, and what is younger stays", async () => {
  const ann = await attend(cluster, 0, { namespace: "/chat" });
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
  await expect
    .poll(async () => (await loadAll(ann.client)).map(({ text }) => text), { timeout: 10_000 })
    .toEqual(["2"]);
  expect((await attend(cluster, 1, { namespace: "/chat" })).history.map(({ text }) => text)).toEqual(["2"]);
  await say(ann, "now");
  expect((await loadAll(ann.client)).map(({ text }) => text)).toEqual(["2", "now"]);
});
