import { type Service, startCluster, type TestCluster, until } from "@switchyard/testkit";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { JWT_SECRET } from "../chat/accounts.ts";
import { endGrace, graceOf } from "../ending.ts";
import { patient } from "../patient.ts";
import type { Driver, Event } from "./driver.ts";
import { drivers } from "./drivers.ts";
import { catchUp, listen, nothingSince, numbered, numbersIn } from "./hearing.ts";
import { served } from "./served.ts";

let cluster: TestCluster;
/** A node that gives next to no grace. */
let hasty: Service;
beforeAll(async () => {
  cluster = await startCluster({ dialects: served, environment: { ...patient, JWT_SECRET } });
  hasty = await cluster.start("signaling", { RECONNECT_GRACE_MS: 300 });
  return cluster.stop;
});
afterEach(() => cluster.empty());

async function meet(driver: Driver, second: number | Service = 1) {
  const [one, two] = await Promise.all([driver.connect(cluster, 0), driver.connect(cluster, second)]);
  return driver.meet(one, two);
}

const replaced = ["error", { type: "replaced", message: "You are connected from somewhere else now." }];

describe.each(drivers)("$dialect: who goes", (driver) => {
  const expectGone = async (received: () => readonly Event[]) => {
    await until("the other to hear so", () => received().length >= driver.left.length);
    const names = received().map(([name]) => name);
    expect(names.toSorted()).toEqual([...driver.left].toSorted());
  };

  test("of its own is gone at once: the other hears so, once", async () => {
    const { sides } = await meet(driver);
    const [one, two] = sides;
    const received = listen(two);
    one.leave();
    await expectGone(() => received(two)); // the grace is longer than anything is waited for
    await catchUp(two);
    await expectGone(() => received(two));
  });

  test("that drops is gone when the grace is over: the other receives that, once", async () => {
    const { sides, signal } = await meet(driver);
    const [one, two] = sides;
    const id = String(two.socket.id);
    const received = listen(one);
    two.socket.io.reconnection(false);
    const from = cluster.store.clock.now();
    two.cut();
    const { deadline } = await graceOf(cluster, id);
    expect(deadline - from).toBeGreaterThan(patient.RECONNECT_GRACE_MS / 2); // the clocks of processes differ a little
    expect(await one.request(...signal(one, numbered(1)))).toMatchObject({ ok: true }); // it may come back
    await nothingSince(received, one);
    await endGrace(cluster, id);
    await expectGone(() => received(one));
    const since = listen(one);
    expect((await one.request(...signal(one, numbered(2)))).ok).toBe(false);
    await nothingSince(since, one);
    await expectGone(() => received(one));
  });

  test("without a goodbye, from a node that gives little grace, is gone by itself", async () => {
    const { sides } = await meet(driver, hasty);
    const [one, two] = sides;
    const received = listen(one);
    two.socket.io.reconnection(false);
    two.cut();
    await expectGone(() => received(one));
  });
});

describe.each(drivers.filter(({ takeover }) => takeover))("$dialect: a user who is connected anew", (driver) => {
  test("is the newest connection; the old one receives `replaced`, is out, and stays connected", async () => {
    const { sides, signal } = await meet(driver);
    const [old, other] = sides;
    const fresh = await driver.connect(cluster, 1);
    const received = listen(old, other, fresh);
    expect(await driver.takeover?.(fresh, old)).toEqual({ ok: true });
    await catchUp(old, other, fresh);
    expect(received(old)).toEqual([replaced]);
    expect(old.connects).toBe(1);
    const since = listen(old, other, fresh);
    expect((await old.request(...signal(old, numbered(1)))).ok).toBe(false);
    other.send(...signal(other, numbered(2)));
    await catchUp(old, other, fresh);
    expect(numbersIn([...since(old), ...since(other)])).toEqual([]);
    old.leave();
    await catchUp(other, fresh);
    expect(since(other).filter(([name]) => driver.left.includes(name))).toEqual([]);
  });
});
