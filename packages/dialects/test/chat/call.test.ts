import { expectNothingMore, startCluster, type TestCluster, waysTo } from "@switchyard/testkit";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { patient } from "../patient.ts";
import { type Chatter, enterChatroom, JWT_SECRET } from "./accounts.ts";

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ matchmakers: 0, environment: { ...patient, JWT_SECRET } });
  return cluster.stop;
});
afterEach(() => cluster.empty());

const description = { type: "offer", sdp: "v=0\r\n", "x-größe": [1.5, 0, 1e21, null, { a: "\u2028😀" }] };
const candidate = { candidate: "candidate:1 1 udp 1 ::1 9 typ host", sdpMid: "0", usernameFragment: null };

/** What is sent, and as what it arrives. */
const relayed: [string, object, string][] = [
  ["call_user", { offer: description }, "incoming_call"],
  ["call_user", { offer: {} }, "incoming_call"],
  ["call_answer", { answer: { ...description, type: "answer" } }, "call_answered"],
  ["ice_candidate", { candidate }, "ice_candidate"],
  ["ice_candidate", { candidate: null }, "ice_candidate"],
  ["end_call", {}, "call_ended"],
];

describe.each(waysTo("chat"))("between two users $way", (options) => {
  const pair = (): Promise<[Chatter, Chatter]> =>
    Promise.all([enterChatroom(cluster, 0, options), enterChatroom(cluster, 1, options)]);

  test.each(relayed)("%s to that user, unread: %j", async (event, body, received) => {
    const [ann, bob] = await pair();
    expect(await ann.client.request(event, { to: bob.name, ...body })).toEqual({ ok: true });
    expect(JSON.stringify(await bob.client.receive(received))).toBe(JSON.stringify({ from: ann.name, ...body }));
    bob.client.send(event, { to: ann.name, ...body });
    expect(await ann.client.receive(received)).toEqual({ from: bob.name, ...body });
    await expectNothingMore(ann.client, bob.client);
  });

  test("a whole call, ended by either side", async () => {
    const [ann, bob] = await pair();
    for (const ender of [ann, bob]) {
      const other = ender === ann ? bob : ann;
      await ann.client.request("call_user", { to: bob.name, offer: { o: 1 } });
      for (let i = 0; i < 5; i += 1) ann.client.send("ice_candidate", { to: bob.name, candidate: { i } });
      expect(await bob.client.receive("incoming_call")).toEqual({ from: ann.name, offer: { o: 1 } });
      expect(await bob.client.request("call_answer", { to: ann.name, answer: { a: 1 } })).toEqual({ ok: true });
      expect(await ann.client.receive("call_answered")).toEqual({ from: bob.name, answer: { a: 1 } });
      for (let i = 0; i < 5; i += 1) bob.client.send("ice_candidate", { to: ann.name, candidate: { i } });
      for (let i = 0; i < 5; i += 1) {
        expect(await bob.client.receive("ice_candidate")).toEqual({ from: ann.name, candidate: { i } });
        expect(await ann.client.receive("ice_candidate")).toEqual({ from: bob.name, candidate: { i } });
      }
      expect(await ender.client.request("end_call", { to: other.name })).toEqual({ ok: true });
      expect(await other.client.receive("call_ended")).toEqual({ from: ender.name });
    }
    await expectNothingMore(ann.client, bob.client);
  });

  test("what a payload says about its sender is ignored", async () => {
    const [ann, bob] = await pair();
    const pretence = { from: bob.name, username: bob.name, sender: bob.client.socket.id };
    for (const [event, body, received] of relayed) {
      await ann.client.request(event, { ...pretence, to: bob.name, ...body });
      expect(await bob.client.receive(received)).toEqual({ from: ann.name, ...body });
    }
    await expectNothingMore(ann.client, bob.client);
  });

  test("a burst in both directions arrives in order", async () => {
    const [ann, bob] = await pair();
    await ann.client.request("call_user", { to: bob.name, offer: {} });
    await bob.client.receive("incoming_call");
    bob.client.send("call_answer", { to: ann.name, answer: {} });
    for (let i = 0; i < 60; i += 1) {
      ann.client.send("ice_candidate", { to: bob.name, candidate: { i } });
      bob.client.send("ice_candidate", { to: ann.name, candidate: { i } });
    }
    await ann.client.receive("call_answered");
    for (let i = 0; i < 60; i += 1) {
      expect(await ann.client.receive("ice_candidate")).toMatchObject({ candidate: { i } });
      expect(await bob.client.receive("ice_candidate")).toMatchObject({ candidate: { i } });
    }
    await expectNothingMore(ann.client, bob.client);
  });

  test("two who call each other at the same moment are in one call", async () => {
    const [ann, bob] = await pair();
    const offers = [
      ann.client.request("call_user", { to: bob.name, offer: {} }),
      bob.client.request("call_user", { to: ann.name, offer: {} }),
    ];
    expect(await Promise.all(offers)).toEqual([{ ok: true }, { ok: true }]);
    for (const { client } of [ann, bob]) await client.receive("incoming_call");
    expect(await ann.client.request("call_answer", { to: bob.name, answer: {} })).toEqual({ ok: true });
    await bob.client.receive("call_answered");
    expect(await bob.client.request("end_call", { to: ann.name })).toEqual({ ok: true });
    expect(await ann.client.receive("call_ended")).toEqual({ from: bob.name });
    await expectNothingMore(ann.client, bob.client);
  });

  test("with several users at once; one call hears nothing of another", async () => {
    const [ann, bob] = await pair();
    const [cem, dan] = await pair();
    for (const other of [bob, cem]) {
      await ann.client.request("call_user", { to: other.name, offer: { for: other.name } });
      expect(await other.client.receive("incoming_call")).toEqual({ from: ann.name, offer: { for: other.name } });
      await other.client.request("call_answer", { to: ann.name, answer: {} });
      expect(await ann.client.receive("call_answered")).toMatchObject({ from: other.name });
    }
    await cem.client.request("end_call", { to: ann.name });
    expect(await ann.client.receive("call_ended")).toEqual({ from: cem.name });
    expect(await ann.client.request("ice_candidate", { to: bob.name, candidate: {} })).toEqual({ ok: true });
    await bob.client.receive("ice_candidate");
    await expectNothingMore(...[ann, bob, cem, dan].map(({ client }) => client));
  });
});
