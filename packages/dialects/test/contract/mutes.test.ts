import { startCluster, type TestCluster, until } from "@switchyard/testkit";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { JWT_SECRET } from "../chat/accounts.ts";
import { patient } from "../patient.ts";
import type { Driver, Event } from "./driver.ts";
import { drivers } from "./drivers.ts";
import { catchUp, listen, numbered, numbersIn } from "./hearing.ts";
import { ADMIN_TOKEN, ban, liftBans } from "./operators.ts";
import { dialects, served } from "./served.ts";

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ dialects: served, environment: { ...patient, JWT_SECRET, ADMIN_TOKEN } });
  return cluster.stop;
});
afterEach(async () => {
  await liftBans(cluster);
  await cluster.empty();
});

const muted = { code: "muted", message: "You are muted.", reason: "Spam", retryable: false };

describe.each(drivers)("$dialect: a mute", (driver: Driver) => {
  const isRefused = ([name]: Event) =>
    dialects.find(({ name: dialect }) => dialect === driver.dialect)?.commands.get(name)?.refusedIfMuted === true;

  test("refuses messages and calls to others, with the reason; everything else goes on", async () => {
    const clients = await Promise.all([driver.connect(cluster, 0), driver.connect(cluster, 1)]);
    const { sides, samples, signal } = await driver.meet(...clients);
    const [one, two] = sides;
    const record = await cluster.store.sessions.read(String(two.socket.id));
    const refused = samples.filter(isRefused);
    expect(refused).not.toEqual([]);
    await ban(cluster, "user", record?.user ?? "", { effect: "mute", dialect: driver.dialect });
    const [first = ["?"]] = refused;
    await until("it to be muted", async () => (await two.request(...first)).error?.code === "muted");
    await catchUp(one, two);
    const received = listen(one, two);
    for (const event of refused) expect((await two.request(...event)).error, event[0]).toEqual(muted);
    await catchUp(one, two);
    expect(received(one)).toEqual([]);
    const own = signal(two, numbered(1));
    if (!isRefused(own)) expect(await two.request(...own)).toMatchObject({ ok: true });
    expect(await one.request(...signal(one, numbered(2)))).toMatchObject({ ok: true });
    await catchUp(one, two);
    expect(numbersIn(received(two))).toEqual([2]);
    expect([one.connects, two.connects, two.socket.connected]).toEqual([1, 1, true]);
  });

  test("that is lifted is none, and one in another dialect neither", async () => {
    const clients = await Promise.all([driver.connect(cluster, 0), driver.connect(cluster, 1)]);
    const { sides, samples } = await driver.meet(...clients);
    const [, two] = sides;
    const [first = ["?"]] = samples.filter(isRefused);
    const user = (await cluster.store.sessions.read(String(two.socket.id)))?.user ?? "";
    await ban(cluster, "user", user, { effect: "mute" });
    const isMuted = async () => (await two.request(...first)).error?.code === "muted";
    await until("it to be muted", isMuted);
    const other = driver.dialect === "random" ? "rooms" : "random";
    await ban(cluster, "user", user, { effect: "mute", dialect: other });
    await liftBans(cluster);
    await until("it to be muted no longer", async () => !(await isMuted()));
  });
});

test("random: a muted user is paired like any other, and `typing` without a callback is refused without an error event", async () => {
  const [one, two] = [await cluster.connect(0), await cluster.connect(1)];
  await ban(cluster, "user", one.user, { effect: "mute", dialect: "random" });
  for (const client of [one, two]) await client.join();
  await two.receive("partner_found");
  await until("it to be muted", async () => (await one.request("typing", { isTyping: true })).error?.code === "muted");
  const received = listen(one);
  one.send("typing", { isTyping: true });
  one.send("send_message", { message: "?" });
  await catchUp(one);
  expect(received(one)).toEqual([["error", { type: "muted", message: "You are muted.", reason: "Spam" }]]);
});
