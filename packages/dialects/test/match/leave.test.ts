import { expectNothingMore, startCluster, type TestClient, type TestCluster, waysTo } from "@switchyard/testkit";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { endGrace, graceOf } from "../ending.ts";
import { patient } from "../patient.ts";
import { newMatch, pairIn, register } from "./registered.ts";

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ matchmakers: 0, environment: patient });
  return cluster.stop;
});
afterEach(() => cluster.empty());

const replaced = { type: "replaced", message: "You are connected from somewhere else now." };

describe.each(waysTo("match"))("going $way", (options) => {
  const connect = (node: number) => cluster.connect(node, options);
  /** Nothing of a match reaches it, and it reaches nobody. */
  const expectOutside = async (client: TestClient, to: string) => {
    for (const [event, body] of Object.entries({ offer: { offer: {} }, "initiate-call": {}, "end-call": {} })) {
      expect((await client.request(event, { to, ...body })).error?.code, event).toBe("not_joined");
    }
  };

  test("a client's own disconnect: user-left at once", async () => {
    const { ann, bob } = await pairIn(cluster, options);
    ann.leave();
    expect(await bob.receive("user-left")).toEqual({ userId: ann.user });
    expect((await bob.request("offer", { to: ann.user, offer: {} })).error?.code).toBe("user_offline");
    await expectNothingMore(bob);
  });

  test("a connection that is lost: user-left when the grace is over, once", async () => {
    const { ann, bob } = await pairIn(cluster, options);
    bob.socket.io.reconnection(false);
    const id = String(bob.socket.id);
    bob.cut();
    await graceOf(cluster, id);
    await expectNothingMore(ann);
    await endGrace(cluster, id);
    expect(await ann.receive("user-left")).toEqual({ userId: bob.user });
    await expectNothingMore(ann);
  });

  test("a new connection of the same user takes over: the old is told, the other hears of it as at a join", async () => {
    const { ann: old, bob, matchId } = await pairIn(cluster, options);
    const fresh = await connect(1);
    expect(await register(fresh, matchId, old.user)).toEqual({ ok: true });
    expect(await fresh.receive("joined")).toMatchObject({ userId: old.user, participantCount: 2 });
    expect(await old.receive("error")).toEqual(replaced);
    expect(await bob.receive("user-joined")).toEqual({ userId: old.user, participantCount: 2 });
    await expectOutside(old, bob.user);
    expect(await bob.request("offer", { to: old.user, offer: {} })).toEqual({ ok: true });
    expect(await fresh.receive("offer")).toEqual({ offer: {}, from: bob.user });
    expect(await fresh.request("answer", { to: bob.user, answer: {} })).toEqual({ ok: true });
    expect(await bob.receive("answer")).toEqual({ answer: {}, from: old.user });
    old.leave();
    expect([old.connects, fresh.connects]).toEqual([1, 1]);
    await expectNothingMore(bob, fresh);
  });

  test("what goes to a user goes to its newest connection, also right after it took over", async () => {
    const { ann: old, bob, matchId } = await pairIn(cluster, options);
    expect(await bob.request("offer", { to: old.user, offer: { to: "old" } })).toEqual({ ok: true });
    await old.receive("offer");
    const fresh = await connect(0);
    await register(fresh, matchId, old.user);
    for (let i = 0; i < 10; i += 1) bob.send("ice-candidate", { to: old.user, candidate: { i } });
    await fresh.receive("joined");
    for (let i = 0; i < 10; i += 1) expect(await fresh.receive("ice-candidate")).toMatchObject({ candidate: { i } });
    await old.receive("error");
    await bob.receive("user-joined");
    await expectNothingMore(old, bob, fresh);
  });

  test("a new connection in another match: out of the old one", async () => {
    const { ann: old, bob } = await pairIn(cluster, options);
    const fresh = await connect(1);
    const other = newMatch();
    expect(await register(fresh, other, old.user)).toEqual({ ok: true });
    expect(await fresh.receive("joined")).toMatchObject({ matchId: other, participants: [old.user] });
    expect(await old.receive("error")).toEqual(replaced);
    expect(await bob.receive("user-left")).toEqual({ userId: old.user });
    await expectOutside(old, bob.user);
    await expectNothingMore(old, bob, fresh);
  });

  test("who was replaced and registers again takes over in turn", async () => {
    const { ann: old, bob, matchId } = await pairIn(cluster, options);
    const fresh = await connect(1);
    await register(fresh, matchId, old.user);
    await fresh.receive("joined");
    await old.receive("error");
    expect(await register(old, matchId)).toEqual({ ok: true });
    expect(await old.receive("joined")).toMatchObject({ participantCount: 2 });
    expect(await fresh.receive("error")).toEqual(replaced);
    for (const _ of [1, 2]) expect(await bob.receive("user-joined")).toEqual({ userId: old.user, participantCount: 2 });
    await expectNothingMore(old, bob, fresh);
  });

  test("many connections of one user at once: one is in the match, all others are told", async () => {
    const bob = await connect(0);
    const matchId = newMatch();
    await register(bob, matchId);
    await bob.receive("joined");
    const clients = await Promise.all(Array.from({ length: 8 }, (_, i) => connect(i % 2)));
    await Promise.all(clients.map((client) => register(client, matchId, "same")));
    for (const client of [...clients, bob]) await client.caughtUp();
    const last = clients.map((client) => client.unread().at(-1)?.[0]);
    expect(last.toSorted()).toEqual([...Array.from({ length: 7 }, () => "error"), "joined"]);
    expect(new Set(bob.unread().map(([name]) => name))).toEqual(new Set(["user-joined"]));
    expect(await bob.request("offer", { to: "same", offer: {} })).toEqual({ ok: true });
    expect(await clients[last.indexOf("joined")]?.receive("joined")).toMatchObject({ userId: "same" });
    for (const client of clients) await client.caughtUp();
    expect(clients.filter((client) => client.unread().some(([name]) => name === "offer"))).toHaveLength(1);
  });
});
