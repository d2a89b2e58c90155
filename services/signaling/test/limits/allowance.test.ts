import { randomUUID } from "node:crypto";
import { createLogger } from "@switchyard/runtime";
import { openMonitor, until } from "@switchyard/testkit";
import fc from "fast-check";
import { Redis } from "ioredis";
import { afterAll, expect, inject, onTestFinished, test } from "vitest";
import { Allowance, type AllowanceOptions, Outage } from "../../src/limits/allowance.ts";

import { leftOf, withinWindow } from "./waiting.ts";

/** A window that no test outlasts, in seconds. */
const HOUR = 3600;

const connections: Redis[] = [];
afterAll(() => {
  for (const redis of connections) redis.disconnect();
});

const connect = () => {
  const redis = new Redis(inject("redisUrl"), {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    lazyConnect: true,
  });
  redis.on("error", () => {});
  connections.push(redis);
  return redis.connect().then(() => redis);
};
const redisOf = await Promise.all(Array.from({ length: 5 }, connect));
const silent = createLogger("silent", {});

/** Several nodes that count one limit. */
const nodesWith = (options: AllowanceOptions, count = 1) =>
  redisOf.slice(0, count).map((redis) => new Allowance(redis, options, new Outage(silent)));
const someone = () => `sy:{limit:test:${randomUUID()}}`;

/** How many of so many events a node lets pass. */
async function passed(node: Allowance, key: string, events: number): Promise<number> {
  const answers = await Promise.all(Array.from({ length: events }, () => node.take(key)));
  return answers.filter((waitMs) => waitMs === 0).length;
}

test("one node lets exactly the allowance pass, however it is asked", async () => {
  for (const points of [1, 2, 7, 10, 100, 600]) {
    const [node] = nodesWith({ points, duration: HOUR }) as [Allowance];
    const [atOnce, oneByOne] = [someone(), someone()];
    expect(await passed(node, atOnce, points + 50)).toBe(points);
    let count = 0;
    for (let i = 0; i < points + 5; i += 1) if ((await node.take(oneByOne)) === 0) count += 1;
    expect(count).toBe(points);
  }
});

test("of a small allowance two nodes let exactly that pass, asked at once, in turn, or while the subject becomes another", async () => {
  for (const points of [1, 3, 10, 19]) {
    const nodes = nodesWith({ points, duration: HOUR }, 2) as [Allowance, Allowance];
    const [atOnce, inTurn, before, after] = [someone(), someone(), someone(), someone()];
    const [here, there] = nodes.map((node) => passed(node, atOnce, points)) as [Promise<number>, Promise<number>];
    expect((await here) + (await there)).toBe(points);
    let count = 0;
    for (let i = 0; i < 2 * points; i += 1) if ((await nodes[i % 2]?.take(inTurn)) === 0) count += 1;
    expect(count).toBe(points);
    const early = passed(nodes[0], before, points);
    nodes[0].move(before, after);
    const late = passed(nodes[1], after, points);
    expect((await early) + (await late)).toBeGreaterThanOrEqual(points);
    expect(await passed(nodes[1], after, 1)).toBe(0);
  }
});

test("several nodes let at most the allowance pass, and for each node a tenth of it", async () => {
  const use = fc.record({ node: fc.nat(4), events: fc.integer({ min: 1, max: 40 }), pause: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 5 }),
      fc.constantFrom(1, 5, 20, 100),
      fc.array(use, { maxLength: 60 }),
      async (count, points, uses) => {
        const nodes = nodesWith({ points, duration: HOUR }, count);
        const key = someone();
        const running: Promise<number>[] = [];
        let asked = 0;
        for (const { node, events, pause } of uses) {
          const one = nodes[node % count] as Allowance;
          const some = passed(one, key, events);
          running.push(some);
          asked += events;
          if (pause) await some;
        }
        const total = (await Promise.all(running)).reduce((sum, some) => sum + some, 0);
        const inexact = points < 20 ? 0 : Math.floor(points / 10);
        expect(total).toBeLessThanOrEqual(points + count * inexact);
        expect(total).toBeGreaterThanOrEqual(Math.min(asked, points));
        for (const node of nodes) await passed(node, key, points); // each has learned it by now
        expect(await Promise.all(nodes.map((node) => passed(node, key, 20)))).toEqual(nodes.map(() => 0));
      },
    ),
    { numRuns: 60 },
  );
});

test("after the time that it says, the whole allowance is there again, at every node", async () => {
  await withinWindow(1000, async (waitFor) => {
    const [here, there] = nodesWith({ points: 20, duration: 1 }, 2) as [Allowance, Allowance];
    const key = someone();
    for (let round = 0; round < 3; round += 1) {
      const first = await passed(here, key, 15);
      const second = await passed(there, key, 15);
      expect(first + second).toBeGreaterThanOrEqual(20);
      await passed(here, key, 20);
      const waits = [await here.take(key), await there.take(key)];
      for (const waitMs of waits) {
        expect(waitMs).toBeGreaterThan(0);
        expect(waitMs).toBeLessThanOrEqual(1000);
      }
      await waitFor(Math.max(...waits));
    }
    expect(await passed(here, key, 30)).toBe(20);
  });
});

test("most events cost Redis nothing, and none of those that are refused", async () => {
  const [redis] = redisOf as [Redis];
  const [node] = nodesWith({ points: 600, duration: HOUR }) as [Allowance];
  const key = someone();
  const sent: string[] = [];
  const stop = await openMonitor(redis, (command, fromScript) => {
    if (!fromScript) sent.push(command.join(" "));
  });
  onTestFinished(stop);
  const asked = () => sent.filter((command) => command.includes(key)).length;
  for (let i = 0; i < 29; i += 1) expect(node.take(key)).toBe(0);
  await redis.echo(`${key} told nothing`);
  for (let i = 29; i < 600; i += 1) await node.take(key);
  expect(await passed(node, key, 1000)).toBe(0);
  await redis.echo(`${key} told all`);
  await until("all to be seen", () => sent.some((command) => command.includes(`${key} told all`)));
  expect(sent.findIndex((command) => command.includes(key))).toBe(
    sent.findIndex((command) => command.includes(`${key} told nothing`)),
  );
  expect(asked() - 2).toBe(600 / 30);
});

test("Redis away: every node goes by its own count, and says so once", async () => {
  const redis = await connect();
  const lines: string[] = [];
  const logger = { warn: () => lines.push("away"), info: () => lines.push("back") };
  const node = new Allowance(redis, { points: 10, duration: HOUR }, new Outage(logger as never));
  redis.disconnect();
  const key = someone();
  const from = performance.now();
  expect(await passed(node, key, 25)).toBe(10);
  expect(await node.take(key)).toBeGreaterThan(leftOf(HOUR * 1000, from));
  expect(lines).toEqual(["away"]);
  await until("the connection to be closed", () => redis.status === "end");
  await redis.connect();
  expect(await passed(node, someone(), 25)).toBe(10);
  expect(lines).toEqual(["away", "back"]);
});

test("who is idle is forgotten", async () => {
  await withinWindow(1000, async () => {
    const [node] = nodesWith({ points: 100, duration: 1 }) as [Allowance];
    for (let i = 0; i < 1000; i += 1) node.take(someone());
    expect(node.remembered).toBe(1000);
    await until("the idle to be forgotten", async () => {
      node.take("sy:{limit:test:busy}");
      return node.remembered === 1;
    });
  });
});
