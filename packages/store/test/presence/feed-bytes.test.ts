import type { DialectName } from "@switchyard/protocol";
import { expect, test } from "vitest";
import { newId, useBench } from "../workbench.ts";

const bench = useBench(32);
const large = JSON.stringify({ type: "said", text: "x".repeat(5000) });

test("F7: so many bytes of events are kept, of the latest entries, whoever posts", async () => {
  const dialect = newId() as DialectName;
  const rules = { entriesKept: 1000, bytesKept: 100_000, retentionMs: undefined };
  const { feeds, presence } = bench.store;
  const sender = { session: newId(), epoch: 1 };
  await presence.add(dialect, sender.session);
  const posts = Array.from({ length: 60 }, (_, i) =>
    (bench.stores[i % 3] ?? bench.store).feeds.post(dialect, large, sender, rules),
  );
  await Promise.all(posts);
  const kept = await feeds.before(dialect, undefined, 100);
  expect(kept.map(({ number }) => number)).toEqual(Array.from({ length: 19 }, (_, i) => 42 + i));
  const [first, second] = kept;
  expect(await feeds.after(dialect, first?.id ?? "", 100)).toEqual(kept.slice(1));
  await feeds.post(dialect, large, sender, rules);
  expect((await feeds.before(dialect, undefined, 100))[0]).toEqual(second);
});
