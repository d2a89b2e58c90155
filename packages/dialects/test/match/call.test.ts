import { expectNothingMore, startCluster, type TestCluster, until, waysTo } from "@switchyard/testkit";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { patient } from "../patient.ts";
import { pairIn, register } from "./registered.ts";

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ matchmakers: 0, environment: patient });
  return cluster.stop;
});
afterEach(() => cluster.empty());

const description = { type: "offer", sdp: "v=0\r\n", "x-größe": [1.5, 0, 1e21, null, { a: "\u2028😀" }] };
const candidate = { candidate: "candidate:1 1 udp 1 ::1 9 typ host", sdpMid: "0", usernameFragment: null };

const steps: [string, object, string, object][] = [
  ["initiate-call", {}, "incoming-call", {}],
  ["accept-call", {}, "call-accepted", {}],
  ["reject-call", { reason: "Busy" }, "call-rejected", { reason: "Busy" }],
  ["reject-call", { reason: "" }, "call-rejected", { reason: "" }],
  ["reject-call", {}, "call-rejected", { reason: "User declined" }],
  ["reject-call", { reason: null }, "call-rejected", { reason: "User declined" }],
];
const signals: [string, object][] = [
  ["offer", { offer: description }],
  ["offer", { offer: {} }],
  ["answer", { answer: { ...description, type: "answer" } }],
  ["ice-candidate", { candidate }],
  ["ice-candidate", { candidate: null }],
];

describe.each(waysTo("match"))("in a match $way", (options) => {
  const pair = () => pairIn(cluster, options);

  test.each(steps)("%s %j: %s to the other", async (event, content, received, payload) => {
    const { ann, bob } = await pair();
    expect(await ann.request(event, { to: bob.user, ...content })).toEqual({ ok: true });
    expect(await bob.receive(received)).toEqual({ from: ann.user, ...payload });
    bob.send(event, { to: ann.user, ...content });
    expect(await ann.receive(received)).toEqual({ from: bob.user, ...payload });
    await expectNothingMore(ann, bob);
  });

  test.each(signals)("%s to the other, unread: %j", async (event, body) => {
    const { ann, bob } = await pair();
    expect(await bob.request(event, { ...body, to: ann.user })).toEqual({ ok: true });
    expect(JSON.stringify(await ann.receive(event))).toBe(JSON.stringify({ ...body, from: bob.user }));
    ann.send(event, { to: bob.user, ...body });
    expect(await bob.receive(event)).toEqual({ ...body, from: ann.user });
    await expectNothingMore(ann, bob);
  });

  test("end-call: call-ended to the other, once, whatever is given", async () => {
    const { ann, bob } = await pair();
    for (const payload of [[], [null], [{}], [{ to: bob.user }], [{ to: "nobody" }], [{ to: [bob.user, bob.user] }]]) {
      expect(await ann.request("end-call", ...payload)).toEqual({ ok: true });
      expect(await bob.receive("call-ended")).toEqual({ from: ann.user });
      ann.send("end-call", ...payload);
      expect(await bob.receive("call-ended")).toEqual({ from: ann.user });
    }
    await expectNothingMore(ann, bob);
  });

  test("end-call alone in a match reaches nobody and is no error", async () => {
    const { ann, bob } = await pair();
    bob.leave();
    await ann.receive("user-left");
    expect(await ann.request("end-call", { to: bob.user })).toEqual({ ok: true });
    await expectNothingMore(ann);
  });

  test("what a payload says about its sender is ignored", async () => {
    const { ann, bob, matchId } = await pair();
    const pretence = { from: bob.user, userId: bob.user, matchId: "another", sender: bob.socket.id };
    expect(await ann.request("offer", { ...pretence, to: bob.user, offer: {} })).toEqual({ ok: true });
    expect(await bob.receive("offer")).toEqual({ offer: {}, from: ann.user });
    expect(await ann.request("initiate-call", { ...pretence, to: bob.user })).toEqual({ ok: true });
    expect(await bob.receive("incoming-call")).toEqual({ from: ann.user });
    expect(await ann.request("end-call", pretence)).toEqual({ ok: true });
    expect(await bob.receive("call-ended")).toEqual({ from: ann.user });
    expect(await register(ann, matchId)).toEqual({ ok: true });
    expect(await ann.receive("joined")).toMatchObject({ participants: [ann.user, bob.user] });
    await expectNothingMore(ann, bob);
  });

  test("a burst in both directions arrives in order, whatever its kind", async () => {
    const { ann, bob } = await pair();
    const numbers = Array.from({ length: 60 }, (_, i) => i);
    const eventOf = (i: number) => ["offer", "ice-candidate", "answer"][i % 3] ?? "";
    const bodyOf = (i: number) => [{ offer: { i } }, { candidate: { i } }, { answer: { i } }][i % 3];
    for (const i of numbers) {
      ann.send(eventOf(i), { to: bob.user, ...bodyOf(i) });
      bob.send(eventOf(i), { to: ann.user, ...bodyOf(i) });
    }
    for (const i of numbers) {
      expect(await ann.receive(eventOf(i))).toEqual({ ...bodyOf(i), from: bob.user });
      expect(await bob.receive(eventOf(i))).toEqual({ ...bodyOf(i), from: ann.user });
    }
    await expectNothingMore(ann, bob);
  });

  test("one match hears nothing of another", async () => {
    const { ann, bob } = await pair();
    const others = await pair();
    for (const [event, body] of Object.entries({ offer: { offer: {} }, "initiate-call": {}, "accept-call": {} })) {
      expect((await others.ann.request(event, { to: bob.user, ...body })).error?.code, event).toBe("user_offline");
    }
    expect(await others.ann.request("end-call", { to: bob.user })).toEqual({ ok: true });
    expect(await others.bob.receive("call-ended")).toEqual({ from: others.ann.user });
    await expectNothingMore(ann, bob, others.ann, others.bob);
  });

  test("who is within its grace is there: it hears all when it is back", async () => {
    const proxy = await cluster.proxy(0);
    const ann = await cluster.connect(proxy, options);
    const bob = await cluster.connect(1, options);
    for (const client of [ann, bob]) {
      await register(client, `match of ${ann.user}`);
      await client.receive("joined");
    }
    await ann.receive("user-joined");
    const id = String(ann.socket.id);
    proxy.routeTo(1); // nobody listens there
    proxy.cut();
    await until("it to be gone", async () => (await cluster.store.sessions.read(id))?.state === "detached");
    for (const event of ["initiate-call", "accept-call"])
      expect(await bob.request(event, { to: ann.user })).toEqual({ ok: true });
    expect(await bob.request("offer", { to: ann.user, offer: { late: true } })).toEqual({ ok: true });
    expect(await bob.request("end-call")).toEqual({ ok: true });
    proxy.routeTo(cluster.node(1).port);
    await ann.connected(2);
    expect([ann.socket.recovered, ann.socket.id]).toEqual([true, id]);
    for (const event of ["incoming-call", "call-accepted"])
      expect(await ann.receive(event)).toEqual({ from: bob.user });
    expect(await ann.receive("offer")).toEqual({ offer: { late: true }, from: bob.user });
    expect(await ann.receive("call-ended")).toEqual({ from: bob.user });
    await expectNothingMore(ann, bob);
  });
});
