import { startCluster, type TestCluster, until } from "@switchyard/testkit";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { JWT_SECRET } from "../chat/accounts.ts";
import { drivers } from "./drivers/index.ts";
import { listen, nothingSince, numbersIn, settle } from "./hearing.ts";

/** What the second node gives; the first one gives the default, which nobody waits for. */
const GRACE_MS = 1500;
/** Less than the default grace. */
const AT_ONCE_MS = 7000;

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ nodes: 1, environment: { JWT_SECRET, MATCH_WIDEN_MS: 600_000 } });
  await cluster.start("signaling", { RECONNECT_GRACE_MS: GRACE_MS });
  return cluster.stop;
});
afterEach(() => cluster.empty());

const replaced = ["error", { type: "replaced", message: "You are connected from somewhere else now." }];

describe.each(drivers)("$dialect: who goes", (driver) => {
  const meet = async () => {
    const [one, two] = await Promise.all([driver.connect(cluster, 0), driver.connect(cluster, 1)]);
    return driver.meet(one, two);
  };

  test("of its own is gone at once: the other hears so, once", async () => {
    const { sides } = await meet();
    const [one, two] = sides;
    const heard = listen(two);
    const from = performance.now();
    one.leave();
    await until("the other to hear so", () => heard(two).length >= driver.left.length);
    expect(performance.now() - from).toBeLessThan(AT_ONCE_MS);
    await settle(two);
    expect(
      heard(two)
        .map(([name]) => name)
        .toSorted(),
    ).toEqual([...driver.left].toSorted());
  });

  test("without a goodbye is gone when the grace is over: the other hears so, once", async () => {
    const { sides, signal } = await meet();
    const [one, two] = sides;
    const heard = listen(one);
    two.socket.io.reconnection(false);
    const from = performance.now();
    two.cut();
    expect(await one.ask(...(signal(one, 1) as [string, unknown]))).toMatchObject({ ok: true }); // it may come back
    await until("the other to hear so", () => heard(one).length >= driver.left.length);
    expect(performance.now() - from).toBeGreaterThan(GRACE_MS / 2); // the clocks of processes differ a little
    expect(
      heard(one)
        .map(([name]) => name)
        .toSorted(),
    ).toEqual([...driver.left].toSorted());
    const since = listen(one);
    expect((await one.ask(...(signal(one, 2) as [string, unknown]))).ok).toBe(false);
    await nothingSince(since, one);
  });
});

describe.each(drivers.filter(({ takeover }) => takeover))("$dialect: a user who is connected anew", (driver) => {
  test("is the newest connection; the old one is out, is told so, and stays connected", async () => {
    const [old, other] = await Promise.all([driver.connect(cluster, 0), driver.connect(cluster, 1)]);
    const { signal } = await driver.meet(old, other);
    const fresh = await driver.connect(cluster, 1);
    const heard = listen(old, other, fresh);
    expect(await driver.takeover?.(fresh, old)).toEqual({ ok: true });
    await settle(old, other, fresh);
    expect(heard(old)).toEqual([replaced]);
    expect(old.connects).toBe(1);
    const since = listen(old, other, fresh);
    expect((await old.ask(...(signal(old, 1) as [string, unknown]))).ok).toBe(false);
    other.tell(...(signal(other, 2) as [string, unknown]));
    await settle(old, other, fresh);
    expect(numbersIn([...since(old), ...since(other)])).toEqual([]);
    old.leave();
    await settle(other, fresh);
    expect(since(other).filter(([name]) => driver.left.includes(name))).toEqual([]);
  });
});
