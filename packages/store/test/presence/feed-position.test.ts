import type { DialectName } from "@switchyard/protocol";
import { until } from "@switchyard/testkit";
import { Redis } from "ioredis";
import { expect, test } from "vitest";
import { keys } from "../../src/keys.ts";
import { eventsOf, newId, newSession, useBench } from "../workbench.ts";

const bench = useBench(32);
const rules = { entriesKept: 1000, bytesKept: 1_048_576, retentionMs: undefined };

test("O13: an event keeps how far its sender's node knows the feed, which is not published, and only grows", async () => {
  const { feeds, outboxes } = bench.store;
  const dialect = newId() as DialectName;
  expect(feeds.position(dialect)).toBe(0);
  const sender = { session: newId(), epoch: 1 };
  await bench.store.presence.add(dialect, sender.session);
  const ids = await Promise.all([1, 2, 3].map(() => feeds.post(dialect, "{}", sender, rules)));
  expect(feeds.position(dialect)).toBe(3);
  feeds.noticed(dialect, String(ids[0]));
  expect(feeds.position(dialect)).toBe(3);
  const session = await newSession(bench.store);
  const trace = { id: "a".repeat(32), text: "a".repeat(32) };
  const published: string[] = [];
  const listener = new Redis(bench.redis.options.port ?? 0, bench.redis.options.host ?? "");
  try {
    listener.on("smessage", (_, text: string) => published.push(text));
    await listener.ssubscribe(keys.outbox(session));
    await outboxes.send(session, '["placed"]', undefined, { ...trace, feed: feeds.position(dialect) });
    await outboxes.send(session, '["anywhere"]', undefined, trace);
    expect(await eventsOf(bench.store, session)).toMatchObject([
      { packet: '["placed"]', trace: trace.text, feed: 3 },
      { packet: '["anywhere"]', trace: trace.text, feed: undefined },
    ]);
    await until("both to be published", () => published.length === 2);
    expect(published.join()).not.toContain("~");
  } finally {
    listener.disconnect();
  }
});
