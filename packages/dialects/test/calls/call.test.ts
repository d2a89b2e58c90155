import { roomNamed } from "@switchyard/protocol";
import { nothingMore, startCluster, type TestCluster, until, waysTo } from "@switchyard/testkit";
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
    expect(await ann.ask("start-call", call)).toEqual({ ok: true });
    expect(await ann.hear("call-started")).toEqual({ callId: id });
    for (const client of [bob, cem]) {
      expect(await client.hear("incoming-call")).toEqual({ callId: id, initiator: ann.user, isVideo: true });
    }
    await nothingMore(ann, bob, cem, dan);
  });

  test("the initiator is said in the client's form, and as who it is", async () => {
    const [ann, bob] = await online(cluster, options, 2);
    const said: [object, unknown][] = [
      [{ initiator: ann.user }, ann.user],
      [{ initiator: bob.user }, ann.user],
      [{ initiator: { ...userOf(bob), username: "Mallory" } }, userOf(ann)],
      [{ initiator: { id: ann.user } }, userOf(ann)],
      [{ initiator: null }, ann.user],
      [{}, ann.user],
    ];
    for (const [content, initiator] of said) {
      const callId = newCall();
      ann.tell("start-call", { id: callId, participants: [bob.user], ...content });
      expect(await ann.hear("call-started")).toEqual({ callId });
      expect(await bob.hear("incoming-call")).toEqual({ callId, initiator, isVideo: false });
    }
    await nothingMore(ann, bob);
  });

  test("the initiator is a participant: who joins is told of it, and it of who joins", async () => {
    const [ann, bob, cem] = await online(cluster, options, 3);
    const callId = newCall();
    await start(ann, callId, bob.user);
    await ann.hear("call-started");
    await bob.hear("incoming-call");
    expect(await bob.ask("join-call", { callId, user: userOf(cem) })).toEqual({ ok: true });
    expect(await bob.hear("call-participants")).toEqual({ callId, participants: participants(ann, bob) });
    expect(await ann.hear("user-joined-call")).toEqual({
      ...{ callId, user: userOf(bob), participants: participants(ann, bob) },
    });
    cem.tell("join-call", { callId }); // who was not invited may join too
    expect(await cem.hear("call-participants")).toEqual({ callId, participants: participants(ann, bob, cem) });
    for (const client of [ann, bob]) {
      expect(await client.hear("user-joined-call")).toEqual({
        ...{ callId, user: userOf(cem), participants: participants(ann, bob, cem) },
      });
    }
    await nothingMore(ann, bob, cem);
  });

  test("joining again: the list again, and nobody else hears anything", async () => {
    const { clients, callId } = await inCall(cluster, options, 2);
    const [ann, bob] = clients;
    expect(await bob.ask("join-call", { callId })).toEqual({ ok: true });
    expect(await start(ann, callId, bob.user)).toEqual({ ok: true });
    for (const client of clients) {
      expect(await client.hear("call-participants")).toEqual({ callId, participants: participants(ann, bob) });
    }
    await nothingMore(ann, bob);
  });

  test("starting a call whose id exists joins it, and invites nobody", async () => {
    const [ann, bob, cem] = await online(cluster, options, 3);
    const callId = newCall();
    await joinAll([ann], callId);
    expect(await start(bob, callId, ann.user, cem.user)).toEqual({ ok: true });
    expect(await bob.hear("call-participants")).toEqual({ callId, participants: participants(ann, bob) });
    expect(await ann.hear("user-joined-call")).toMatchObject({ user: userOf(bob) });
    await nothingMore(ann, bob, cem);
  });

  test("many who start the same call at once: all are in it and know of each other, and one has started it at most", async () => {
    const clients = await online(cluster, options, CAPACITY);
    const callId = newCall();
    const answers = await Promise.all(clients.map((client) => start(client, callId)));
    expect(answers).toEqual(clients.map(() => ({ ok: true })));
    for (const client of clients) await client.settled();
    const started = clients.filter((client) => client.unheard()[0]?.[0] === "call-started");
    expect(started.length).toBeLessThanOrEqual(1);
    for (const client of clients) {
      const lists = client
        .unheard()
        .flatMap(([, content]) => (content as { participants?: unknown[] }).participants ?? []);
      expect(lists).toEqual(expect.arrayContaining(participants(...clients)));
    }
  });

  test("leave-call: user-left-call to those who stay", async () => {
    const { clients, callId } = await inCall(cluster, options, 3);
    const [ann, bob, cem] = clients;
    expect(await bob.ask("leave-call", { callId, userId: cem.user })).toEqual({ ok: true });
    for (const client of [ann, cem]) {
      expect(await client.hear("user-left-call")).toEqual({
        ...{ callId, userId: bob.user, participants: participants(ann, cem) },
      });
    }
    expect(await bob.ask("leave-call", { callId, userId: bob.user })).toEqual(refused("call_not_found"));
    cem.tell("leave-call", { callId });
    expect(await ann.hear("user-left-call")).toEqual({ callId, userId: cem.user, participants: participants(ann) });
    await nothingMore(ann, bob, cem);
  });

  test("a full call: room_full, until somebody leaves", async () => {
    const [ann, bob, cem, dan] = await online(cluster, options, 4);
    const callId = newCall();
    await joinAll([ann, bob, cem], callId);
    expect(await dan.ask("join-call", { callId })).toEqual({
      ...{ ok: false, error: { code: "room_full", message: "The room is full.", retryable: true } },
    });
    dan.tell("join-call", { callId });
    expect(await dan.hear("error")).toEqual({ type: "room_full", message: "The room is full." });
    expect(await start(dan, callId)).toEqual(refused("room_full"));
    cem.leave();
    for (const client of [ann, bob]) {
      expect(await client.hear("user-left-call")).toMatchObject({ userId: cem.user });
      expect(await client.hear<string>("user-left")).toBe(cem.user);
    }
    expect(await dan.hear<string>("user-left")).toBe(cem.user);
    expect(await dan.ask("join-call", { callId })).toEqual({ ok: true });
    expect(await dan.hear("call-participants")).toEqual({ callId, participants: participants(ann, bob, dan) });
    for (const client of [ann, bob]) await client.hear("user-joined-call");
    await nothingMore(ann, bob, dan);
  });

  test("a call with nobody left is gone: call_not_found, and it can be started anew", async () => {
    const { clients, callId } = await inCall(cluster, options, 2);
    const [ann, bob] = clients;
    await ann.ask("leave-call", { callId });
    await bob.hear("user-left-call");
    bob.leave();
    await ann.hear("user-left");
    await until("the call to be gone", async () => (await cluster.redis.keys(`*${callId}*`)).length === 0);
    expect(await cluster.store.memberships.roster(roomNamed("calls", callId))).toBeUndefined();
    expect(await ann.ask("join-call", { callId })).toEqual(refused("call_not_found"));
    await joinAll([ann], callId);
    await nothingMore(ann);
  });

  test("several calls at once; one hears nothing of another", async () => {
    const [ann, bob, cem] = await online(cluster, options, 3);
    const [one, two] = [newCall(), newCall()];
    await joinAll([ann, bob], one);
    await joinAll([ann, cem], two);
    expect(await bob.ask("webrtc-offer", { callId: two, targetUserId: cem.user, offer: {} })).toEqual(
      refused("call_not_found"),
    );
    expect(await ann.ask("webrtc-offer", { callId: one, targetUserId: cem.user, offer: {} })).toEqual(
      refused("user_offline"),
    );
    await ann.ask("leave-call", { callId: one });
    expect(await bob.hear("user-left-call")).toMatchObject({ callId: one });
    expect(await ann.ask("webrtc-offer", { callId: two, targetUserId: cem.user, offer: {} })).toEqual({ ok: true });
    expect(await cem.hear("webrtc-offer")).toEqual({ callId: two, fromUserId: ann.user, offer: {} });
    await nothingMore(ann, bob, cem);
  });
});
