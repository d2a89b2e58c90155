import { keys } from "@switchyard/store";
import { allWaysTo, openMonitor, startCluster, type TestClient, type TestCluster, until } from "@switchyard/testkit";
import { afterEach, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { endGrace, graceOf } from "../ending.ts";
import { patient } from "../patient.ts";
import { comeOnline, online, userOf } from "./callers.ts";
import { lists, modelOf } from "./users-known.ts";

const LISTED = 6;
const LEAST_INTERVAL_MS = 1000;
/** How often a node reads the list at most before it sends it. */
const ATTEMPTS = 3;

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ matchmakers: 0, environment: { ...patient, PEOPLE_LISTED: LISTED } });
  return cluster.stop;
});
afterEach(() => cluster.empty());

const ways = allWaysTo("calls").filter(({ transports }) => transports.length === 1);

describe.each(ways)("users-list after changes $way", (options) => {
  const connect = (node: number) => cluster.connect(node, options);

  test("to everyone online when somebody comes, is renamed or goes, beside the event; to nobody else", async () => {
    const idle = await connect(0);
    const [ann, bob] = await online(cluster, options, 2);
    await lists(ann, bob, ann);
    const renamed = { ...userOf(bob), username: "Bobby" };
    await comeOnline(bob, renamed);
    expect(await ann.receive("user-joined")).toEqual(renamed);
    await until("the new name", () => isEqual(ann.lists.at(-1), [renamed, userOf(ann)]));
    const cem = await connect(1);
    await comeOnline(cem);
    for (const client of [ann, bob]) {
      await until("the third", () => isEqual(client.lists.at(-1), [userOf(cem), renamed, userOf(ann)]));
    }
    bob.leave();
    for (const client of [ann, cem]) await lists(client, cem, ann);
    expect(idle.lists).toEqual([]);
    await idle.caughtUp();
    expect(idle.unread()).toEqual([]);
  });

  test("who comes has its own list, and is not sent the same again; nor is somebody alone", async () => {
    const [ann, bob] = await online(cluster, options, 2);
    await lists(ann, bob, ann);
    const cem = await connect(1);
    await comeOnline(cem);
    await lists(ann, cem, bob, ann);
    bob.leave();
    for (const client of [ann, cem]) await lists(client, cem, ann);
    expect(cem.lists).toEqual([[userOf(cem), userOf(ann)]]);
  });

  test("each list is what the events before it say, whoever comes and goes at once", async () => {
    const observers = await online(cluster, options, 2);
    for (const observer of observers.slice(0, 1)) await lists(observer, ...observers.toReversed());
    const models = observers.map((observer) => modelOf(observer, observers));
    for (let round = 0; round < 3; round += 1) {
      const guests = await Promise.all([0, 1, 0].map(connect));
      await Promise.all(guests.map((guest) => comeOnline(guest)));
      for (const guest of guests.slice(1)) guest.leave();
      for (const observer of observers) await lists(observer, ...guests.slice(0, 1), ...observers.toReversed());
      guests[0]?.leave();
      for (const observer of observers) await lists(observer, ...observers.toReversed());
    }
    for (const { strange } of models) expect(strange).toEqual([]);
  });

  test("many at once: at most one a second, and the last one is right", async () => {
    const [ann] = await online(cluster, options, 2);
    await until("the first list", () => ann.lists.length === 1);
    const from = performance.now();
    const guests = await Promise.all(Array.from({ length: 10 }, (_, i) => connect(i % 2)));
    for (const guest of guests) await comeOnline(guest);
    for (const guest of guests.slice(3)) guest.leave();
    await until("the last list", () => ann.lists.at(-1)?.length === 5);
    const after = ann.lists.length - 1;
    expect(after).toBeLessThanOrEqual(1 + (performance.now() - from) / LEAST_INTERVAL_MS);
    expect(ann.lists.at(-1)).toEqual(expect.arrayContaining(guests.slice(0, 3).map(userOf)));
  });

  test("of many the latest, everyone by an event all the same; read once for each node, not for each client", async () => {
    const clients = await Promise.all(Array.from({ length: 12 }, (_, i) => connect(i % 2)));
    for (const client of clients) await comeOnline(client);
    for (const client of clients.slice(0, -1)) await lists(client, ...clients.slice(-LISTED).toReversed());
    const arrivals = keys.presenceArrivals("calls");
    let reads = 0;
    const stop = await openMonitor(cluster.redis, ([command = "", key]) => {
      if (command.toLowerCase() === "zrevrange" && key === arrivals) reads += 1;
    });
    onTestFinished(stop);
    const last = await connect(0);
    await comeOnline(last);
    for (const client of clients) await lists(client, last, ...clients.slice(1 - LISTED).toReversed());
    expect(reads).toBeGreaterThan(0);
    expect(reads).toBeLessThanOrEqual(1 + 2 * ATTEMPTS);
    const [first] = clients as [TestClient];
    await first.caughtUp();
    expect(first.unread().slice(1)).toEqual([...clients.slice(1), last].map((one) => ["user-joined", userOf(one)]));
  });

  test("who is back after a drop, at another node, is sent what it is now; one that was replaced is sent none", async () => {
    const proxy = await cluster.proxy(0);
    const [bob, cem] = await online(cluster, options, 2);
    const ann = await cluster.connect(proxy, options);
    await comeOnline(ann);
    for (const client of [bob, cem]) await lists(client, ann, cem, bob);
    const id = String(ann.socket.id);
    proxy.routeTo(1); // nobody listens there
    proxy.cut();
    await graceOf(cluster, id);
    bob.leave();
    await lists(cem, ann, cem);
    const before = ann.lists.length;
    proxy.routeTo(cluster.node(1).port);
    await ann.connected(2);
    expect([ann.socket.recovered, ann.socket.id]).toEqual([true, id]);
    await until("a list", () => ann.lists.length > before);
    expect(ann.lists.at(-1)).toEqual([userOf(ann), userOf(cem)]);
    const fresh = await connect(0);
    await comeOnline(fresh, userOf(ann));
    await until("the eviction", () => ann.received.some(({ name }) => name === "error"));
    const sent = ann.lists.length;
    const dan = await connect(1);
    await comeOnline(dan);
    for (const client of [cem, fresh]) {
      await until("all three", () => isEqual(client.lists.at(-1), [userOf(dan), userOf(ann), userOf(cem)]));
    }
    await ann.caughtUp();
    expect(ann.lists).toHaveLength(sent);
  });

  test("one that is lost is listed until its grace is over", async () => {
    const [ann, bob, cem] = await online(cluster, options, 3);
    bob.socket.io.reconnection(false);
    const id = String(bob.socket.id);
    bob.cut();
    await graceOf(cluster, id);
    const dan = await connect(0);
    await comeOnline(dan);
    await lists(ann, dan, cem, bob, ann);
    await endGrace(cluster, id);
    for (const client of [ann, cem, dan]) await lists(client, dan, cem, ann);
  });
});

function isEqual(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
