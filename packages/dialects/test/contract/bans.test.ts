import { startCluster, type TestClient, type TestCluster, until } from "@switchyard/testkit";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { JWT_SECRET, tokenFor } from "../chat/accounts.ts";
import { patient } from "../patient.ts";
import type { Driver, Event } from "./driver.ts";
import { drivers } from "./drivers.ts";
import { listen, numbered } from "./hearing.ts";
import { ADMIN_TOKEN, ban, liftBans } from "./operators.ts";
import { served } from "./served.ts";

const environment = { ...patient, JWT_SECRET, ADMIN_TOKEN, TRUST_PROXY: "loopback" };

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ dialects: served, environment });
  return cluster.stop;
});
afterEach(async () => {
  await liftBans(cluster);
  await cluster.empty();
});

/** Behind a proxy that both nodes trust. */
const from = (address: string) => ({ extraHeaders: { "x-forwarded-for": address } });
const banned = { type: "banned", message: "You are banned.", reason: "Spam" };
/** The node's answer to a client that may not connect; a transport that fails has none. */
const refusalOf = (client: TestClient) =>
  new Promise<{ data?: object }>((resolve) => {
    client.socket.on("connect_error", (error: Error & { data?: object }) => error.data && resolve(error));
  });
/** Resolves when the second node knows of the ban of an address: then it knows of those before, too. */
const nodesKnow = (address: string) => refusalOf(cluster.client(1, { namespace: "/rooms", ...from(address) }));

/** Two in different networks, at different nodes. */
async function meet(driver: Driver, addresses = ["198.51.100.1", "203.0.113.7"]) {
  const [one = "", two = ""] = addresses;
  const clients = await Promise.all([driver.connect(cluster, 0, from(one)), driver.connect(cluster, 1, from(two))]);
  const meeting = await driver.meet(...clients);
  const gone = new Promise<string>((resolve) => meeting.sides[1].socket.once("disconnect", resolve));
  const id = String(meeting.sides[1].socket.id);
  const record = await cluster.store.sessions.read(id);
  return { meeting, gone, id, user: record?.user ?? "" };
}

async function expectOut(driver: Driver, gone: Promise<string>, id: string, own: Event[], others: () => Event[]) {
  expect(await gone).toBe("io server disconnect"); // a stock client does not come back by itself then
  expect(own).toMatchObject([["error", banned]]);
  await until("the other to hear so", () => others().length >= driver.left.length);
  const names = others().map(([name]) => name);
  expect(names.toSorted()).toEqual([...driver.left].toSorted());
  await until("the session to be gone", async () => !(await cluster.store.sessions.exists(id)));
}

