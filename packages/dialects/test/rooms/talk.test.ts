import { expectNothingMore, startCluster, type TestClient, type TestCluster, until, waysTo } from "@switchyard/testkit";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { expectSince } from "../instant.ts";
import { patient } from "../patient.ts";
import { idOf, type Joined, joinRoom, roomOf, sentBy } from "./joined.ts";

const CHAT_HISTORY_LIMIT = 5;

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ matchmakers: 0, environment: { ...patient, CHAT_HISTORY_LIMIT } });
  return cluster.stop;
});
afterEach(() => cluster.empty());

const description = { type: "offer", sdp: "v=0\r\n", "x-größe": [1.5, 0, 1e21, null, { a: "\u2028😀" }] };
const candidate = { candidate: "candidate:1 1 udp 1 ::1 9 typ host", sdpMid: "0", usernameFragment: null };
const signals: [string, object][] = [
  ["webrtc-offer", { offer: description }],
  ["webrtc-offer", { offer: {} }],
  ["webrtc-answer", { answer: { ...description, type: "answer" } }],
  ["webrtc-ice-candidate", { candidate }],
  ["webrtc-ice-candidate", { candidate: null }],
];

describe.each(waysTo("rooms"))("in a room $way", (options) => {
  const three = () => roomOf(3, cluster, options);

  test("send-message: new-message to everyone, the sender included, under the name given at the join", async () => {
    const { roomId, ann, clients } = await three();
    const before = Date.now();
    const sent = { roomId, message: "hello, 世界 \u0000\u2028", userName: "somebody else", senderId: "x" };
    const answer = await ann.request("send-message", sent);
    expect(answer).toEqual({ ok: true, id: expect.stringMatching(/./) });
    for (const client of clients) {
      const message = await client.receive("new-message");
      expect(message).toEqual({
        id: answer["id"],
        senderId: idOf(ann),
        userName: ann.user,
        message: sent.message,
        timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      });
      expectSince(before, message["timestamp"]);
    }
    ann.send("send-message", { roomId, message: "without a callback" });
    for (const client of clients) expect(await client.receive("new-message")).toMatchObject({ senderId: idOf(ann) });
    await expectNothingMore(...clients);
  });

  test("who joins later is given the last messages, oldest first, as they were told", async () => {
    const { roomId, ann, bob, clients } = await three();
    for (let i = 0; i < CHAT_HISTORY_LIMIT + 3; i += 1) {
      await (i % 2 === 0 ? ann : bob).request("send-message", { roomId, message: `message ${i}` });
    }
    const delivered: unknown[] = [];
    for (let i = 0; i < CHAT_HISTORY_LIMIT + 3; i += 1) delivered.push(await ann.receive("new-message"));
    const late = await cluster.connect(1, options);
    await joinRoom(late, roomId);
    const { messages } = await late.receive<Joined>("joined-room");
    expect(messages).toEqual(delivered.slice(-CHAT_HISTORY_LIMIT));
    await late.caughtUp();
    for (const client of clients) await client.caughtUp();
  });

  test("chat has one order for everyone who sends one after another, and each sender's own order", async () => {
    const { roomId, clients } = await three();
    const sent = clients.flatMap((client) =>
      Array.from({ length: 20 }, (_, i) => client.request("send-message", { roomId, message: `${client.user} ${i}` })),
    );
    await Promise.all(sent);
    for (const client of clients) {
      const received: string[] = [];
      for (const _ of sent) received.push(String((await client.receive("new-message"))["message"]));
      for (const { user } of clients) {
        const own = received.filter((text) => text.startsWith(user));
        expect(own).toEqual(Array.from({ length: 20 }, (_, i) => `${user} ${i}`));
      }
    }
    await expectNothingMore(...clients);
  });

  test.each(signals)("%s to that participant only, unread: %j", async (event, body) => {
    const { ann, bob, clients } = await three();
    expect(await bob.request(event, { targetId: idOf(ann), ...body })).toEqual({ ok: true });
    expect(JSON.stringify(await ann.receive(event))).toBe(JSON.stringify({ ...sentBy(bob), ...body }));
    ann.send(event, { ...body, targetId: idOf(bob) });
    expect(await bob.receive(event)).toEqual({ ...sentBy(ann), ...body });
    expect(await ann.request(event, { targetSocketId: idOf(bob), ...body })).toEqual({ ok: true });
    expect(await bob.receive(event)).toEqual({ ...sentBy(ann), ...body });
    expect(await ann.request(event, { targetSocketId: idOf(bob), targetId: idOf(bob), ...body })).toEqual({ ok: true });
    expect(await bob.receive(event)).toEqual({ ...sentBy(ann), ...body });
    await expectNothingMore(...clients);
  });

  test("request-connection: connection-request to that participant only, among the signals in order", async () => {
    const { ann, bob, clients } = await three();
    for (const target of [{ targetId: idOf(bob) }, { targetSocketId: idOf(bob), roomId: "another" }]) {
      expect(await ann.request("request-connection", target)).toEqual({ ok: true });
      expect(await bob.receive("connection-request")).toEqual(sentBy(ann));
    }
    for (let i = 0; i < 5; i += 1) {
      ann.send("webrtc-ice-candidate", { targetId: idOf(bob), candidate: { i } });
      ann.send("request-connection", { targetId: idOf(bob) });
    }
    for (let i = 0; i < 5; i += 1) {
      expect(await bob.receive("webrtc-ice-candidate")).toEqual({ ...sentBy(ann), candidate: { i } });
      expect(await bob.receive("connection-request")).toEqual(sentBy(ann));
    }
    await expectNothingMore(...clients);
  });

  test("send-message without the room's id is for the sender's room", async () => {
    const { ann, clients } = await three();
    expect(await ann.request("send-message", { message: "here" })).toMatchObject({ ok: true });
    for (const client of clients) {
      expect(await client.receive("new-message")).toMatchObject({ message: "here", senderId: idOf(ann) });
    }
    await expectNothingMore(...clients);
  });

  test("what a payload says about its sender, and of a room, is ignored in signals", async () => {
    const { ann, bob, clients } = await three();
    const pretence = { senderId: idOf(bob), from: "x", participantId: idOf(bob), roomId: "another" };
    expect(await ann.request("webrtc-offer", { ...pretence, targetId: idOf(bob), offer: {} })).toEqual({ ok: true });
    expect(await bob.receive("webrtc-offer")).toEqual({ ...sentBy(ann), offer: {} });
    await expectNothingMore(...clients);
  });

  test("a burst of everyone to everyone arrives in order, whatever its kind", async () => {
    const { clients } = await three();
    const numbers = Array.from({ length: 30 }, (_, i) => i);
    const eventOf = (i: number) => ["webrtc-offer", "webrtc-ice-candidate", "webrtc-answer"][i % 3] ?? "";
    const bodyOf = (i: number) => [{ offer: { i } }, { candidate: { i } }, { answer: { i } }][i % 3];
    for (const i of numbers) {
      for (const from of clients) {
        for (const to of clients) {
          if (to !== from) from.send(eventOf(i), { targetId: idOf(to), ...bodyOf(i) });
        }
      }
    }
    for (const client of clients) await receivedAll(client, numbers.length * 2);
    for (const to of clients) {
      for (const from of clients) {
        if (to === from) continue;
        const own = to.unread().filter(([, payload]) => (payload as { senderId: string }).senderId === idOf(from));
        expect(own).toEqual(numbers.map((i) => [eventOf(i), { ...sentBy(from), ...bodyOf(i) }]));
      }
    }
  });

  test("right after hearing of somebody, or being told of somebody, it can be reached, in order", async () => {
    const { roomId, clients } = await three();
    const late = await cluster.connect(1, options);
    const reached = clients.map(async (client) => {
      await client.receive("user-joined");
      for (let i = 0; i < 10; i += 1) client.send("webrtc-ice-candidate", { targetId: idOf(late), candidate: { i } });
    });
    await joinRoom(late, roomId);
    await Promise.all(reached);
    await receivedAll(late, 2 + clients.length * 10);
    for (const client of clients) {
      const own = late.unread().filter(([, payload]) => (payload as { senderId?: string }).senderId === idOf(client));
      expect(own.map(([, payload]) => (payload as { candidate: { i: number } }).candidate.i)).toEqual([
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9,
      ]);
    }
  });
});

async function receivedAll(client: TestClient, count: number): Promise<void> {
  await until("all to be heard", () => client.unread().length >= count);
  await client.caughtUp();
  expect(client.unread()).toHaveLength(count);
}
