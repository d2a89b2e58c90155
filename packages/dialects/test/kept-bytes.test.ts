import { startCluster, type TestClient, type TestCluster, until } from "@switchyard/testkit";
import { afterEach, beforeAll, expect, test } from "vitest";
import { type Chatter, enterChatroom, JWT_SECRET, newName, sendMessage } from "./chat/accounts.ts";
import { patient } from "./patient.ts";
import { idOf, type Joined, joinRoom, newRoom, type Participant } from "./rooms/joined.ts";

/** Where nobody listens. */
const NOWHERE = 1;
const CROWD = 32;
/** What Redis takes for a stream with one small entry. */
const EMPTY = 4800;
const rooms = { namespace: "/rooms" };
const text = (i: number) => `${i} ${"x".repeat(3900)}`;
const range = (count: number) => Array.from({ length: count }, (_, i) => i);

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ matchmakers: 0, environment: { ...patient, JWT_SECRET } });
  return cluster.stop;
});
afterEach(() => cluster.empty());

/** The memory of all outboxes together. */
async function outboxBytes(): Promise<number> {
  const keys = await cluster.redis.keys("sy:{session:*}:out");
  const sizes = await Promise.all(keys.map((key) => cluster.redis.memory("USAGE", key, "SAMPLES", 0)));
  return sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0);
}

/** What all outboxes together grow by while something is done. */
async function growthBy(act: () => Promise<unknown>): Promise<number> {
  const before = await outboxBytes();
  await act();
  return (await outboxBytes()) - before;
}

/** A full meeting of people with long names, of whom all but two are connected through a proxy. */
async function fullMeeting() {
  const proxy = await cluster.proxy(0);
  const far = await Promise.all(range(CROWD - 2).map(() => cluster.connect(proxy, rooms)));
  const near = await Promise.all([cluster.connect(1, rooms), cluster.connect(1, rooms)]);
  const clients = [...near, ...far];
  const roomId = newRoom();
  for (const client of clients) await joinRoom(client, roomId, newName("名".repeat(100)));
  for (const client of clients) await client.caughtUp();
  return { roomId, clients, near, far, proxy };
}

const lastRosterOf = (client: TestClient) =>
  client.received.findLast(({ name }) => name === "participants-updated")?.args[0] as Participant[];

test("to join a meeting again and again does not fill an outbox with its history", async () => {
  const [ann, bob] = await Promise.all([cluster.connect(0, rooms), cluster.connect(1, rooms)]);
  const roomId = newRoom();
  for (const client of [ann, bob]) await joinRoom(client, roomId);
  for (const i of range(60)) await bob.request("send-message", { roomId, message: text(i) });
  await ann.caughtUp();
  const growth = await growthBy(async () => {
    for (const _ of range(30)) expect(await joinRoom(ann, roomId)).toMatchObject({ ok: true });
  });
  expect(growth).toBeLessThan(100_000);
  await ann.caughtUp();
  const joined = ann.received.flatMap(({ name, args }) => (name === "joined-room" ? [args[0] as Joined] : []));
  expect(joined).toHaveLength(31);
  expect(joined.at(-1)?.messages.map(({ message }) => message)).toEqual(range(60).map(text));
});

test("a flag set in a full meeting costs its outboxes no rosters; one roster for each member away, when it is back", async () => {
  const { roomId, clients, near, far, proxy } = await fullMeeting();
  const [ann] = near;
  const toggle = (isAudioMuted: boolean) => ann?.request("toggle-audio", { roomId, isAudioMuted });
  expect(await growthBy(async () => toggle(true))).toBeLessThan(60_000);
  for (const client of clients) await client.caughtUp();
  const ids = clients.map(idOf);
  proxy.routeTo(NOWHERE);
  proxy.cut();
  await until("all to be away", async () => {
    const records = await Promise.all(ids.slice(near.length).map((id) => cluster.store.sessions.read(id)));
    return records.every((record) => record?.state === "detached");
  });
  const before = far.map(({ received }) => received.length);
  const growth = await growthBy(async () => {
    for (const i of range(79)) await toggle(i % 2 === 1);
  });
  expect(growth).toBeLessThan(4_000_000);
  proxy.routeTo(cluster.node(0).port);
  for (const [i, client] of far.entries()) {
    await client.connected(2);
    expect(client.socket.recovered).toBe(true);
    await client.caughtUp();
    const names = client.received.slice(before[i]).map(({ name }) => name);
    expect(names.filter((name) => name === "participant-audio-toggled")).toHaveLength(79);
    expect(names.filter((name) => name === "participants-updated")).toHaveLength(1);
    expect(lastRosterOf(client).map(({ id }) => id)).toEqual(ids);
    expect(lastRosterOf(client)[0]).toMatchObject({ isAudioMuted: false });
  }
});

test("to connect to the chatroom does not copy its history", async () => {
  const chat = { namespace: "/chat" };
  const ann = await enterChatroom(cluster, 0, chat);
  for (const i of range(98)) await sendMessage(ann, text(i));
  const others: Chatter[] = [];
  const growth = await growthBy(async () => {
    for (const i of range(10)) others.push(await enterChatroom(cluster, i % 2, chat));
  });
  expect(growth).toBeLessThan(10 * EMPTY + 20_000);
  for (const { history } of others) expect(history.map((message) => message.text)).toEqual(range(98).map(text));
});
