import { expectNothingMore, pairClients, startCluster, type TestCluster, until } from "@switchyard/testkit";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { expectSince } from "../instant.ts";
import { patient } from "../patient.ts";
import { transports } from "./transports.ts";

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ environment: patient });
  return cluster.stop;
});
afterEach(() => cluster.empty());

const description = {
  type: "offer",
  sdp: "v=0\r\no=- 1 2 IN IP4 0.0.0.0\r\n",
  "x-größe": [1.5, 0, 1e21, null, { a: "\u2028😀" }],
};
const candidate = {
  candidate: "candidate:1 1 udp 1 ::1 9 typ host",
  sdpMid: "0",
  sdpMLineIndex: 0,
  usernameFragment: null,
};

describe.each(transports)("in a room, $way", (options) => {
  const pair = async (more: object = {}) => {
    const all = { ...options, ...more };
    const [ann, bob] = await Promise.all([cluster.connect(0, all), cluster.connect(1, all)]);
    return { ann, bob, roomId: await pairClients(ann, bob) };
  };

  test("send_message: new_message to the partner; the sender has id and time from its acknowledgement", async () => {
    const { ann, bob, roomId } = await pair();
    const before = Date.now();
    const { ok, id, timestamp } = await ann.request("send_message", { roomId, message: "hello, 世界 \u0000\u2028" });
    expect(ok).toBe(true);
    expect(await bob.receive("new_message")).toEqual({
      id: expect.stringMatching(/./),
      text: "hello, 世界 \u0000\u2028",
      sender: ann.user,
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      type: "message",
    });
    expect(bob.received.at(-1)?.args[0]).toMatchObject({ id, timestamp });
    expectSince(before, timestamp);
    await expectNothingMore(ann, bob);
  });

  test("auth.echo: a client that asked for it receives its own messages too, and the other one does not", async () => {
    const [ann, bob] = await Promise.all([
      cluster.connect(0, { ...options, auth: { echo: true } }),
      cluster.connect(1, { ...options, auth: { echo: "yes" } }),
    ]);
    const roomId = await pairClients(ann, bob);
    for (const sender of [ann, bob]) {
      const { id } = await sender.request("send_message", { roomId, message: "hello" });
      expect(await ann.receive("new_message")).toMatchObject({ id, sender: sender.user });
    }
    expect(await bob.receive("new_message")).toMatchObject({ sender: ann.user });
    await expectNothingMore(ann, bob);
  });

  test("typing: user_typing to the partner", async () => {
    const { ann, bob, roomId } = await pair();
    for (const isTyping of [true, false]) {
      expect(await ann.request("typing", { roomId, isTyping })).toEqual({ ok: true });
      expect(await bob.receive("user_typing")).toEqual({ isTyping });
    }
    await expectNothingMore(ann, bob);
  });

  test.each([
    ["offer", { offer: description }],
    ["offer", { offer: {} }],
    ["answer", { answer: { ...description, type: "answer" } }],
    ["ice_candidate", { candidate }],
    ["ice_candidate", { candidate: null }],
  ])("%s to the partner, unread: %j", async (event, body) => {
    const { ann, bob, roomId } = await pair();
    expect(await bob.request(event, { roomId, ...body })).toEqual({ ok: true });
    const received = await ann.receive(event);
    expect(JSON.stringify(received)).toBe(JSON.stringify(body));
    await expectNothingMore(ann, bob);
  });

  test("without a callback all that is only told to the partner", async () => {
    const { ann, bob, roomId } = await pair();
    ann.send("offer", { roomId, offer: description });
    ann.send("typing", { roomId, isTyping: true });
    ann.send("send_message", { roomId, message: "?" });
    expect(await bob.receive("offer")).toEqual({ offer: description });
    expect(await bob.receive("user_typing")).toEqual({ isTyping: true });
    expect(await bob.receive("new_message")).toMatchObject({ text: "?" });
    await expectNothingMore(ann, bob);
  });

  test("what a payload says about its sender is ignored", async () => {
    const { ann, bob, roomId } = await pair();
    const pretence = { sender: bob.user, userId: bob.user, from: bob.user, socketId: bob.socket.id };
    await ann.request("send_message", { ...pretence, roomId, message: "it's me" });
    expect(await bob.receive("new_message")).toMatchObject({ sender: ann.user });
    await ann.request("offer", { ...pretence, roomId, offer: {} });
    expect(await bob.receive("offer")).toEqual({ offer: {} });
    await expectNothingMore(ann, bob);
  });

  test("the room need not be named, as the sender is in no other one", async () => {
    const { ann, bob } = await pair();
    for (const [event, content] of [
      ["offer", { offer: {} }],
      ["answer", { answer: {}, roomId: null }],
      ["ice_candidate", { candidate: null }],
    ] as const) {
      expect(await ann.request(event, content)).toEqual({ ok: true });
      await bob.receive(event);
    }
    expect(await ann.request("typing", { isTyping: true })).toEqual({ ok: true });
    expect(await bob.receive("user_typing")).toEqual({ isTyping: true });
    expect(await ann.request("send_message", { message: "hello" })).toMatchObject({ ok: true });
    expect(await bob.receive("new_message")).toMatchObject({ text: "hello" });
    await expectNothingMore(ann, bob);
  });

  test("a burst in both directions arrives in order, whatever its kind", async () => {
    const { ann, bob, roomId } = await pair();
    const numbers = Array.from({ length: 60 }, (_, i) => i);
    for (const i of numbers) {
      for (const client of [ann, bob]) {
        if (i % 3 === 0) client.send("offer", { roomId, offer: { i } });
        else if (i % 3 === 1) client.send("ice_candidate", { roomId, candidate: { i } });
        else client.send("answer", { roomId, answer: { i } });
      }
    }
    const bodies = numbers.map((i) => [{ offer: { i } }, { candidate: { i } }, { answer: { i } }][i % 3]);
    for (const client of [ann, bob]) {
      for (const body of bodies) {
        expect(await client.receive(Object.keys(body ?? {})[0]?.replace("candidate", "ice_candidate") ?? "")).toEqual(
          body,
        );
      }
    }
    await expectNothingMore(ann, bob);
  });

  test("goes on when the transport has been upgraded", async () => {
    const { ann, bob, roomId } = await pair();
    for (const { socket } of [ann, bob]) {
      await until("the upgrade", () => socket.io.engine.transport.name === options.transports.at(-1));
    }
    ann.send("offer", { roomId, offer: { after: "upgrade" } });
    expect(await bob.receive("offer")).toEqual({ offer: { after: "upgrade" } });
    for (const { connects } of [ann, bob]) expect(connects).toBe(1);
    await expectNothingMore(ann, bob);
  });

  test("where: on which node one is, and on which the partner", async () => {
    const [ann, bob] = await Promise.all([cluster.connect(0, options), cluster.connect(1, options)]);
    const [node, partnerNode] = cluster.nodes.map(({ id }) => id);
    expect(await ann.request("where")).toEqual({ ok: true, node, partnerNode: null });
    const roomId = await pairClients(ann, bob);
    expect(await ann.request("where", {})).toEqual({ ok: true, node, partnerNode });
    await bob.request("leave_room", { roomId });
    await ann.receive("partner_disconnected");
    expect(await ann.request("where", null)).toEqual({ ok: true, node, partnerNode: null });
    await expectNothingMore(ann, bob);
  });

  test("chat has one order for both", async () => {
    const { ann, bob, roomId } = await pair({ auth: { echo: true } });
    const sent = [ann, bob].flatMap((client) =>
      Array.from({ length: 20 }, (_, i) => client.request("send_message", { roomId, message: `${client.user} ${i}` })),
    );
    await Promise.all(sent);
    const texts: string[][] = [[], []];
    for (const [i, client] of [ann, bob].entries()) {
      for (const _ of sent) texts[i]?.push(String((await client.receive("new_message"))["text"]));
    }
    for (const client of [ann, bob]) {
      const own = texts[0]?.filter((text) => text.startsWith(client.user));
      expect(own).toEqual(Array.from({ length: 20 }, (_, i) => `${client.user} ${i}`));
      expect(texts[1]?.filter((text) => text.startsWith(client.user))).toEqual(own);
    }
    await expectNothingMore(ann, bob);
  });

  test("one room hears nothing of another", async () => {
    const { ann, bob, roomId } = await pair();
    const others = await pair();
    const events = { send_message: { message: "?" }, typing: { isTyping: true }, offer: { offer: {} }, leave_room: {} };
    for (const [event, content] of Object.entries(events)) {
      const answer = await others.ann.request(event, { roomId, ...content });
      expect(answer.error?.code, event).toBe("room_not_found");
    }
    expect(await ann.request("typing", { roomId, isTyping: true })).toEqual({ ok: true });
    await bob.receive("user_typing");
    await expectNothingMore(ann, bob, others.ann, others.bob);
  });
});
