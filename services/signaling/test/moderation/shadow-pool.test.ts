import { ban, type Cluster, unban } from "@switchyard/core";
import { dialectLimitsOf, dialects, openContexts } from "@switchyard/dialects";
import { startCluster, type TestClient, type TestCluster, until } from "@switchyard/testkit";
import { afterEach, beforeAll, expect, test } from "vitest";
import { readSignalingConfig } from "../../src/config.ts";
import { patient } from "../patient.ts";

let cluster: TestCluster;
let operator: Cluster;
beforeAll(async () => {
  cluster = await startCluster({ environment: { ...patient, TRUST_PROXY: "loopback", MATCH_WIDEN_MS: 0 } });
  const contexts = openContexts(dialects, cluster.store, dialectLimitsOf(readSignalingConfig({})));
  operator = { store: cluster.store, contexts, graceMs: 0 };
  return cluster.stop;
});
afterEach(async () => {
  for (const { id } of (await cluster.store.moderation.load()).bans) await unban(operator, id, "tests");
  await cluster.empty();
});

const shadow = (kind: "user" | "address" | "network", whom: string) =>
  ban(operator, { effect: "shadow", kind, whom, reason: "Harassment", by: "tests" });
const from = (address: string) => ({ extraHeaders: { "x-forwarded-for": address } });
const partnerOf = async (client: TestClient) =>
  ((await client.receive("partner_found")) as { partnerId: string }).partnerId;

async function waiting(node: number, address = "198.51.100.1"): Promise<TestClient> {
  const client = await cluster.connect(node, from(address));
  await client.join();
  await client.receive("waiting_for_partner");
  return client;
}

/** What a client receives, each event with the names of its fields. */
function notesOf(client: TestClient): [string, string[]][] {
  const notes: [string, string[]][] = [];
  client.socket.onAny((name: string, content: unknown) => {
    if (name !== "user_count_update") notes.push([name, Object.keys(Object(content)).toSorted()]);
  });
  return notes;
}

test("its members meet each other only, and receive what all others do", async () => {
  const clients = await Promise.all([0, 1, 0, 1].map((node) => cluster.connect(node)));
  const [one, two, three, four] = clients as [TestClient, TestClient, TestClient, TestClient];
  await shadow("user", one.user);
  await shadow("user", four.user);
  const notes = clients.map(notesOf);
  const answers: unknown[] = [];
  for (const client of [one, two]) {
    answers.push(await client.request("join", { userId: client.user, type: "chat" }));
    await client.receive("waiting_for_partner");
  }
  for (const client of [three, four]) answers.push(await client.request("join", { userId: client.user, type: "chat" }));
  expect(await Promise.all([partnerOf(one), partnerOf(two)])).toEqual([four.user, three.user]);
  answers.push(
    await one.request("send_message", { message: "x" }),
    await two.request("send_message", { message: "x" }),
  );
  expect(await Promise.all([partnerOf(three), partnerOf(four)])).toEqual([two.user, one.user]);
  for (const client of [three, four]) await client.receive("new_message");
  one.leave();
  two.leave();
  for (const client of [three, four]) await client.receive("partner_disconnected");
  expect(notes[0]).toEqual(notes[1]);
  expect(notes[3]).toEqual(notes[2]);
  expect(notes.flat().filter(([name]) => name === "error")).toEqual([]);
  expect(answers.every((answer) => (answer as { ok: boolean }).ok)).toBe(true);
});

test.each([
  ["user", (client: TestClient) => client.user],
  ["address", () => "203.0.113.7"],
  ["network", () => "203.0.113.0/24"],
] as const)(
  "those who wait already are moved when their %s is put into it, and again when that is lifted",
  async (kind, whomOf) => {
    const moved = await waiting(0, "203.0.113.7");
    const { id } = await shadow(kind, whomOf(moved));
    const [two, three] = [await waiting(1), await cluster.connect(0)];
    await three.join();
    expect(await partnerOf(two)).toBe(three.user);
    const four = await waiting(1);
    expect(moved.unread()).toEqual([]);
    await unban(operator, id, "tests");
    expect(await partnerOf(moved)).toBe(four.user);
  },
);

test("one that ends by itself is over when the sweep has removed it", async () => {
  const moved = await waiting(0);
  const until = cluster.store.clock.now() + 300;
  await ban(operator, { effect: "shadow", kind: "user", whom: moved.user, until, reason: "Harassment", by: "tests" });
  const other = await cluster.connect(1);
  await other.join();
  expect(await partnerOf(moved)).toBe(other.user);
  expect((await cluster.store.moderation.load()).bans).toEqual([]);
});

test("a pair that exists goes on, and what follows it is in the pool", async () => {
  const [one, two] = [await waiting(0), await cluster.connect(1)];
  await two.join();
  expect(await Promise.all([partnerOf(one), partnerOf(two)])).toEqual([two.user, one.user]);
  await shadow("user", one.user);
  expect(await one.request("send_message", { message: "x" })).toMatchObject({ ok: true });
  await two.receive("new_message");
  const [three, four] = [await waiting(0), await cluster.connect(1)];
  await shadow("user", four.user);
  expect(await one.request("next")).toMatchObject({ ok: true });
  await one.receive("waiting_for_partner");
  await four.join();
  expect(await partnerOf(one)).toBe(four.user);
  expect(three.unread()).toEqual([]);
});

test("a client that comes back from a network in the pool is in it", async () => {
  await shadow("network", "203.0.113.0/24");
  const roaming = await waiting(0);
  (roaming.socket.io.opts as { extraHeaders?: object }).extraHeaders = from("203.0.113.7").extraHeaders;
  roaming.cut();
  await roaming.connected(2);
  expect(roaming.connections[1]?.recovered).toBe(true);
  await until("its ticket to be renewed", async () => {
    const [queued] = await cluster.store.queues.find("chat", [String(roaming.socket.id)]);
    return queued?.ticket.network?.startsWith("411001011000000000111000100000111") === true;
  });
  const outside = await waiting(1);
  const inside = await cluster.connect(1, from("203.0.113.99"));
  await inside.join();
  expect(await partnerOf(roaming)).toBe(inside.user);
  expect(outside.unread()).toEqual([]);
});

test.each([
  ["rooms", /nobody is paired/],
  ["chat", /nobody is paired/],
  ["nonsense", /no dialect/],
])("there is none in %s", async (dialect, message) => {
  const asked = { effect: "shadow", kind: "user", whom: "ann", dialect, reason: "x", by: "tests" } as const;
  await expect(ban(operator, asked)).rejects.toThrow(message);
});
