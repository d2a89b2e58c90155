import { expectNothingMore, startCluster, type TestCluster, until, waysTo } from "@switchyard/testkit";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { endGrace, graceOf } from "../ending.ts";
import { patient } from "../patient.ts";
import { type Chatter, enterChatroom, JWT_SECRET, newName } from "./accounts.ts";

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ matchmakers: 0, environment: { ...patient, JWT_SECRET } });
  return cluster.stop;
});
afterEach(() => cluster.empty());

const clientsOf = (chatters: readonly Chatter[]) => chatters.map(({ client }) => client);

describe.each(waysTo("chat"))("users with several connections $way", (options) => {
  /** Ann by two connections, Bob by three, on both nodes. */
  async function crowd() {
    const [ann, bob] = [newName("ann"), newName("bob")];
    const anns = await Promise.all([0, 1].map((node) => enterChatroom(cluster, node, options, ann)));
    const bobs = await Promise.all([1, 0, 1].map((node) => enterChatroom(cluster, node, options, bob)));
    return { ann, bob, anns: anns as [Chatter, Chatter], bobs: bobs as [Chatter, Chatter, Chatter] };
  }
  type Crowd = Awaited<ReturnType<typeof crowd>>;

  async function ring({ ann, bob, anns, bobs }: Crowd, callees: readonly Chatter[] = bobs) {
    expect(await anns[0].client.request("call_user", { to: bob, offer: {} })).toEqual({ ok: true });
    for (const { client } of callees) expect(await client.receive("incoming_call")).toEqual({ from: ann, offer: {} });
  }

  async function answer({ ann, bob, anns, bobs }: Crowd, by = bobs[0]) {
    expect(await by.client.request("call_answer", { to: ann, answer: {} })).toEqual({ ok: true });
    expect(await anns[0].client.receive("call_answered")).toEqual({ from: bob, answer: {} });
    for (const one of bobs.filter((other) => other !== by)) {
      expect(await one.client.receive("call_answered_elsewhere")).toEqual({ from: ann });
    }
  }

  test("all connections ring; what comes before an answer goes to all; one answers, the others hear so", async () => {
    const all = await crowd();
    const { ann, bob, anns, bobs } = all;
    await ring(all);
    await anns[0].client.request("ice_candidate", { to: bob, candidate: { early: true } });
    for (const { client } of bobs) {
      expect(await client.receive("ice_candidate")).toEqual({ from: ann, candidate: { early: true } });
    }
    await answer(all);
    for (const [from, to, name, received] of [
      [anns[0], bobs[0], bob, ann],
      [bobs[0], anns[0], ann, bob],
    ] as const) {
      expect(await from.client.request("ice_candidate", { to: name, candidate: { late: true } })).toEqual({ ok: true });
      expect(await to.client.receive("ice_candidate")).toEqual({ from: received, candidate: { late: true } });
    }
    expect(await anns[0].client.request("end_call", { to: bob })).toEqual({ ok: true });
    expect(await bobs[0].client.receive("call_ended")).toEqual({ from: ann });
    await expectNothingMore(...clientsOf([...anns, ...bobs]));
  });

  test("a connection that did not answer can't take, or end, the call", async () => {
    const all = await crowd();
    const { ann, bob, anns, bobs } = all;
    await ring(all);
    await answer(all);
    const late = await bobs[1].client.request("call_answer", { to: ann, answer: { late: true } });
    expect(late.error?.code).toBe("call_not_found");
    expect(await bobs[2].client.request("end_call", { to: ann })).toEqual({ ok: true });
    expect(await anns[1].client.request("end_call", { to: bob })).toEqual({ ok: true });
    await anns[0].client.request("ice_candidate", { to: bob, candidate: {} });
    await bobs[0].client.receive("ice_candidate");
    await expectNothingMore(...clientsOf([...anns, ...bobs]));
  });

  test("several answer at once: one has the call, the others are refused and hear that it was answered", async () => {
    const all = await crowd();
    const { ann, bob, anns, bobs } = all;
    await ring(all);
    const answers = await Promise.all(
      bobs.map(({ client }, i) => client.request("call_answer", { to: ann, answer: { i } })),
    );
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    const winner = bobs[answers.findIndex(({ ok }) => ok)] as Chatter;
    expect(await anns[0].client.receive("call_answered")).toMatchObject({ from: bob });
    for (const one of bobs.filter((other) => other !== winner)) {
      expect(await one.client.receive("call_answered_elsewhere")).toEqual({ from: ann });
    }
    await anns[0].client.request("ice_candidate", { to: bob, candidate: {} });
    await winner.client.receive("ice_candidate");
    await expectNothingMore(...clientsOf([...anns, ...bobs]));
  });

  test("one declines: the caller hears so, and the others stop ringing", async () => {
    const all = await crowd();
    const { ann, bob, anns, bobs } = all;
    await ring(all);
    expect(await bobs[1].client.request("end_call", { to: ann })).toEqual({ ok: true });
    expect(await anns[0].client.receive("call_ended")).toEqual({ from: bob });
    for (const { client } of [bobs[0], bobs[2]]) expect(await client.receive("call_ended")).toEqual({ from: ann });
    await expectNothingMore(...clientsOf([...anns, ...bobs]));
    await ring(all);
    await answer(all, bobs[2]);
  });

  test("the caller cancels: all stop ringing", async () => {
    const all = await crowd();
    const { ann, bob, anns, bobs } = all;
    await ring(all);
    expect(await anns[0].client.request("end_call", { to: bob })).toEqual({ ok: true });
    for (const { client } of bobs) expect(await client.receive("call_ended")).toEqual({ from: ann });
    await expectNothingMore(...clientsOf([...anns, ...bobs]));
  });

  test("the one that answered is gone for good: call_ended to the other, and to nobody else", async () => {
    const all = await crowd();
    const { ann, bob, anns, bobs } = all;
    await ring(all);
    await answer(all);
    bobs[0].client.leave();
    expect(await anns[0].client.receive("call_ended")).toEqual({ from: bob });
    await ring(all, bobs.slice(1));
    anns[0].client.leave();
    for (const { client } of bobs.slice(1)) expect(await client.receive("call_ended")).toEqual({ from: ann });
    await expectNothingMore(...clientsOf([anns[1], bobs[1], bobs[2]]));
  });

  test("those that ring go for good: call_ended when the last one has", async () => {
    const all = await crowd();
    const { bob, anns, bobs } = all;
    await ring(all);
    for (const { client } of bobs.slice(0, 2)) client.leave();
    await until("two to be gone", async () => (await cluster.store.users.sessions("chat", bob)).length === 1);
    await expectNothingMore(...clientsOf(anns));
    bobs[2].client.leave();
    expect(await anns[0].client.receive("call_ended")).toEqual({ from: bob });
    expect((await anns[0].client.request("end_call", { to: bob })).error?.code).toBe("user_offline");
    await expectNothingMore(...clientsOf(anns));
  });

  test("who drops and comes back to another node is in the call as before", async () => {
    const [proxy, ann, bob] = [await cluster.proxy(0), newName("ann"), newName("bob")];
    const bobs = await Promise.all([1, 0, 1].map((node) => enterChatroom(cluster, node, options, bob)));
    const anns = [await enterChatroom(cluster, proxy, options, ann), await enterChatroom(cluster, 1, options, ann)];
    const all = { ann, bob, anns, bobs } as unknown as Crowd;
    await ring(all);
    proxy.routeTo(cluster.node(1).port);
    all.anns[0].client.cut(); // while it rings
    await all.anns[0].client.connected(2);
    await answer(all);
    proxy.routeTo(cluster.node(0).port);
    all.anns[0].client.cut(); // while it talks
    for (let i = 0; i < 10; i += 1) {
      expect(await all.bobs[0].client.request("ice_candidate", { to: ann, candidate: { i } })).toEqual({ ok: true });
    }
    await all.anns[0].client.connected(3);
    expect(all.anns[0].client.socket.recovered).toBe(true);
    for (let i = 0; i < 10; i += 1) {
      expect(await all.anns[0].client.receive("ice_candidate")).toEqual({ from: bob, candidate: { i } });
    }
    expect(await all.anns[0].client.request("ice_candidate", { to: bob, candidate: {} })).toEqual({ ok: true });
    await all.bobs[0].client.receive("ice_candidate");
    await expectNothingMore(...clientsOf([...all.anns, ...all.bobs]));
  });

  test("who drops and does not come back: call_ended when the grace is over, once", async () => {
    const all = await crowd();
    const { bob, anns, bobs } = all;
    await ring(all);
    await answer(all);
    bobs[0].client.socket.io.reconnection(false);
    const id = String(bobs[0].client.socket.id);
    bobs[0].client.cut();
    await graceOf(cluster, id);
    await expectNothingMore(...clientsOf([...anns, bobs[1], bobs[2]]));
    await endGrace(cluster, id);
    expect(await anns[0].client.receive("call_ended")).toEqual({ from: bob });
    await expectNothingMore(...clientsOf([...anns, bobs[1], bobs[2]]));
  });

  test("a user can call itself on another connection", async () => {
    const { ann, anns, bobs } = await crowd();
    expect(await anns[0].client.request("call_user", { to: ann, offer: {} })).toEqual({ ok: true });
    expect(await anns[1].client.receive("incoming_call")).toEqual({ from: ann, offer: {} });
    expect(await anns[1].client.request("call_answer", { to: ann, answer: {} })).toEqual({ ok: true });
    expect(await anns[0].client.receive("call_answered")).toEqual({ from: ann, answer: {} });
    expect(await anns[1].client.request("end_call", { to: ann })).toEqual({ ok: true });
    expect(await anns[0].client.receive("call_ended")).toEqual({ from: ann });
    await expectNothingMore(...clientsOf([...anns, ...bobs]));
  });
});
