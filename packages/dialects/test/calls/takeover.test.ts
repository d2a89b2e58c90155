import { expectNothingMore, startCluster, type TestClient, type TestCluster, until, waysTo } from "@switchyard/testkit";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { patient } from "../patient.ts";
import { comeOnline, inCall, joinAll, newCall, online, participants, start, userOf } from "./callers.ts";

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ matchmakers: 0, environment: patient });
  return cluster.stop;
});
afterEach(() => cluster.empty());

const replaced = { type: "replaced", message: "You are connected from somewhere else now." };

describe.each(waysTo("calls"))("the same user from a new connection, $way", (options) => {
  const connect = (node: number) => cluster.connect(node, options);

  test("the old one is told and is out; the others are told as of one who comes, and not that it left", async () => {
    const [old, bob] = await online(cluster, options, 2);
    const fresh = await connect(1);
    expect(await comeOnline(fresh, userOf(old))).toEqual({ ok: true });
    expect(await old.receive("error")).toEqual(replaced);
    expect(await fresh.receive("users-list")).toEqual([userOf(old), userOf(bob)]);
    expect(await bob.receive("user-joined")).toEqual(userOf(old));
    for (const [event, content] of Object.entries({ "start-call": { participants: [] }, "leave-call": {} })) {
      expect((await old.request(event, { id: "x", callId: "x", ...content })).error?.code, event).toBe("not_joined");
    }
    const cem = await connect(0);
    await comeOnline(cem);
    expect(await cem.receive("users-list")).toEqual([userOf(cem), userOf(old), userOf(bob)]);
    for (const client of [fresh, bob]) expect(await client.receive("user-joined")).toEqual(userOf(cem));
    old.leave();
    expect([old.connects, fresh.connects]).toEqual([1, 1]);
    await expectNothingMore(bob, fresh, cem);
  });

  test("the old one hears of nobody any more", async () => {
    const [old, bob] = await online(cluster, options, 2);
    const fresh = await connect(1);
    await comeOnline(fresh, userOf(old));
    await old.receive("error");
    bob.leave();
    await fresh.receive("users-list");
    expect(await fresh.receive<string>("user-left")).toBe(bob.user);
    await expectNothingMore(old, fresh);
  });

  test("it is out of its calls; the new one may join them", async () => {
    const { clients, callId } = await inCall(cluster, options, 3);
    const [old, bob, cem] = clients;
    const fresh = await connect(1);
    await comeOnline(fresh, userOf(old));
    expect(await old.receive("error")).toEqual(replaced);
    for (const client of [bob, cem]) {
      await client.caughtUp();
      const delivered = [
        ["user-left-call", { callId, userId: old.user, participants: participants(bob, cem) }],
        ["user-joined", userOf(old)],
      ];
      expect(client.unread()).toHaveLength(2);
      expect(client.unread()).toEqual(expect.arrayContaining(delivered));
      for (const [name] of client.unread()) await client.receive(String(name));
    }
    expect(await bob.request("webrtc-offer", { callId, targetUserId: old.user, offer: {} })).toMatchObject({
      ok: false,
    });
    await fresh.receive("users-list");
    expect(await fresh.request("join-call", { callId })).toEqual({ ok: true });
    const all = [userOf(bob), userOf(cem), userOf(old)];
    expect(await fresh.receive("call-participants")).toEqual({ callId, participants: all });
    for (const client of [bob, cem]) {
      expect(await client.receive("user-joined-call")).toEqual({ callId, user: userOf(old), participants: all });
    }
    expect(await bob.request("webrtc-offer", { callId, targetUserId: old.user, offer: {} })).toEqual({ ok: true });
    expect(await fresh.receive("webrtc-offer")).toEqual({ callId, fromUserId: bob.user, offer: {} });
    await expectNothingMore(old, bob, cem, fresh);
  });

  test("invitations go to the newest connection", async () => {
    const [old, bob] = await online(cluster, options, 2);
    const fresh = await connect(0);
    await comeOnline(fresh, userOf(old));
    await fresh.receive("users-list");
    await old.receive("error");
    await bob.receive("user-joined");
    const callId = newCall();
    await start(bob, callId, old.user);
    expect(await fresh.receive("incoming-call")).toMatchObject({ callId, initiator: bob.user });
    await bob.receive("call-started");
    await expectNothingMore(old, fresh, bob);
  });

  test("who was replaced and comes online again takes over in turn", async () => {
    const [old, bob] = await online(cluster, options, 2);
    const fresh = await connect(1);
    await comeOnline(fresh, userOf(old));
    await fresh.receive("users-list");
    await old.receive("error");
    expect(await comeOnline(old)).toEqual({ ok: true });
    expect(await old.receive("users-list")).toEqual([userOf(old), userOf(bob)]);
    expect(await fresh.receive("error")).toEqual(replaced);
    for (const _ of [1, 2]) expect(await bob.receive("user-joined")).toEqual(userOf(old));
    await joinAll([old, bob], newCall());
    await expectNothingMore(old, bob, fresh);
  });

  test("a user that another connection had is free when that one is somebody else", async () => {
    const [ann, bob] = await online(cluster, options, 2);
    const other = { ...userOf(ann), id: `${ann.user}-2` };
    await comeOnline(ann, other);
    await ann.receive("users-list");
    await bob.receive("user-left");
    await bob.receive("user-joined");
    const fresh = await connect(1);
    await comeOnline(fresh, userOf(ann));
    expect(await fresh.receive("users-list")).toEqual([userOf(ann), other, userOf(bob)]);
    for (const client of [ann, bob]) expect(await client.receive("user-joined")).toEqual(userOf(ann));
    await expectNothingMore(ann, bob, fresh);
  });

  test("many at once, without acknowledgements: who is replaced is told so once", async () => {
    for (let round = 0; round < 10; round += 1) {
      const clients = await Promise.all(Array.from({ length: 4 }, (_, i) => connect(i % 2)));
      const [first] = clients as [TestClient];
      for (const client of clients) client.send("user-joined", userOf(first));
      const errors = () => clients.map((client) => client.unread().filter(([name]) => name === "error"));
      await until("all but one to be told", () => errors().filter((delivered) => delivered.length > 0).length === 3);
      for (const client of clients) await client.caughtUp();
      for (const delivered of errors()) expect([[], [["error", replaced]]]).toContainEqual(delivered);
      for (const client of clients) client.leave();
    }
  });

  test("many at once: one of them is online, all others are told", async () => {
    const bob = await connect(0);
    await comeOnline(bob);
    await bob.receive("users-list");
    const clients = await Promise.all(Array.from({ length: 8 }, (_, i) => connect(i % 2)));
    const [first] = clients as [TestClient];
    await Promise.all(clients.map((client) => comeOnline(client, userOf(first))));
    for (const client of [...clients, bob]) await client.caughtUp();
    const last = clients.map((client) => client.unread().at(-1)?.[0]);
    expect(last.toSorted()).toEqual([...Array.from({ length: 7 }, () => "error"), "users-list"]);
    for (const delivered of bob.unread()) expect(delivered).toEqual(["user-joined", userOf(first)]);
    const cem = await connect(1);
    await comeOnline(cem);
    expect(await cem.receive("users-list")).toEqual([userOf(cem), userOf(first), userOf(bob)]);
    for (const client of clients) if (client !== clients[last.indexOf("users-list")]) client.leave();
    await expectNothingMore(cem);
  });
});
