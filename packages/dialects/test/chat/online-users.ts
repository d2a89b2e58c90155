import { isDeepStrictEqual } from "node:util";
import { startCluster, type TestCluster, until, type Way } from "@switchyard/testkit";
import { afterEach, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { ANNOUNCE_EVERY_MS, watchAnnouncements } from "../announcements.ts";
import { endGrace, graceOf } from "../ending.ts";
import { patient } from "../patient.ts";
import { type Chatter, enterChatroom, JWT_SECRET, newName, toldNames as told } from "./accounts.ts";

const LISTED = 4;

/** What `online_users` says to those who come on these ways. It takes a second each time that it is said anew. */
export function testOnlineUsers(ways: readonly Way[]): void {
  let cluster: TestCluster;
  beforeAll(async () => {
    cluster = await startCluster({ matchmakers: 0, environment: { ...patient, JWT_SECRET, PEOPLE_LISTED: LISTED } });
    return cluster.stop;
  });
  afterEach(() => cluster.empty());

  describe.each(ways)("online_users $way", (options) => {
    test("on connect, and to everyone when somebody comes or goes", async () => {
      const ann = await enterChatroom(cluster, 0, options);
      await told(ann, ann.name);
      const bob = await enterChatroom(cluster, 1, options);
      await told(bob, ann.name, bob.name);
      await told(ann, ann.name, bob.name);
      expect(ann.client.names.at(-1)).toEqual({ names: [ann.name, bob.name], total: 2 });
      bob.client.leave();
      await told(ann, ann.name);
      expect(ann.client.names.at(-1)?.total).toBe(1);
    });

    test("an announcement that comes late says nothing that is out of date", async () => {
      const [ann, bob] = [await enterChatroom(cluster, 0, options), await enterChatroom(cluster, 1, options)];
      for (const one of [ann, bob]) await told(one, ann.name, bob.name);
      const before = ann.client.names.length;
      await cluster.store.presence.publish("chat", JSON.stringify(["online_users", [ann.name], { total: 1 }]));
      const cem = await enterChatroom(cluster, 1, options); // what was announced before that has arrived when its names do
      await told(ann, ann.name, bob.name, cem.name);
      expect(ann.client.names.slice(before).map(({ total }) => total)).toEqual([3]);
    });

    test("nobody is told the same list twice in a row", async () => {
      const ann = await enterChatroom(cluster, 0, options);
      await told(ann, ann.name);
      const bob = await enterChatroom(cluster, 1, options);
      for (const one of [ann, bob]) await told(one, ann.name, bob.name);
      const cem = await enterChatroom(cluster, 0, options);
      for (const one of [ann, bob, cem]) await told(one, ann.name, bob.name, cem.name);
      cem.client.leave();
      for (const one of [ann, bob]) await told(one, ann.name, bob.name); // what was announced before has been heard by then
      for (const { client } of [ann, bob, cem]) {
        expect(client.names.filter((list, i) => isDeepStrictEqual(list, client.names[i - 1]))).toEqual([]);
      }
    });

    test("each name once, however often the user is there, until the last connection has gone", async () => {
      const ann = await enterChatroom(cluster, 0, options);
      const name = newName("bob");
      const bobs = await Promise.all([0, 1, 1].map((node) => enterChatroom(cluster, node, options, name)));
      for (const one of [ann, ...bobs]) await told(one, ann.name, name);
      expect(ann.client.names.at(-1)?.total).toBe(2);
      for (const one of bobs.slice(1)) one.client.leave();
      await until("two to be gone", async () => (await cluster.store.presence.count("chat")) === 2);
      const cem = await enterChatroom(cluster, 1, options);
      for (const one of [ann, bobs[0] as Chatter, cem]) await told(one, ann.name, name, cem.name);
      bobs[0]?.client.leave();
      await told(ann, ann.name, cem.name);
    });

    test("a user that drops is named until its grace is over; one that comes back is named all the time", async () => {
      const proxy = await cluster.proxy(0);
      const [ann, bob, cem] = [
        await enterChatroom(cluster, 1, options),
        await enterChatroom(cluster, proxy, options),
        await enterChatroom(cluster, 1, options),
      ];
      await told(ann, ann.name, bob.name, cem.name);
      const before = ann.client.names.length;
      proxy.routeTo(cluster.node(1).port);
      proxy.cut();
      await bob.client.connected(2);
      await told(bob, ann.name, bob.name, cem.name); // also a recovered client is told at once who is there
      const id = String(cem.client.socket.id);
      cem.client.socket.io.reconnection(false);
      cem.client.cut();
      await graceOf(cluster, id);
      const dan = await enterChatroom(cluster, 0, options);
      await told(ann, ann.name, bob.name, cem.name, dan.name);
      await endGrace(cluster, id);
      await told(ann, ann.name, bob.name, dan.name);
      for (const { names } of ann.client.names.slice(before)) expect(names).toEqual(expect.arrayContaining([bob.name]));
    });

    test("many at once: at most one update a second, and the last one is right", async () => {
      const announcements = await watchAnnouncements(cluster, "chat");
      onTestFinished(announcements.stop);
      const ann = await enterChatroom(cluster, 0, options);
      await told(ann, ann.name);
      const before = ann.client.names.length;
      const others = [];
      for (let i = 0; i < 12; i += 1) others.push(await enterChatroom(cluster, i % 2, options));
      for (const { client } of others.slice(2)) client.leave();
      await told(ann, ...[ann, ...others.slice(0, 2)].map(({ name }) => name));
      const times = await announcements.times();
      expect(ann.client.names.length - before).toBeLessThanOrEqual(times.length);
      for (const [i, at] of times.slice(1).entries()) {
        expect(at - (times[i] ?? 0)).toBeGreaterThanOrEqual(ANNOUNCE_EVERY_MS);
      }
    });

    test("no more names than PEOPLE_LISTED, and how many there are; who comes moves nobody out", async () => {
      const all = [];
      for (let i = 0; i < LISTED + 2; i += 1) all.push(await enterChatroom(cluster, i % 2, options));
      const first = all.slice(0, LISTED).map(({ name }) => name);
      for (const { client } of all) {
        await until("all to be counted", () => client.names.at(-1)?.total === all.length);
        expect(client.names.at(-1)?.names).toEqual(first);
      }
      all[0]?.client.leave();
      const { client } = all[1] as Chatter;
      await until("one to be gone", () => client.names.at(-1)?.total === all.length - 1);
      expect(client.names.at(-1)?.names).toEqual(all.slice(1, LISTED + 1).map(({ name }) => name));
    });

    test("two connections of a user that come and go at once leave nothing behind", async () => {
      const [ann, name] = [await enterChatroom(cluster, 0, options), newName("bob")];
      for (let round = 0; round < 5; round += 1) {
        const staying = await enterChatroom(cluster, round % 2, options, name);
        const going = await Promise.all([0, 1].map((node) => enterChatroom(cluster, node, options, name)));
        const coming = enterChatroom(cluster, 1, options, name);
        for (const { client } of [...going, staying]) client.leave();
        (await coming).client.leave();
      }
      await until("the user to be gone", async () => (await cluster.redis.keys(`*${name}*`)).length === 0);
      await until("its name to be gone", async () => {
        const { names, total } = await cluster.store.online.names("chat", 100);
        return isDeepStrictEqual([names, total], [[ann.name], 1]);
      });
      await told(ann, ann.name);
    });
  });
}
