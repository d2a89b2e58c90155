import { startCluster, type TestCluster, until } from "@switchyard/testkit";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { JWT_SECRET } from "../chat/accounts.ts";
import { patient } from "../patient.ts";
import { apart, expectToBeBack, say } from "./apart.ts";
import { drivers } from "./drivers.ts";
import { catchUp, listen, nothingSince, numbered, numbersIn, range } from "./hearing.ts";
import { served } from "./served.ts";

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ dialects: served, environment: { ...patient, JWT_SECRET } });
  return cluster.stop;
});
afterEach(() => cluster.empty());

describe.each(drivers)("$dialect: a connection that breaks", (driver) => {
  test("goes on at another node; what it missed comes once and in order; nobody notices", async () => {
    const { proxy, away, here, meeting, id } = await apart(driver, cluster, 1);
    const received = listen(away, here);
    proxy.routeTo(1); // nobody listens there
    proxy.cut();
    await until("it to be gone", async () => (await cluster.store.sessions.read(String(id)))?.state === "detached");
    expect(await say(meeting, here, range(30))).toEqual(range(30).map(() => ({ ok: true })));
    proxy.routeTo(cluster.node(0).port);
    await expectToBeBack(away, id);
    await say(meeting, here, [30]);
    await say(meeting, away, [0, 1]);
    await catchUp(away, here);
    expect(numbersIn(received(away))).toEqual(range(31));
    expect(numbersIn(received(here))).toEqual([0, 1]);
    expect([received(away).length, received(here).length]).toEqual([31, 2]);
  });

  test("again and again while both talk: nothing is lost, doubled or out of order", async () => {
    const { proxy, away, here, meeting, id } = await apart(driver, cluster, 1);
    const received = listen(away, here);
    for (const round of range(4)) {
      for (const i of range(10)) {
        away.send(...meeting.signal(away, numbered(round * 10 + i)));
        here.send(...meeting.signal(here, numbered(round * 10 + i)));
      }
      await until("some to be heard", () => received(away).length > round * 10);
      proxy.routeTo(cluster.node(round % 2).port);
      if (round % 2 === 0) away.cut();
      else proxy.cut();
      await expectToBeBack(away, id, round + 2);
    }
    await until("all to be heard", () => received(away).length >= 40);
    await catchUp(away, here);
    expect(numbersIn(received(away))).toEqual(range(40));
    // what was under way when the connection broke may be lost with it: it was not acknowledged
    const numbers = numbersIn(received(here));
    expect(numbers).toEqual([...new Set(numbers)].toSorted((a, b) => a - b));
    expect(received(here)).toHaveLength(numbers.length);
  });
});

describe.each(drivers.filter(({ opening }) => opening))("$dialect: a connection that broke", (driver) => {
  test("the opening event again: its reply again, and the other hears nothing", async () => {
    const { proxy, away, here, meeting, id } = await apart(driver, cluster, 1);
    proxy.routeTo(cluster.node(0).port);
    away.cut();
    await expectToBeBack(away, id);
    const received = listen(away, here);
    expect(await meeting.openAgain(away)).toMatchObject({ ok: true });
    await catchUp(away);
    expect(received(away).map(([name]) => name)).toEqual(driver.replies[0]);
    await nothingSince(received, here);
  });
});
