import { startCluster, type TestCluster, until } from "@switchyard/testkit";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { JWT_SECRET } from "../chat/accounts.ts";
import { patient } from "../patient.ts";
import { apart, expectToBeBack, say } from "./apart.ts";
import { drivers } from "./drivers/index.ts";
import { listen, nothingSince, numbersIn, range, settle } from "./hearing.ts";

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ environment: { ...patient, JWT_SECRET } });
  return cluster.stop;
});
afterEach(() => cluster.empty());

describe.each(drivers)("$dialect: a connection that breaks", (driver) => {
  test("goes on at another node; what it missed comes once and in order; nobody notices", async () => {
    const { door, away, here, meeting, id } = await apart(driver, cluster, 1);
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
    const { door, away, here, meeting, id } = await apart(driver, cluster, 1);
    const heard = listen(away, here);
    for (const round of range(4)) {
      for (const i of range(10)) {
        away.tell(...(meeting.signal(away, round * 10 + i) as [string, unknown]));
        here.tell(...(meeting.signal(here, round * 10 + i) as [string, unknown]));
      }
      await until("some to be heard", () => heard(away).length > round * 10);
      door.leadTo(cluster.node(round % 2).port);
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
    const { door, away, here, meeting, id } = await apart(driver, cluster, 1);
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
