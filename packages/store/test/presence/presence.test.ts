import type { DialectName } from "@switchyard/protocol";
import { expect, test } from "vitest";
import { keys } from "../../src/keys.ts";
import { newId, stopTime, useBench } from "../workbench.ts";

const bench = useBench();
/** A dialect of one's own: the real ones' numbers are everybody's. */
const newDialect = () => newId() as DialectName;

test("P1: a session counts once, until it has disappeared", async () => {
  const dialect = newDialect();
  const { presence } = bench.store;
  await Promise.all(bench.stores.map((store) => store.presence.add(dialect, "s1")));
  await presence.add(dialect, "s2");
  expect(await presence.count(dialect)).toBe(2);
  for (let i = 0; i < 2; i += 1) await presence.remove(dialect, "s1");
  expect(await presence.count(dialect)).toBe(1);
});

test("P2: a change is announced by one process, at most once an interval", async () => {
  const pass = stopTime();
  const dialect = newDialect();
  const { presence } = bench.store;
  const ask = async () => Promise.all(bench.stores.map((store) => store.presence.toAnnounce(dialect)));
  await presence.add(dialect, "s1");
  expect(await ask()).toEqual(expect.arrayContaining([{ count: 1 }, { waitMs: 0 }, { waitMs: 0 }]));
  await presence.add(dialect, "s2");
  for (const answer of await ask()) expect(answer).toMatchObject({ waitMs: expect.any(Number) });
  const [answer] = await ask();
  expect(answer && "waitMs" in answer && answer.waitMs).toBeGreaterThan(0);
  pass(answer && "waitMs" in answer ? answer.waitMs : 0);
  expect(await ask()).toEqual(expect.arrayContaining([{ count: 2 }, { waitMs: 0 }, { waitMs: 0 }]));
});

test("P2: that it is the same number again is announced, too: who came in between was told another one", async () => {
  const dialect = newDialect();
  const { presence } = bench.store;
  const intervalOver = () => bench.redis.hset(keys.presenceMeta(dialect), "at", 0);
  for (const session of ["s1", "s2"]) await presence.add(dialect, session);
  expect(await presence.toAnnounce(dialect)).toEqual({ count: 2 });
  for (const session of ["s1", "s2"]) await presence.remove(dialect, session);
  await presence.add(dialect, "s3"); // it is told that there is one
  await presence.add(dialect, "s4");
  await intervalOver();
  expect(await presence.toAnnounce(dialect)).toEqual({ count: 2 });
  await presence.add(dialect, "s4");
  await presence.remove(dialect, "s1");
  await intervalOver();
  expect(await presence.toAnnounce(dialect)).toEqual({ waitMs: 0 });
});
