import { expectNothingMore, startCluster, type TestCluster, until, waysTo } from "@switchyard/testkit";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { patient } from "../patient.ts";
import { inCall } from "./callers.ts";

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ matchmakers: 0, environment: patient });
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

describe.each(waysTo("calls"))("in a call $way", (options) => {
  test.each(signals)("%s to that participant, unread: %j", async (event, body) => {
    const { clients, callId } = await inCall(cluster, options, 3);
    const [ann, bob, cem] = clients;
    expect(await ann.request(event, { callId, targetUserId: bob.user, ...body })).toEqual({ ok: true });
    expect(JSON.stringify(await bob.receive(event))).toBe(JSON.stringify({ callId, fromUserId: ann.user, ...body }));
    bob.send(event, { callId, targetUserId: cem.user, ...body });
    expect(await cem.receive(event)).toEqual({ callId, fromUserId: bob.user, ...body });
    await expectNothingMore(ann, bob, cem);
  });

  test("what a payload says about its sender is ignored", async () => {
    const { clients, callId } = await inCall(cluster, options, 3);
    const [ann, bob, cem] = clients;
    const pretence = { fromUserId: cem.user, userId: cem.user, from: cem.user, sender: cem.socket.id };
    await ann.request("webrtc-offer", { ...pretence, callId, targetUserId: bob.user, offer: {} });
    expect(await bob.receive("webrtc-offer")).toEqual({ callId, fromUserId: ann.user, offer: {} });
    await expectNothingMore(ann, bob, cem);
  });

  test("a burst in both directions arrives in order, whatever its kind", async () => {
    const { clients, callId } = await inCall(cluster, options, 2);
    const [ann, bob] = clients;
    const numbers = Array.from({ length: 60 }, (_, i) => i);
    const eventOf = (i: number) => ["webrtc-offer", "webrtc-ice-candidate", "webrtc-answer"][i % 3] ?? "";
    const bodyOf = (i: number) => [{ offer: { i } }, { candidate: { i } }, { answer: { i } }][i % 3];
    for (const i of numbers) {
      ann.send(eventOf(i), { callId, targetUserId: bob.user, ...bodyOf(i) });
      bob.send(eventOf(i), { callId, targetUserId: ann.user, ...bodyOf(i) });
    }
    for (const i of numbers) {
      expect(await ann.receive(eventOf(i))).toEqual({ callId, fromUserId: bob.user, ...bodyOf(i) });
      expect(await bob.receive(eventOf(i))).toEqual({ callId, fromUserId: ann.user, ...bodyOf(i) });
    }
    await expectNothingMore(ann, bob);
  });

  test("who is within its grace is there, and hears all when it is back at another node", async () => {
    const { clients, callId } = await inCall(cluster, options, 2);
    const [ann, bob] = clients;
    const proxy = await cluster.proxy(0);
    const cem = await cluster.connect(proxy, options);
    await cem.request("user-joined", { id: cem.user, username: "Cem" });
    await cem.receive("users-list");
    for (const client of clients) await client.receive("user-joined");
    await cem.request("join-call", { callId });
    await cem.receive("call-participants");
    for (const client of clients) await client.receive("user-joined-call");
    const id = String(cem.socket.id);
    proxy.routeTo(1); // nobody listens there
    proxy.cut();
    await until("it to be gone", async () => (await cluster.store.sessions.read(id))?.state === "detached");
    const candidates = Array.from({ length: 20 }, (_, i) => ({ callId, targetUserId: cem.user, candidate: { i } }));
    await Promise.all(candidates.map((candidate) => ann.request("webrtc-ice-candidate", candidate)));
    expect(await bob.request("leave-call", { callId })).toEqual({ ok: true });
    await bob.receive("call-left");
    await ann.receive("user-left-call");
    proxy.routeTo(cluster.node(1).port);
    await cem.connected(2);
    expect([cem.socket.recovered, cem.socket.id]).toEqual([true, id]);
    await cem.caughtUp();
    const received = cem.unread();
    expect(received.filter(([name]) => name === "webrtc-ice-candidate").map(([, body]) => body)).toEqual(
      Array.from({ length: 20 }, (_, i) => ({ callId, fromUserId: ann.user, candidate: { i } })),
    );
    expect(received.filter(([name]) => name !== "webrtc-ice-candidate")).toEqual([
      ["user-left-call", expect.objectContaining({ callId, userId: bob.user })],
    ]);
    expect(await cem.request("webrtc-offer", { callId, targetUserId: ann.user, offer: {} })).toEqual({ ok: true });
    expect(await ann.receive("webrtc-offer")).toEqual({ callId, fromUserId: cem.user, offer: {} });
    await expectNothingMore(ann, bob);
  });
});
