import { startCluster, type TestCluster } from "@switchyard/testkit";
import { afterEach, beforeAll, expect, test } from "vitest";
import { calls } from "../src/dialects/calls.ts";
import { chat } from "../src/dialects/chat.ts";
import { match } from "../src/dialects/match.ts";
import { random } from "../src/dialects/random.ts";
import { rooms } from "../src/dialects/rooms.ts";
import { CommandError, connect } from "../src/index.ts";
import { environment, heard, newId, tokenFor } from "./people.ts";

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ environment });
  return async () => {
    await cluster.empty();
    await cluster.stop();
  };
});

const opened: { close(): void }[] = [];
const kept = <Kept extends { close(): void }>(connection: Kept): Kept => {
  opened.push(connection);
  return connection;
};
afterEach(() => {
  for (const connection of opened.splice(0)) connection.close();
});

const url = (node: number) => cluster.node(node).url;

test("match: two at two nodes register by connecting, and call each other", async () => {
  const matchId = newId("match");
  const [ada, bob] = [newId("ada"), newId("bob")];
  const first = kept(connect(url(0), { dialect: match, userId: ada, matchId }));
  const joined = heard<{ participants: string[] }>((listener) => first.on("joined", listener));
  const came = heard<{ userId: string }>((listener) => first.on("user-joined", listener));
  const accepted = heard<{ from: string }>((listener) => first.on("call-accepted", listener));
  expect((await joined.next()).participants).toEqual([ada]);
  const second = kept(connect(url(1), { dialect: match, userId: bob, matchId }));
  const rung = heard<{ from: string }>((listener) => second.on("incoming-call", listener));
  expect((await came.next()).userId).toBe(bob);
  await first.send("initiate-call", { to: bob });
  expect(await rung.next()).toEqual({ from: ada });
  expect(await second.send("accept-call", { to: ada })).toEqual({ ok: true });
  expect(await accepted.next()).toEqual({ from: bob });
  await second.send("end-call");
});

test("match: what the server refuses rejects with its code, also what came before the match had room", async () => {
  const matchId = newId("match");
  const [ada] = ["ada", "bob"].map((name) => kept(connect(url(0), { dialect: match, userId: newId(name), matchId })));
  const refusal = await ada?.send("initiate-call", { to: "nobody" }).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(CommandError);
  expect(refusal).toMatchObject({ code: "user_offline", retryable: false, message: expect.any(String) });
  await kept(connect(url(1), { dialect: match, userId: newId("x"), matchId: newId("m") })).send("end-call");
  const cleo = newId("cleo");
  const third = kept(connect(url(1), { dialect: match, userId: cleo, matchId }));
  await expect(third.send("end-call")).rejects.toMatchObject({ code: "match_full", retryable: true });
  expect(third.state.get()).toMatchObject({ status: "connected", error: { code: "match_full" } });
  const isIn = third.deliver("register", [{ userId: cleo, matchId }]);
  ada?.end();
  expect(await isIn).toEqual({ ok: true });
  expect(third.state.get().error).toBeNull();
});

test("random: two are paired and talk; who has left a room waits again by `next`", async () => {
  const people = [0, 1].map((node) => {
    const connection = kept(connect(url(node), { dialect: random, userId: newId("someone"), type: "chat" }));
    const found = heard<{ roomId: string }>((listener) => connection.on("partner_found", listener));
    const messages = heard<{ text: string }>((listener) => connection.on("new_message", listener));
    return { connection, found, messages };
  });
  const [one, two] = people as [(typeof people)[0], (typeof people)[0]];
  expect((await one.found.next()).roomId).toBe((await two.found.next()).roomId);
  const { id } = await one.connection.send("send_message", { message: "Hello!" });
  expect(await two.messages.next()).toMatchObject({ id, text: "Hello!" });
  await one.connection.send("leave_room");
  await one.connection.send("next");
  await two.connection.send("leave_queue").catch(() => {}); // it was left, and waits for nobody
  await one.connection.send("leave_queue");
});

test("calls: who is online is called, and comes in", async () => {
  const [ada, bob] = [newId("ada"), newId("bob")];
  const first = kept(connect(url(0), { dialect: calls, userId: ada, userName: "Ada" }));
  const second = kept(connect(url(1), { dialect: calls, userId: bob, userName: "Bob" }));
  const invited = heard<{ callId: string }>((listener) => second.on("incoming-call", listener));
  const came = heard<{ user: { username: string } }>((listener) => first.on("user-joined-call", listener));
  await Promise.all(
    [first.send("leave-call", { callId: "none" }), second.send("leave-call", { callId: "none" })].map(failed),
  );
  await first.send("start-call", { id: newId("call"), participants: [bob], isVideo: true });
  await second.send("join-call", await invited.next());
  expect((await came.next()).user.username).toBe("Bob");
});

test("rooms: who comes into a meeting says something to all", async () => {
  const roomId = newId("standup");
  const first = kept(connect(url(0), { dialect: rooms, roomId, userName: "Ada" }));
  const messages = heard<{ message: string }>((listener) => first.on("new-message", listener));
  await first.send("toggle-audio", { isAudioMuted: true });
  const second = kept(connect(url(1), { dialect: rooms, roomId, userName: "Bob" }));
  await second.send("send-message", { message: "Good morning" });
  expect(await messages.next()).toMatchObject({ message: "Good morning", userName: "Bob" });
});

test("chat: a token opens it; a forged one ends in a lost connection with the server's code", async () => {
  const [ada, bob] = [newId("ada"), newId("bob")];
  const first = kept(connect(url(0), { dialect: chat, token: tokenFor(ada) }));
  const messages = heard<{ text: string; username: string }>((listener) => first.on("new_message", listener));
  await first.send("load_messages", { limit: 1 });
  const second = kept(connect(url(1), { dialect: chat, token: async () => tokenFor(bob) }));
  await second.send("send_message", { text: "Hi" });
  expect(await messages.next()).toMatchObject({ text: "Hi", username: bob });
  const forged = kept(connect(url(0), { dialect: chat, token: "forged" }));
  await expect(forged.send("send_message", { text: "Hi" })).rejects.toMatchObject({ code: "unauthorized" });
  expect(forged.state.get()).toMatchObject({ status: "lost", error: { code: "unauthorized" } });
});

/** A command of somebody who is in no call: it is refused, and says that the one before was carried out. */
const failed = (command: Promise<unknown>) => expect(command).rejects.toBeInstanceOf(CommandError);
