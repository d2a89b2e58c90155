import { startCluster, type TestCluster, until } from "@switchyard/testkit";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { JWT_SECRET } from "../chat/accounts.ts";
import { patient } from "../patient.ts";
import type { Driver, Meeting } from "./driver.ts";
import { drivers } from "./drivers.ts";
import { catchUp, numbered } from "./hearing.ts";
import { served } from "./served.ts";

const NODES = 2;
const SIGNALS = 1200;
/** How many are on their way at once. */
const AT_ONCE = 100;

/** What one signal is: one script, and what that does, all of it by the recipient's keys; and whether it comes too late. */
const perSignal = ["evalsha", "time", "hmget", "hset", "xadd", "spublish"];

/** What one of so many signals does besides: it looks through what the outbox no longer keeps, by number and by bytes. */
const oneIn: Readonly<Record<string, number>> = { xtrim: 64, xrange: 64 };

/** What nodes do however much is said, and this test: how often a second at most, all together. */
const background: Readonly<Record<string, number>> = {
  info: 2 + NODES, // the memory of Redis, and this test
  ping: 3 * NODES, // this test, and each connection's sign of life
  zrangebyscore: 6 * NODES,
  zrange: 2 * NODES,
  zscan: 2 * NODES, // sessions whose grace is over, or that are nobody's
  hincrby: 2 * NODES, // what was said is counted once a second
  multi: NODES,
  set: NODES,
  incrby: NODES,
  pttl: NODES,
  exec: NODES, // limits, once in a long while
  hget: NODES, // the revision of the bans
  time: NODES,
  evalsha: 3 * NODES,
  zscore: NODES,
  zadd: NODES,
  hset: 2 * NODES, // leases
  hmget: NODES,
  hlen: NODES,
  zcard: NODES,
  spublish: NODES, // how many there are, once a second
};

/** The matchmakers of a deployment go on, and ask Redis too. */
const isDeployed = process.env["SWITCHYARD_DEPLOYMENT"] !== undefined;

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({
    dialects: served,
    nodes: NODES,
    matchmakers: 0,
    environment: { ...patient, JWT_SECRET },
  });
  return cluster.stop;
});
afterEach(() => cluster.empty());

/** Two who have met, on two nodes. Whoever paired them is gone again. */
async function meet(driver: Driver): Promise<Meeting> {
  const matchmaker = driver.matchmakers > 0 ? await cluster.start("matchmaker") : undefined;
  const [one, two] = await Promise.all([driver.connect(cluster, 0), driver.connect(cluster, 1)]);
  const meeting = await driver.meet(one, two);
  await matchmaker?.stop();
  await catchUp(one, two);
  return meeting;
}

async function calls(): Promise<Map<string, number>> {
  const lines = (await cluster.redis.info("commandstats")).matchAll(/^cmdstat_([^:]+):calls=(\d+)/gm);
  return new Map([...lines].map(([, command = "", count]) => [command, Number(count)]));
}

/** What Redis was asked while something was done, in scripts too. */
interface Measured {
  readonly counts: ReadonlyMap<string, number>;
  /** How often it is asked that in that time anyway, at most. */
  beside(command: string): number;
}

async function commandsOf(act: () => Promise<void>): Promise<Measured> {
  const from = performance.now();
  const before = await calls();
  await act();
  const after = await calls();
  const seconds = (performance.now() - from) / 1000;
  const counts = [...after].map(([command, count]) => [command, count - (before.get(command) ?? 0)] as const);
  return {
    counts: new Map(counts.filter(([, count]) => count > 0)),
    beside: (command) => Math.ceil(seconds + 1) * (background[command] ?? 0),
  };
}

/** The same of something that is done again where it took so long that what it costs would be lost in the rest. */
function quickCommandsOf(act: () => Promise<void>): Promise<Measured> {
  return until("the machine to be quick enough", async () => {
    const measured = await commandsOf(act);
    return perSignal.every((command) => measured.beside(command) < SIGNALS / 10) && measured;
  });
}

describe.each(drivers)("$dialect: a signal", (driver) => {
  test.skipIf(isDeployed)(
    "is one script for Redis, which reads, numbers, keeps and publishes once; nothing else grows with them",
    async () => {
      const { sides, signal } = await meet(driver);
      const [one, two] = sides;
      await one.request(...signal(one, numbered(0))); // who goes by the other's name is asked once
      await catchUp(two);
      const { counts, beside } = await quickCommandsOf(async () => {
        for (let sent = 0; sent < SIGNALS; sent += AT_ONCE) {
          const answers = await Promise.all(
            Array.from({ length: AT_ONCE }, (_, i) => one.request(...signal(one, numbered(sent + i)))),
          );
          expect(answers.filter(({ ok }) => !ok)).toEqual([]);
        }
      });
      const own = perSignal.map((command) => [command, (counts.get(command) ?? 0) - SIGNALS] as const);
      const others = [...counts].filter(([command]) => !perSignal.includes(command));
      for (const [command, more] of [...own, ...others]) {
        expect(more, command).toBeGreaterThanOrEqual(0);
        expect(more, command).toBeLessThanOrEqual(
          beside(command) + SIGNALS / (oneIn[command] ?? Number.POSITIVE_INFINITY),
        );
      }
      expect(counts.get("xadd")).toBe(SIGNALS); // nobody else adds anything
    },
  );
});
