import { expectNothingMore, startCluster, type TestClient, type TestCluster, until, waysTo } from "@switchyard/testkit";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { patient } from "../patient.ts";
import { comeOnline, joinAll, newCall, online, participants, userOf } from "./callers.ts";

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ matchmakers: 0, environment: patient });
  return cluster.stop;
});
afterEach(() => cluster.empty());

describe.each(waysTo("calls"))("a drop $way", (options) => {
  /** One who is behind a door of its own, and others who stay where they are. */
  async function behindDoor<Count extends number>(count: Count) {
    const proxy = await cluster.proxy(0);
    const others = await online(cluster, options, count);
    const ann = await cluster.connect(proxy, options);
    await comeOnline(ann);
    await ann.receive("users-list");
    for (const other of others) await other.receive("user-joined");
    /** It is away until `back`. */
    const drop = async () => {
      const id = String(ann.socket.id);
      // a polling client's loss is noticed at the next ping only
      await until("the upgrade", () => ann.socket.io.engine.transport.name === "websocket");
      await ann.request("where", {}); // its node has upgraded, too, when that is answered
      proxy.routeTo(1); // nobody listens there
      proxy.cut();
      await until("it to be gone", async () => (await cluster.store.sessions.read(id))?.state === "detached");
      return async () => {
        const { connects } = ann;
        proxy.routeTo(cluster.node(1).port);
        await ann.connected(connects + 1);
        expect([ann.socket.recovered, ann.socket.id]).toEqual([true, id]);
      };
    };
    return { ann, others, drop };
  }

  test("whoever came and went meanwhile is told when it is back at another node, once and in order; others hear nothing", async () => {
    const { ann, others, drop } = await behindDoor(2);
    const [bob, cem] = others;
    const back = await drop();
    const dan = await cluster.connect(0, options);
    await comeOnline(dan);
    bob.leave();
    await cem.receive("user-joined");
    await cem.receive("user-left");
    const renamed = { ...userOf(cem), username: "Cemal" };
    await comeOnline(cem, renamed);
    await back();
    expect(await ann.receive("user-joined")).toEqual(userOf(dan));
    expect(await ann.receive<string>("user-left")).toBe(bob.user);
    expect(await ann.receive("user-joined")).toEqual(renamed);
    await cem.receive("users-list");
    await dan.receive("users-list");
    expect(await dan.receive<string>("user-left")).toBe(bob.user);
    expect(await dan.receive("user-joined")).toEqual(renamed);
    await expectNothingMore(ann, cem, dan);
  });

  test("the opening event again after it: the list again, and nobody else hears anything", async () => {
    const { ann, others, drop } = await behindDoor(2);
    await (await drop())();
    expect(await comeOnline(ann, { ...userOf(ann), joinedAt: "now" })).toEqual({ ok: true });
    expect(await ann.receive("users-list")).toEqual([ann, ...others.toReversed()].map(userOf));
    await expectNothingMore(ann, ...others);
  });

  test("again and again, while many come and go: each is heard once, in order", async () => {
    const { ann, others, drop } = await behindDoor(2);
    const expected: unknown[][] = [];
    for (let round = 0; round < 3; round += 1) {
      const back = await drop();
      const guests = await Promise.all(Array.from({ length: 4 }, (_, i) => cluster.connect(i % 2, options)));
      for (const guest of guests) {
        await comeOnline(guest);
        expected.push(["user-joined", userOf(guest)]);
      }
      for (const guest of guests.slice(2)) {
        guest.leave();
        await until("it to be gone", async () => (await cluster.redis.keys(`*${guest.user}*`)).length === 0);
        expected.push(["user-left", guest.user]);
      }
      await back();
    }
    await ann.caughtUp();
    expect(ann.unread()).toEqual(expected);
    for (const other of others) {
      await other.caughtUp();
      expect(other.unread()).toEqual(expected);
    }
  });

  test("a call goes on: what was said in it meanwhile is told too", async () => {
    const { ann, others, drop } = await behindDoor(2);
    const [bob, cem] = others;
    const callId = newCall();
    await joinAll([ann, bob, cem], callId);
    const back = await drop();
    for (let i = 0; i < 10; i += 1) {
      await bob.request("webrtc-ice-candidate", { callId, targetUserId: ann.user, candidate: { i } });
    }
    await cem.request("leave-call", { callId });
    await cem.receive("call-left");
    await bob.receive("user-left-call");
    await back();
    for (let i = 0; i < 10; i += 1) {
      expect(await ann.receive("webrtc-ice-candidate")).toEqual({ callId, fromUserId: bob.user, candidate: { i } });
    }
    expect(await ann.receive("user-left-call")).toEqual({
      callId,
      userId: cem.user,
      participants: participants(ann, bob),
    });
    expect(await ann.request("join-call", { callId })).toEqual({ ok: true });
    expect(await ann.receive("call-participants")).toEqual({ callId, participants: participants(ann, bob) });
    await expectNothingMore(ann, bob, cem);
  });

  test("who was replaced meanwhile is told so when it is back, and hears of nobody", async () => {
    const { ann, others, drop } = await behindDoor(2);
    const back = await drop();
    const fresh: TestClient = await cluster.connect(0, options);
    await comeOnline(fresh, userOf(ann));
    await fresh.receive("users-list");
    for (const other of others) await other.receive("user-joined");
    await back();
    expect(await ann.receive("error")).toMatchObject({ type: "replaced" });
    others[0].leave();
    for (const client of [fresh, others[1]]) await client.receive("user-left");
    await expectNothingMore(ann, fresh, others[1]);
    expect(await comeOnline(ann)).toEqual({ ok: true });
    expect(await ann.receive("users-list")).toEqual([userOf(ann), userOf(others[1])]);
    expect(await others[1].receive("user-joined")).toEqual(userOf(ann));
    expect(await fresh.receive("error")).toMatchObject({ type: "replaced" });
    await expectNothingMore(ann, fresh, others[1]);
  });

  test("who has missed more than is kept starts anew, with the whole list; the others hear that it left and came", async () => {
    const proxy = await cluster.proxy(0);
    const [bob, cem] = await online(cluster, options, 2);
    const ann = await cluster.connect(proxy, options);
    await comeOnline(ann);
    await ann.receive("users-list");
    for (const client of [bob, cem]) await client.receive("user-joined");
    proxy.routeTo(1);
    proxy.cut();
    cem.leave();
    expect(await bob.receive<string>("user-left")).toBe(cem.user);
    await cluster.redis.xtrim("sy:{presence:calls}:feed", "MAXLEN", 0);
    const late = await cluster.start("signaling"); // the others have heard it themselves, and have it at hand
    proxy.routeTo(late.port);
    await ann.connected(2);
    expect(ann.socket.recovered).toBe(false);
    expect(await bob.receive<string>("user-left")).toBe(ann.user);
    expect(await comeOnline(ann)).toEqual({ ok: true });
    expect(await ann.receive("users-list")).toEqual([userOf(ann), userOf(bob)]);
    expect(await bob.receive("user-joined")).toEqual(userOf(ann));
    await expectNothingMore(ann, bob);
  });
});
