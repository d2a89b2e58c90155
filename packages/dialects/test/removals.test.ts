import { pairClients, startCluster, type TestClient, type TestCluster, until } from "@switchyard/testkit";
import { afterEach, beforeAll, expect, test } from "vitest";
import { enterChatroom, JWT_SECRET, messagesOf, sendMessage } from "./chat/accounts.ts";
import { ADMIN_TOKEN } from "./contract/operators.ts";
import { patient } from "./patient.ts";
import { idOf, type Joined, joinRoom, roomOf } from "./rooms/joined.ts";

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ environment: { ...patient, JWT_SECRET, ADMIN_TOKEN } });
  return cluster.stop;
});
afterEach(() => cluster.empty());

const TEXT = "an insult";
const at = (dialect: string) => ({ namespace: `/${dialect}` });

/** An operator removes a message; returns the status of the answer. */
async function remove(room: string, id: unknown, token = ADMIN_TOKEN): Promise<number> {
  const query = new URLSearchParams({ room, reason: "Insults" });
  const headers = { authorization: `Bearer ${token}` };
  const url = `${cluster.node(0).url}/api/admin/messages/${String(id)}?${query}`;
  return (await fetch(url, { method: "DELETE", headers })).status;
}

/** The client's connection breaks; resolves when its session waits for it. */
async function cut(client: TestClient): Promise<void> {
  const session = idOf(client);
  client.socket.io.engine.close();
  await until("it to be away", async () => (await cluster.store.sessions.read(session))?.state === "detached");
}

async function comeBack(client: TestClient): Promise<void> {
  const { connects } = client;
  client.socket.connect();
  await client.connected(connects + 1);
  expect(client.socket.recovered).toBe(true);
  await client.caughtUp();
}
const received = (client: TestClient) => client.unread().map(([name, payload]) => [name, payload]);
const withText = (client: TestClient) => JSON.stringify(client.received).includes(TEXT);

test("rooms: a member receives the id, one that is away never the text, and one that joins no list with it", async () => {
  const { roomId, ann, bob, clients } = await roomOf(3, cluster, at("rooms"));
  const [, , cem] = clients as [TestClient, TestClient, TestClient];
  cem.socket.io.reconnection(false);
  await cut(cem);
  await ann.request("send-message", { roomId, message: "hello" });
  const { id } = await ann.request("send-message", { roomId, message: TEXT });
  expect(await remove(`rooms:${roomId}`, id, "wrong")).toBe(401);
  expect(await remove("rooms:elsewhere", id)).toBe(404);
  expect(await remove(`rooms:${roomId}`, id)).toBe(200);
  for (const client of [ann, bob]) {
    await client.caughtUp();
    expect(received(client).at(-1)).toEqual(["message-removed", { id }]);
  }
  await comeBack(cem);
  expect([withText(cem), received(cem).at(-1)]).toEqual([false, ["message-removed", { id }]]);
  const late = await cluster.connect(1, at("rooms"));
  await joinRoom(late, roomId);
  const { messages } = await late.receive<Joined>("joined-room");
  expect(messages.map(({ message }) => message)).toEqual(["hello"]);
  expect([await remove(`rooms:${roomId}`, id), await remove(`rooms:${roomId}`, "x")]).toEqual([404, 404]);
});

test("random: the partner receives the id, and one that is away never the text", async () => {
  const [ann, bob] = [await cluster.connect(0, at("random")), await cluster.connect(1, at("random"))];
  const roomId = await pairClients(ann, bob);
  const first = await ann.request("send_message", { roomId, message: TEXT });
  await bob.receive("new_message");
  expect(await remove(roomId, first["id"])).toBe(200);
  expect(await bob.receive("message_removed")).toEqual({ id: first["id"] });
  bob.socket.io.reconnection(false);
  const before = bob.received.length;
  await cut(bob);
  const second = await ann.request("send_message", { roomId, message: TEXT });
  expect(await remove(roomId, second["id"])).toBe(200);
  await comeBack(bob);
  expect(JSON.stringify(bob.received.slice(before))).not.toContain(TEXT);
  expect(received(bob).at(-1)).toEqual(["message_removed", { id: second["id"] }]);
});

test("chat: everyone receives the id, one that is away never the text, and the history is without it", async () => {
  const [ann, bob, cem] = await Promise.all([0, 1, 1].map((node) => enterChatroom(cluster, node, at("chat"))));
  if (!ann || !bob || !cem) throw new Error("three were to enter");
  cem.client.socket.io.reconnection(false);
  await cut(cem.client);
  const { id } = await sendMessage(ann, TEXT);
  await sendMessage(ann, "after it");
  expect(await remove("chat:all", id)).toBe(200);
  for (const { client } of [ann, bob]) {
    await until("it to be told", () => client.received.some(({ name }) => name === "message_removed"));
    expect(client.received.findLast(({ name }) => name === "message_removed")?.args).toEqual([{ id }]);
  }
  await comeBack(cem.client);
  await until("it to be told", () => cem.client.received.some(({ name }) => name === "message_removed"));
  expect([withText(cem.client), messagesOf(cem).map(({ text }) => text)]).toEqual([false, ["after it"]]);
  const late = await enterChatroom(cluster, 0, at("chat"));
  expect(late.history.map(({ text }) => text)).toContain("after it");
  const loaded = await late.client.request("load_messages", { limit: 100 });
  expect(JSON.stringify([late.history, loaded])).not.toContain(TEXT);
  expect(await remove("chat:all", id)).toBe(404);
});
