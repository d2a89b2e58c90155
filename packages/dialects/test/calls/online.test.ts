import { expectNothingMore, startCluster, type TestCluster, until, waysTo } from "@switchyard/testkit";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { endGrace, graceOf } from "../ending.ts";
import { patient } from "../patient.ts";
import { comeOnline, joinAll, newCall, online, userOf } from "./callers.ts";

const LISTED = 5;

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ matchmakers: 0, environment: { ...patient, PEOPLE_LISTED: LISTED } });
  return cluster.stop;
});
afterEach(() => cluster.empty());

describe.each(waysTo("calls"))("online $way", (options) => {
  const connect = (node: number) => cluster.connect(node, options);

  test("a time of joining with half of a surrogate pair keeps nobody in a call", async () => {
    const [ann, bob] = await online(cluster, options, 2);
    const odd = await cluster.connect(1, options);
    await comeOnline(odd, { ...userOf(odd), joinedAt: "\ud800" });
    await odd.receive("users-list");
    for (const client of [ann, bob])
      expect(await client.receive("user-joined")).toMatchObject({ id: odd.user, joinedAt: "\ufffd" });
    const callId = newCall();
    await joinAll([ann, odd], callId);
    expect(await odd.request("leave-call", { callId })).toEqual({ ok: true });
    expect(await ann.receive("user-left-call")).toMatchObject({ callId, userId: odd.user });
  });

  test("who comes is told who is there, itself included; the others are told of it", async () => {
    const [ann, bob] = await Promise.all([connect(0), connect(1)]);
    expect(await comeOnline(ann)).toEqual({ ok: true });
    expect(await ann.receive("users-list")).toEqual([userOf(ann)]);
    expect(await comeOnline(bob)).toEqual({ ok: true });
    expect(await bob.receive("users-list")).toEqual([userOf(bob), userOf(ann)]);
    expect(await ann.receive("user-joined")).toEqual(userOf(bob));
    await expectNothingMore(ann, bob);
  });

  test("without a callback the same is told, and nothing else", async () => {
    const [ann, bob] = await Promise.all([connect(0), connect(1)]);
    ann.send("user-joined", userOf(ann));
    await ann.receive("users-list");
    bob.send("user-joined", userOf(bob));
    expect(await bob.receive("users-list")).toEqual([userOf(bob), userOf(ann)]);
    expect(await ann.receive("user-joined")).toEqual(userOf(bob));
    await expectNothingMore(ann, bob);
  });

  test("a user is told as its client gave it, whatever joinedAt is; what else it gives is left out", async () => {
    const [ann, bob] = await online(cluster, options, 2);
    for (const joinedAt of [1_767_322_800_000, "a while ago", "", null]) {
      const cem = await connect(0);
      const user = { id: cem.user, username: "Cem ­é😀\u2028", joinedAt };
      expect(await comeOnline(cem, { ...user, socketId: "x", isAdmin: true })).toEqual({ ok: true });
      expect(await cem.receive("users-list")).toEqual([user, userOf(bob), userOf(ann)]);
      for (const client of [ann, bob]) expect(await client.receive("user-joined")).toEqual(user);
      cem.leave();
      for (const client of [ann, bob]) await client.receive("user-left");
    }
    await expectNothingMore(ann, bob);
  });

  test("of many the latest are listed; everyone is told of everyone all the same", async () => {
    const clients = await Promise.all(Array.from({ length: 2 * LISTED }, (_, i) => connect(i % 2)));
    for (const [i, client] of clients.entries()) {
      await comeOnline(client);
      const there = clients.slice(0, i + 1).map(userOf);
      expect(await client.receive("users-list")).toEqual(there.toReversed().slice(0, LISTED));
      for (const other of clients.slice(0, i)) expect(await other.receive("user-joined")).toEqual(userOf(client));
    }
    await expectNothingMore(...clients);
  });

  test("many at once: everyone knows of everyone, by the list or by an event", async () => {
    const clients = await Promise.all(Array.from({ length: LISTED }, (_, i) => connect(i % 2)));
    await Promise.all(clients.map((client) => comeOnline(client)));
    for (const client of clients) {
      await client.caughtUp();
      const [[, list] = [], ...events] = client.unread();
      const known = [...(list as object[]), ...events.map(([, user]) => user)];
      expect(known).toHaveLength(LISTED);
      expect(known).toEqual(expect.arrayContaining(clients.map(userOf)));
    }
  });

  test("the same again: the list again, and nobody else hears anything; also with another joinedAt", async () => {
    const [ann, bob] = await online(cluster, options, 2);
    for (const again of [userOf(ann), { ...userOf(ann), joinedAt: "later" }]) {
      expect(await comeOnline(ann, again)).toEqual({ ok: true });
      expect(await ann.receive("users-list")).toEqual([userOf(bob), userOf(ann)]);
    }
    await expectNothingMore(ann, bob);
  });

  test("with another name: the others are told of it as of one who comes", async () => {
    const [ann, bob] = await online(cluster, options, 2);
    const renamed = { ...userOf(ann), username: "Anna" };
    expect(await comeOnline(ann, renamed)).toEqual({ ok: true });
    expect(await ann.receive("users-list")).toEqual([renamed, userOf(bob)]);
    expect(await bob.receive("user-joined")).toEqual(renamed);
    await expectNothingMore(ann, bob);
  });

  test("as another user: the others are told that the one left and the other came", async () => {
    const [ann, bob] = await online(cluster, options, 2);
    const other = { ...userOf(ann), id: `${ann.user}-2` };
    expect(await comeOnline(ann, other)).toEqual({ ok: true });
    expect(await ann.receive("users-list")).toEqual([other, userOf(bob)]);
    expect(await bob.receive<string>("user-left")).toBe(ann.user);
    expect(await bob.receive("user-joined")).toEqual(other);
    await expectNothingMore(ann, bob);
  });

  test("a client's own disconnect: user-left at once, the bare id and then the offset", async () => {
    const [ann, bob] = await online(cluster, options, 2);
    const args: unknown[][] = [];
    bob.socket.on("user-left", (...all: unknown[]) => void args.push(all));
    ann.leave();
    expect(await bob.receive<string>("user-left")).toBe(ann.user);
    expect(args).toEqual([[ann.user, expect.stringMatching(/^\d+~\d+-\d+$/)]]);
    await expectNothingMore(bob);
  });

  test("a connection that is lost: user-left when the grace is over, once", async () => {
    const [ann, bob, cem] = await online(cluster, options, 3);
    bob.socket.io.reconnection(false);
    const id = String(bob.socket.id);
    bob.cut();
    await graceOf(cluster, id);
    await expectNothingMore(ann, cem);
    await endGrace(cluster, id);
    for (const client of [ann, cem]) expect(await client.receive<string>("user-left")).toBe(bob.user);
    await expectNothingMore(ann, cem);
    const dan = await connect(0);
    await comeOnline(dan);
    expect(await dan.receive("users-list")).toEqual([userOf(dan), userOf(cem), userOf(ann)]);
  });

  test("who is not online hears of nobody", async () => {
    const idle = await connect(0);
    const [ann, bob] = await online(cluster, options, 2);
    await expectNothingMore(idle, ann, bob);
    expect(await comeOnline(idle)).toEqual({ ok: true });
    expect(await idle.receive("users-list")).toEqual([userOf(idle), userOf(bob), userOf(ann)]);
    for (const client of [ann, bob]) expect(await client.receive("user-joined")).toEqual(userOf(idle));
    await expectNothingMore(idle, ann, bob);
  });

  test("nothing is left when everyone has gone", async () => {
    const [ann, bob] = await online(cluster, options, 2);
    const keys = ["people", "arrivals"].map((part) => `sy:{presence:calls}:${part}`);
    expect(await cluster.redis.exists(...keys)).toBe(2);
    for (const client of [ann, bob]) client.leave();
    await until("it to be empty", async () => (await cluster.redis.exists(...keys)) === 0);
    for (const { user } of [ann, bob]) {
      await until("the user to be gone", async () => (await cluster.redis.keys(`*${user}*`)).length === 0);
    }
  });
});
