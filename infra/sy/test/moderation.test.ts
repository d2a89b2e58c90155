import { startCluster, type TestCluster, until } from "@switchyard/testkit";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { sy, syJson } from "./sy.ts";

let cluster: TestCluster;
let environment: Record<string, string>;
beforeAll(async () => {
  cluster = await startCluster({ environment: { LEASE_MS: 60_000, RECONNECT_GRACE_MS: 600_000 } });
  environment = { REDIS_URL: cluster.redisServer.url };
  return cluster.stop;
});

interface Described {
  readonly id: string;
  readonly until?: number;
}
const bans = async () => (await syJson<{ bans: Described[]; queues: string[] }>(environment, "bans")).bans;
const lay = (...args: readonly string[]) => syJson<Described>(environment, "ban", ...args, "--reason", "Spam");

afterEach(async () => {
  for (const { id } of await bans()) await sy(environment, "unban", id);
  await cluster.empty();
});

describe("ban", () => {
  test("a user is told why and disconnected for good; unban lets it in again", async () => {
    const client = await cluster.connect(1);
    await client.join();
    await client.receive("waiting_for_partner");
    const reason = new Promise((resolve) => client.socket.once("disconnect", resolve));
    const laid = await lay("user", client.user, "--dialect", "random", "--for", "2h", "--by", "max");
    expect(laid).toMatchObject({ kind: "user", whom: client.user, dialect: "random", reason: "Spam", by: "max" });
    expect(await reason).toBe("io server disconnect");
    const until = new Date(laid.until ?? 0).toISOString();
    expect(await client.receive("error")).toEqual({
      type: "banned",
      message: "You are banned.",
      reason: "Spam",
      until,
    });
    const again = await cluster.connect(1);
    const ask = () => again.request("join", { userId: client.user, type: "chat" });
    expect(await ask()).toMatchObject({ error: { code: "banned", reason: "Spam", until } });
    expect(await syJson(environment, "unban", laid.id, "--by", "eve", "--reason", "A mistake")).toEqual(laid);
    await untilOk(ask);
  });

  test("lists what is in force, with its end, and says what it did", async () => {
    const { code, text } = await sy(environment, "ban", "network", "203.0.113.9/24", "--reason", "Spam");
    expect([code, text]).toEqual([
      0,
      expect.stringMatching(/^network 203\.0\.113\.0\/24 is banned for good, everywhere; sy unban [0-9a-f]{24} lifts/),
    ]);
    await lay("address", "2001:db8::5", "--dialect", "chat", "--for", "15m");
    const listed = (await sy(environment, "bans")).text;
    expect(listed).toMatch(/network 203\.0\.113\.0\/24 +banned +everywhere +never +Spam +sy /);
    expect(listed).toMatch(/address 2001:db8::\/64 +banned +chat +in 1\d min +Spam +sy /);
    expect(listed).not.toContain("queues that have not");
  });

  test.each([
    ["an unknown kind", ["session", "ann", "--reason", "Spam"], /one of user, address, network/],
    ["no reason", ["user", "ann"], /--reason is needed/],
    ["no address", ["address", "ann", "--reason", "Spam"], /no IPv4 or IPv6 address/],
    ["everybody", ["network", "0.0.0.0/0", "--reason", "Spam"], /larger than \/8/],
    ["no time", ["user", "ann", "--reason", "Spam", "--for", "soon"], /--for must be a whole number and a unit/],
    ["an unknown dialect", ["user", "ann", "--reason", "Spam", "--dialect", "x"], /--dialect must be one of/],
  ])("%s is refused with 2, and nobody is banned", async (_, args, message) => {
    const { code, aside } = await sy(environment, "ban", ...args);
    expect([code, aside]).toEqual([2, expect.stringMatching(message)]);
    expect(await bans()).toEqual([]);
  });
});

test("a muted user is told so, stays and can be lifted by unban", async () => {
  const client = await cluster.connect(1, { namespace: "/rooms" });
  await client.request("join-room", { roomId: "hall", userName: "Ann" });
  const say = () => client.request("send-message", { roomId: "hall", message: "x" });
  const { text } = await sy(
    environment,
    "mute",
    "user",
    String(client.socket.id),
    "--for",
    "15m",
    "--reason",
    "Flooding",
  );
  expect(text).toMatch(/^user \S+ is muted for 15 min, everywhere; sy unban [0-9a-f]{24} lifts that$/);
  await until("it to be muted", async () => (await say()).error?.code === "muted");
  expect((await sy(environment, "bans")).text).toContain(" muted ");
  const [laid] = await bans();
  expect((await sy(environment, "unban", laid?.id ?? "")).text).toMatch(/is no longer muted/);
  await untilOk(say);
  expect((await sy(environment, "audit", "--limit", "2")).text).toMatch(/unmute[\s\S]*mute/);
  expect(client.connects).toBe(1);
});

test("one in the shadow pool is not told so; the operator sees it, and lifts it by unban", async () => {
  const [one, two] = [await cluster.connect(0), await cluster.connect(1)];
  const { code, text } = await sy(environment, "shadow", "user", one.user, "--for", "7d", "--reason", "Harassment");
  expect([code, text]).toEqual([
    0,
    expect.stringMatching(/^user \S+ is in the shadow pool for 7 d, everywhere; sy unban [0-9a-f]{24} lifts that$/),
  ]);
  for (const client of [one, two]) {
    await client.join();
    await client.receive("waiting_for_partner");
  }
  expect((await sy(environment, "bans")).text).toContain(" in the shadow pool ");
  const [laid] = await bans();
  expect((await sy(environment, "unban", laid?.id ?? "")).text).toMatch(/is no longer in the shadow pool/);
  for (const client of [one, two]) await client.receive("partner_found");
  expect((await sy(environment, "audit", "--limit", "2")).text).toMatch(/unshadow[\s\S]*shadow/);
  const { code: refused, aside } = await sy(environment, "shadow", "user", "ann", "--dialect", "chat", "--reason", "x");
  expect([refused, aside]).toEqual([2, expect.stringMatching(/In chat nobody is paired/)]);
});

test("unban ends with 1 where there is no such ban", async () => {
  expect(await sy(environment, "unban", "none")).toMatchObject({ code: 1, aside: "sy: there is no ban none\n" });
});

test("audit lists the actions, the latest first, page by page", async () => {
  const { id } = await lay("user", "carl", "--by", "max");
  await sy(environment, "unban", id, "--reason", "A mistake");
  interface Log {
    readonly entries: readonly { readonly id: string; readonly action: string; readonly by: string }[];
  }
  const { entries } = await syJson<Log>(environment, "audit", "--limit", "2");
  expect(entries).toMatchObject([
    { action: "unban", by: "sy", reason: "A mistake", ban: { id, whom: "carl" } },
    { action: "ban", by: "max", ban: { id, whom: "carl", reason: "Spam" } },
  ]);
  const before = await syJson<Log>(environment, "audit", "--limit", "1", "--before", entries[0]?.id ?? "");
  expect(before.entries).toEqual([entries[1]]);
  expect((await sy(environment, "audit", "--limit", "2")).text).toMatch(
    /sy +unban +user carl +everywhere +- +A mistake/,
  );
  expect(await sy(environment, "audit", "--before", "x")).toMatchObject({ code: 2 });
});

test("afterwards the keyspace is healthy", async () => {
  await lay("user", "carl");
  expect((await sy(environment, "doctor", "--settle", "1000")).text).toContain("Healthy");
});

function untilOk(ask: () => Promise<{ ok: boolean }>): Promise<boolean> {
  return until("it to be let in", async () => (await ask()).ok);
}
