import { isDeepStrictEqual } from "node:util";
import { keys } from "@switchyard/store";
import { startCluster, type TestCluster, until } from "@switchyard/testkit";
import { afterEach, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { ANNOUNCE_EVERY_MS, watchAnnouncements } from "../announcements.ts";
import { patient } from "../patient.ts";
import type { transports } from "./transports.ts";

const counted = (client: { counts: readonly unknown[] }, count: number) =>
  until(`the count ${count}`, () => (client.counts.at(-1) as { count: number } | undefined)?.count === count);

/** What `user_count_update` says to those who come on these ways. It takes a second each time that it is said anew. */
export function testPopulation(ways: typeof transports): void {
  let cluster: TestCluster;
  beforeAll(async () => {
    cluster = await startCluster({ matchmakers: 0, environment: patient });
    return cluster.stop;
  });
  afterEach(() => cluster.empty());

  describe.each(ways)("user_count_update, $way", (options) => {
    test("on connect, then when somebody comes or goes anywhere in the cluster", async () => {
      const ann = await cluster.connect(0, options);
      await counted(ann, 1);
      expect(ann.counts[0]).toEqual({ count: 1 });
      const bob = await cluster.connect(1, options);
      await until("a first count", () => bob.counts.length > 0);
      expect(bob.counts[0]).toEqual({ count: 2 });
      await counted(ann, 2);
      bob.leave();
      await counted(ann, 1);
    });

    test("an announcement that comes late says nothing that is out of date", async () => {
      const [ann, bob] = [await cluster.connect(0, options), await cluster.connect(1, options)];
      for (const client of [ann, bob]) await counted(client, 2);
      const before = [ann.counts.length, bob.counts.length] as const;
      await cluster.store.presence.publish("random", JSON.stringify(["user_count_update", { count: 1 }]));
      const cem = await cluster.connect(0, options); // what was announced before that has arrived when its count does
      for (const client of [ann, bob, cem]) await counted(client, 3);
      expect([...ann.counts.slice(before[0]), ...bob.counts.slice(before[1])]).toEqual([{ count: 3 }, { count: 3 }]);
    });

    test("nobody is told the same number twice in a row", async () => {
      const ann = await cluster.connect(0, options);
      await counted(ann, 1);
      const bob = await cluster.connect(1, options);
      for (const client of [ann, bob]) await counted(client, 2);
      const cem = await cluster.connect(0, options);
      for (const client of [ann, bob, cem]) await counted(client, 3);
      cem.leave();
      for (const client of [ann, bob]) await counted(client, 2); // what was announced before has been heard by then
      for (const { counts } of [ann, bob, cem]) {
        expect(counts.filter((count, i) => isDeepStrictEqual(count, counts[i - 1]))).toEqual([]);
      }
    });

    test("many who come and go are told at most once a second", async () => {
      const announcements = await watchAnnouncements(cluster, "random");
      onTestFinished(announcements.stop);
      const ann = await cluster.connect(0, options);
      await counted(ann, 1);
      for (const _ of [1, 2, 3]) {
        const crowd = await Promise.all(Array.from({ length: 10 }, (_, i) => cluster.connect(i % 2, options)));
        for (const client of crowd) client.leave();
      }
      await until("nobody else to be there", async () => (await cluster.store.presence.count("random")) === 1);
      await until("all of it to be announced", async () => {
        const [changes, announced] = await cluster.redis.hmget(keys.presenceMeta("random"), "changes", "announced");
        return changes === announced;
      });
      await counted(ann, 1);
      const times = await announcements.times();
      expect(ann.counts.slice(1).length).toBeLessThanOrEqual(times.length);
      for (const [i, at] of times.slice(1).entries()) {
        expect(at - (times[i] ?? 0)).toBeGreaterThanOrEqual(ANNOUNCE_EVERY_MS);
      }
    });

    test("a connection that is between two transports is still counted", async () => {
      const [ann, bob] = await Promise.all([cluster.connect(0, options), cluster.connect(1, options)]);
      for (const client of [ann, bob]) await counted(client, 2);
      const before = [ann.counts.length, bob.counts.length] as const;
      bob.cut();
      await bob.connected(2);
      expect(bob.socket.recovered).toBe(true);
      await until("the current count again", () => bob.counts.length > before[1]);
      for (const [i, { counts }] of [ann, bob].entries()) {
        expect(counts.slice(before[i]).filter((count) => !isDeepStrictEqual(count, { count: 2 }))).toEqual([]);
      }
    });

    test("says what Redis says", async () => {
      const clients = await Promise.all(Array.from({ length: 7 }, (_, i) => cluster.connect(i % 2, options)));
      for (const client of clients) await counted(client, 7);
      expect(await cluster.store.presence.count("random")).toBe(7);
    });
  });
}