describe.each(drivers)("$dialect: a ban", (driver) => {
  const { dialect } = driver;

  test("of a user ends the connection at another node; the other one, from the same address, hears so and stays", async () => {
    const { meeting, gone, id, user } = await meet(driver, ["203.0.113.7", "203.0.113.7"]);
    const [one, two] = meeting.sides;
    const received = listen(one, two);
    const later = new Date(cluster.store.clock.now() + 3_600_000).toISOString();
    await ban(cluster, "user", user, { dialect, seconds: 3600 });
    await expectOut(driver, gone, id, received(two), () => received(one));
    const [[, error] = []] = received(two) as [string, { until: string }][];
    expect(error?.until.slice(0, 10)).toBe(later.slice(0, 10));
    expect([one.connects, one.socket.connected]).toEqual([1, true]);
  });

  test("of a user in another dialect, or of somebody else, changes nothing", async () => {
    const { meeting, user } = await meet(driver);
    const [one, two] = meeting.sides;
    await ban(cluster, "user", user, { dialect: dialect === "random" ? "rooms" : "random" });
    await ban(cluster, "user", `${user}-`);
    await ban(cluster, "network", "203.0.112.0/24");
    await nodesKnow("203.0.112.9");
    expect(await two.request(...meeting.signal(two, numbered(1)))).toMatchObject({ ok: true });
    expect([one.connects, two.connects]).toEqual([1, 1]);
  });

  test.each([
    ["a /24", "203.0.113.7", "network", "203.0.113.0/24", "203.0.113.99", "203.0.112.7"],
    [
      "the /64 of an IPv6 address",
      "2001:db8:1:2::7",
      "address",
      "2001:db8:1:2:3::",
      "2001:db8:1:2::99",
      "2001:db8:1:3::7",
    ],
  ])("of %s ends what is connected from there, and lets nobody else in from there", async (...row) => {
    const [, address, kind, whom, beside, outside] = row;
    const { meeting, gone, id } = await meet(driver, ["198.51.100.1", address]);
    const [one, two] = meeting.sides;
    const received = listen(one, two);
    await ban(cluster, kind, whom, { dialect });
    await expectOut(driver, gone, id, received(two), () => received(one));
    const namespace = `/${dialect}`;
    const auth = { token: tokenFor({ sub: "somebody" }) };
    const refused = cluster.client(1, { namespace, auth, ...from(beside) });
    expect(await refusalOf(refused)).toMatchObject({ data: { code: "banned", reason: "Spam", retryable: false } });
    await cluster.connect(1, { namespace, auth, ...from(outside) });
  });

  test("is in force on return: the session can't be resumed, and ends, which the others hear", async () => {
    const proxy = await cluster.proxy(1);
    const [one, two] = await Promise.all([
      driver.connect(cluster, 0, from("198.51.100.1")),
      driver.connect(cluster, proxy, from("203.0.113.7")),
    ]);
    await driver.meet(one, two);
    const received = listen(one);
    const refusal = refusalOf(two);
    const id = String(two.socket.id);
    proxy.routeTo(1); // nobody listens there
    proxy.cut();
    await until("its grace to have begun", async () => !(await cluster.store.sessions.isConnected(id)));
    await ban(cluster, "network", "203.0.113.0/24");
    await nodesKnow("203.0.113.1");
    proxy.routeTo(cluster.node(1).port);
    expect(await until("it to be refused", () => refusal.then(({ data }) => data))).toMatchObject({ code: "banned" });
    await until("the other to hear so", () => received(one).length >= driver.left.length);
    await until("the session to be gone", async () => !(await cluster.store.sessions.exists(id)));
  });

  test("that is lifted is none", async () => {
    const { gone, user } = await meet(driver);
    await ban(cluster, "user", user);
    await ban(cluster, "address", "203.0.113.7");
    await gone;
    await liftBans(cluster);
    await until("the node to know so", async () => {
      const client = cluster.client(1, { namespace: "/rooms", ...from("203.0.113.7") });
      return Promise.race([client.connected().then(() => true), refusalOf(client).then(() => false)]);
    });
    const { meeting } = await meet(driver);
    const [, two] = meeting.sides;
    expect(await two.request(...meeting.signal(two, numbered(1)))).toMatchObject({ ok: true });
  });
});

describe.each(drivers.filter(({ takeover }) => takeover))("$dialect: the opening event of a banned user", (driver) => {
  test("is refused at every node and changes nothing, at the dialect's namespace and at the root", async () => {
    const { meeting, gone, user } = await meet(driver);
    await ban(cluster, "user", user, { dialect: driver.dialect });
    await gone;
    for (const namespace of [`/${driver.dialect}`, "/"]) {
      const client = await cluster.connect(1, { namespace });
      const event = driver.opening?.({ ...client, user } as TestClient) ?? [""];
      expect((await client.request(...event)).error).toEqual({
        code: "banned",
        message: banned.message,
        reason: "Spam",
        retryable: false,
      });
      expect((await cluster.store.sessions.read(String(client.socket.id)))?.user).toBeUndefined();
      const own = driver.opening?.(client) ?? [""];
      expect(await client.request(...own), "as somebody else").toMatchObject({ ok: true });
    }
    expect(meeting.sides[1].socket.connected).toBe(false);
  });
});

describe("chat: the token of a banned user", () => {
  test("opens nothing, at any node", async () => {
    const name = `ann-${crypto.randomUUID().slice(0, 8)}`;
    const options = { namespace: "/chat", auth: { token: tokenFor({ sub: name }) } };
    const client = await cluster.connect(1, options);
    const gone = new Promise((resolve) => client.socket.once("disconnect", resolve));
    await ban(cluster, "user", name);
    await gone;
    const refused = cluster.client(1, options);
    expect(await refusalOf(refused)).toMatchObject({ message: banned.message, data: { code: "banned" } });
  });
});
