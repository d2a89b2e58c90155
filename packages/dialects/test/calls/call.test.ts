import { roomNamed } from "@switchyard/protocol";
import { expectNothingMore, startCluster, type TestCluster, until, waysTo } from "@switchyard/testkit";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { patient } from "../patient.ts";
import { inCall, joinAll, newCall, online, participants, start, userOf } from "./callers.ts";

const CAPACITY = 3;

let cluster: TestCluster;
beforeAll(async () => {
  const environment = { ...patient, MAX_CALL_PARTICIPANTS: CAPACITY };
  cluster = await startCluster({ matchmakers: 0, environment });
  return cluster.stop;
});
afterEach(() => cluster.empty());

const refused = (code: string) => ({ ok: false, error: expect.objectContaining({ code }) });

describe.each(waysTo("calls"))("a call $way", (options) => {
  test("start-call: call-started to the initiator, incoming-call to every other one, by id or as an object", async () => {
    const [ann, bob, cem, dan] = await online(cluster, options, 4);
    const id = newCall();
    const invited = [bob.user, { ...userOf(cem), more: "x" }, ann.user, userOf(ann), bob.user, { id: "nobody" }];
    const call = { id, initiator: ann.user, participants: invited, isVideo: true };
    expect(await ann.request("start-call", call)).toEqual({ ok: true });
    expect(await ann.receive("call-started")).toEqual({ callId: id });
    for (const client of [bob, cem]) {
      expect(await client.receive("incoming-call")).toEqual({ callId: id, initiator: ann.user, isVideo: true });
    }
    await expectNothingMore(ann, bob, cem, dan);
  });

  test("the initiator is said in the client's form, and as who it is", async () => {
    const [ann, bob] = await online(cluster, options, 2);
    const sent: [object, unknown][] = [
      [{ initiator: ann.user }, ann.user],
      [{ initiator: bob.user }, ann.user],
      [{ initiator: { ...userOf(bob), username: "Mallory" } }, userOf(ann)],
      [{ initiator: { id: ann.user } }, userOf(ann)],
      [{ initiator: null }, ann.user],
      [{}, ann.user],
    ];
    for (const [content, initiator] of sent) {
      const callId = newCall();
      ann.send("start-call", { id: callId, participants: [bob.user], ...content });
      expect(await ann.receive("call-started")).toEqual({ callId });
      expect(await bob.receive("incoming-call")).toEqual({ callId, initiator, isVideo: false });
    }
    await expectNothingMore(ann, bob);
  });

  test("the initiator is a participant: who joins is told of it, and it of who joins", async () => {
    const [ann, bob, cem] = await online(cluster, options, 3);
    const callId = newCall();
    await start(ann, callId, bob.user);
    await ann.receive("call-started");
    await bob.receive("incoming-call");
    expect(await bob.request("join-call", { callId, user: userOf(cem) })).toEqual({ ok: true });
    expect(await bob.receive("call-participants")).toEqual({ callId, participants: participants(ann, bob) });
    expect(await ann.receive("user-joined-call")).toEqual({
      callId,
      user: userOf(bob),
      participants: participants(ann, bob),
    });
    cem.send("join-call", { callId }); // who was not invited may join too
    expect(await cem.receive("call-participants")).toEqual({ callId, participants: participants(ann, bob, cem) });
    for (const client of [ann, bob]) {
      expect(await client.receive("user-joined-call")).toEqual({
        callId,
        user: userOf(cem),
        participants: participants(ann, bob, cem),
      });
    }
    await expectNothingMore(ann, bob, cem);
  });

  test("joining again: the list again, and nobody else hears anything", async () => {
    const { clients, callId } = await inCall(cluster, options, 2);
    const [ann, bob] = clients;
    expect(await bob.request("join-call", { callId })).toEqual({ ok: true });
    expect(await start(ann, callId, bob.user)).toEqual({ ok: true });
    for (const client of clients) {
      expect(await client.receive("call-participants")).toEqual({ callId, participants: participants(ann, bob) });
    }
    await expectNothingMore(ann, bob);
  });

  test("starting a call whose id exists joins it, and invites nobody", async () => {
    const [ann, bob, cem] = await online(cluster, options, 3);
    const callId = newCall();
    await joinAll([ann], callId);
    expect(await start(bob, callId, ann.user, cem.user)).toEqual({ ok: true });
    expect(await bob.receive("call-participants")).toEqual({ callId, participants: participants(ann, bob) });
    expect(await ann.receive("user-joined-call")).toMatchObject({ user: userOf(bob) });
    await expectNothingMore(ann, bob, cem);
  });

  test("many who start the same call at once: all are in it and know of each other, and one has started it at most", async () => {
    const clients = await online(cluster, options, CAPACITY);
    const callId = newCall();
    const answers = await Promise.all(clients.map((client) => start(client, callId)));
    expect(answers).toEqual(clients.map(() => ({ ok: true })));
    for (const client of clients) await client.caughtUp();
    const started = clients.filter((client) => client.unread()[0]?.[0] === "call-started");
    expect(started.length).toBeLessThanOrEqual(1);
    for (const client of clients) {
      const lists = client
        .unread()
        .flatMap(([, content]) => (content as { participants?: unknown[] }).participants ?? []);
      expect(lists).toEqual(expect.arrayContaining(participants(...clients)));
    }
  });

  test("leave-call: user-left-call to those who stay, call-left to the sender, also if it was out already", async () => {
    const { clients, callId } = await inCall(cluster, options, 3);
    const [ann, bob, cem] = clients;
    expect(await bob.request("leave-call", { callId, userId: cem.user })).toEqual({ ok: true });
    expect(await bob.receive("call-left")).toEqual({ callId });
    for (const client of [ann, cem]) {
      expect(await client.receive("user-left-call")).toEqual({
        callId,
        userId: bob.user,
        participants: participants(ann, cem),
      });
    }
    expect(await bob.request("leave-call", { callId, userId: bob.user })).toEqual(refused("call_not_found"));
    expect(await bob.receive("call-not-found")).toEqual({ callId });
    expect(await bob.receive("call-left")).toEqual({ callId });
    cem.send("leave-call", { callId });
    expect(await cem.receive("call-left")).toEqual({ callId });
    expect(await ann.receive("user-left-call")).toEqual({ callId, userId: cem.user, participants: participants(ann) });
    await expectNothingMore(ann, bob, cem);
  });

  test("a full call: room_full, until somebody leaves", async () => {
    const [ann, bob, cem, dan] = await online(cluster, options, 4);
    const callId = newCall();
    await joinAll([ann, bob, cem], callId);
    expect(await dan.request("join-call", { callId })).toEqual({
      ok: false,
      error: { code: "room_full", message: "The room is full.", retryable: true },
    });
    dan.send("join-call", { callId });
    expect(await dan.receive("error")).toEqual({ type: "room_full", message: "The room is full." });
    expect(await start(dan, callId)).toEqual(refused("room_full"));
    cem.leave();
    for (const client of [ann, bob]) {
      expect(await client.receive("user-left-call")).toMatchObject({ userId: cem.user });
      expect(await client.receive<string>("user-left")).toBe(cem.user);
    }
    expect(await dan.receive<string>("user-left")).toBe(cem.user);
    expect(await dan.request("join-call", { callId })).toEqual({ ok: true });
    expect(await dan.receive("call-participants")).toEqual({ callId, participants: participants(ann, bob, dan) });
    for (const client of [ann, bob]) await client.receive("user-joined-call");
    await expectNothingMore(ann, bob, dan);
  });

  test("a call with nobody left is gone: call_not_found, and it can be started anew", async () => {
    const { clients, callId } = await inCall(cluster, options, 2);
    const [ann, bob] = clients;
    await ann.request("leave-call", { callId });
    await ann.receive("call-left");
    await bob.receive("user-left-call");
    bob.leave();
    await ann.receive("user-left");
    await until("the call to be gone", async () => (await cluster.redis.keys(`*${callId}*`)).length === 0);
    expect(await cluster.store.memberships.roster(roomNamed("calls", callId))).toBeUndefined();
    expect(await ann.request("join-call", { callId })).toEqual(refused("call_not_found"));
    expect(await ann.receive("call-not-found")).toEqual({ callId });
    await joinAll([ann], callId);
    await expectNothingMore(ann);
  });

  test("several calls at once; one hears nothing of another", async () => {
    const [ann, bob, cem] = await online(cluster, options, 3);
    const [one, two] = [newCall(), newCall()];
    await joinAll([ann, bob], one);
    await joinAll([ann, cem], two);
    expect(await bob.request("webrtc-offer", { callId: two, targetUserId: cem.user, offer: {} })).toEqual(
      refused("call_not_found"),
    );
    expect(await bob.receive("call-not-found")).toEqual({ callId: two });
    expect(await ann.request("webrtc-offer", { callId: one, targetUserId: cem.user, offer: {} })).toEqual(
      refused("user_offline"),
    );
    await ann.request("leave-call", { callId: one });
    expect(await ann.receive("call-left")).toEqual({ callId: one });
    expect(await bob.receive("user-left-call")).toMatchObject({ callId: one });
    expect(await ann.request("webrtc-offer", { callId: two, targetUserId: cem.user, offer: {} })).toEqual({ ok: true });
    expect(await cem.receive("webrtc-offer")).toEqual({ callId: two, fromUserId: ann.user, offer: {} });
    await expectNothingMore(ann, bob, cem);
  });
});
