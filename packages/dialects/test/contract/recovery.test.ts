import {
  type ServiceProcess,
  startProcessCluster,
  type TestClient,
  type TestCluster,
  until,
} from "@switchyard/testkit";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { JWT_SECRET } from "../chat/accounts.ts";
import type { Driver, Meeting } from "./driver.ts";
import { drivers } from "./drivers/index.ts";
import { listen, nothingSince, numbersIn, range, settle } from "./hearing.ts";

let cluster: TestCluster<ServiceProcess>;
/** The node that something happens to, another one for each test; node 0 stays. */
let victim: ServiceProcess;
beforeAll(async () => {
  const environment = { JWT_SECRET, MATCH_WIDEN_MS: 600_000, SHUTDOWN_MS: 3000, LEASE_MS: 1000 };
  cluster = await startProcessCluster({ nodes: 1, environment });
  return cluster.stop;
});
beforeEach(async () => {
  victim = await cluster.start("signaling");
  return async () => {
    await cluster.empty();
    await victim.kill();
  };
});

/** One who is at the victim, behind a door of its own, and one who is at the node that stays. */
async function apart(driver: Driver) {
  const door = await cluster.door(victim);
  const [away, here] = await Promise.all([driver.connect(cluster, door), driver.connect(cluster, 0)]);
  const meeting = await driver.meet(away, here);
  return { door, away, here, meeting, id: away.socket.id };
}

const say = ({ signal }: Meeting, from: TestClient, numbers: readonly number[]) =>
  Promise.all(numbers.map((i) => from.ask(...(signal(from, i) as [string, unknown]))));

async function expectToBeBack(away: TestClient, id: string | undefined, times = 2): Promise<void> {
  await away.connected(times);
  expect([away.socket.recovered, away.socket.id]).toEqual([true, id]);
}

describe.each(drivers)("$dialect: a connection that breaks", (driver) => {
  test("goes on at another node; what it missed comes once and in order; nobody notices", async () => {
    const { door, away, here, meeting, id } = await apart(driver);
    const heard = listen(away, here);
    door.leadTo(1); // nobody listens there
    door.cut();
    await until("it to be gone", async () => (await cluster.store.sessions.read(String(id)))?.state === "detached");
    expect(await say(meeting, here, range(30))).toEqual(range(30).map(() => ({ ok: true })));
    door.leadTo(cluster.node(0).port);
    await expectToBeBack(away, id);
    await say(meeting, here, [30]);
    await say(meeting, away, [0, 1]);
    await settle(away, here);
    expect(numbersIn(heard(away))).toEqual(range(31));
    expect(numbersIn(heard(here))).toEqual([0, 1]);
    expect([heard(away).length, heard(here).length]).toEqual([31, 2]);
  });

  test("again and again while both talk: nothing is lost, doubled or out of order", async () => {
    const { door, away, here, meeting, id } = await apart(driver);
    const heard = listen(away, here);
    const nodes = [cluster.node(0), victim];
    for (const round of range(4)) {
      for (const i of range(10)) {
        away.tell(...(meeting.signal(away, round * 10 + i) as [string, unknown]));
        here.tell(...(meeting.signal(here, round * 10 + i) as [string, unknown]));
      }
      await until("some to be heard", () => heard(away).length > round * 10);
      door.leadTo((nodes[round % 2] as ServiceProcess).port);
      if (round % 2 === 0) away.cut();
      else door.cut();
      await expectToBeBack(away, id, round + 2);
    }
    await until("all to be heard", () => heard(away).length >= 40);
    await settle(away, here);
    expect(numbersIn(heard(away))).toEqual(range(40));
    // what was under way when the connection broke may be lost with it: it was not acknowledged
    const numbers = numbersIn(heard(here));
    expect(numbers).toEqual([...new Set(numbers)].toSorted((a, b) => a - b));
    expect(heard(here)).toHaveLength(numbers.length);
  });
});

describe.each(drivers.filter(({ opening }) => opening))("$dialect: a connection that broke", (driver) => {
  test("the opening event again: its reply again, and the other hears nothing", async () => {
    const { door, away, here, meeting, id } = await apart(driver);
    door.leadTo(cluster.node(0).port);
    away.cut();
    await expectToBeBack(away, id);
    const heard = listen(away, here);
    expect(await meeting.openAgain(away)).toMatchObject({ ok: true });
    await settle(away);
    expect(heard(away).map(([name]) => name)).toEqual(driver.reply);
    await nothingSince(heard, here);
  });
});

describe.each(drivers)("$dialect: a node", (driver) => {
  test("is killed: its client goes on at another, with all that it missed; nobody notices", async () => {
    const { door, away, here, meeting, id } = await apart(driver);
    const heard = listen(away, here);
    const sent = say(meeting, here, range(100));
    await until("some to be heard", () => heard(away).length > 10);
    await victim.kill();
    door.leadTo(cluster.node(0).port);
    expect((await sent).every(({ ok }) => ok)).toBe(true);
    await expectToBeBack(away, id);
    await say(meeting, away, range(10));
    await settle(away, here);
    expect(numbersIn(heard(away))).toEqual(range(100));
    expect(numbersIn(heard(here))).toEqual(range(10));
    expect([heard(away).length, heard(here).length]).toEqual([100, 10]);
  });

  test("stops: it says so, and its client goes on at another; the other side hears nothing", async () => {
    const { door, away, here, meeting, id } = await apart(driver);
    const heard = listen(away, here);
    door.leadTo(cluster.node(0).port);
    victim.signal("SIGTERM");
    await expectToBeBack(away, id);
    expect(heard(away)).toEqual([["server-shutdown", { message: expect.any(String) }]]);
    expect(await victim.ended).toMatchObject({ code: 0, stderr: "" });
    await nothingSince(heard, here);
    await say(meeting, here, range(5));
    await settle(away);
    expect(numbersIn(heard(away))).toEqual(range(5));
    expect(victim.errors()).toEqual([]);
  });
});
