import { nothingMore, startCluster, type TestClient, type TestCluster, until, waysTo } from "@switchyard/testkit";
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
    const door = await cluster.door(0);
    const others = await online(cluster, options, count);
    const ann = await cluster.connect(door, options);
    await comeOnline(ann);
    await ann.hear("users-list");
    for (const other of others) await other.hear("user-joined");
    /** It is away until `back`. */
    const drop = async () => {
      const id = String(ann.socket.id);
      // a polling client's loss is noticed at the next ping only
      await until("the upgrade", () => ann.socket.io.engine.transport.name === "websocket");
      await ann.ask("where", {}); // its node has upgraded, too, when that is answered
      door.leadTo(1); // nobody listens there
      door.cut();
      await until("it to be gone", async () => (await cluster.store.sessions.read(id))?.state === "detached");
      return async () => {
        const { connects } = ann;
        door.leadTo(cluster.node(1).port);
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
    await cem.hear("user-joined");
    await cem.hear("user-left");
    const renamed = { ...userOf(cem), username: "Cemal" };
    await comeOnline(cem, renamed);
    await back();
    expect(await ann.hear("user-joined")).toEqual(userOf(dan));
    expect(await ann.hear<string>("user-left")).toBe(bob.user);
    expect(await ann.hear("user-joined")).toEqual(renamed);
    await cem.hear("users-list");
    await dan.hear("users-list");
    expect(await dan.hear<string>("user-left")).toBe(bob.user);
    expect(await dan.hear("user-joined")).toEqual(renamed);
    await nothingMore(ann, cem, dan);
  });

  test("the opening event again after it: the list again, and nobody else hears anything", async () => {
    const { ann, others, drop } = await behindDoor(2);
    await (await drop())();
    expect(await comeOnline(ann, { ...userOf(ann), joinedAt: "now" })).toEqual({ ok: true });
    expect(await ann.hear("users-list")).toEqual([ann, ...others.toReversed()].map(userOf));
    await nothingMore(ann, ...others);
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
    await ann.settled();
    expect(ann.unheard()).toEqual(expected);
    for (const other of others) {
      await other.settled();
      expect(other.unheard()).toEqual(expected);
    }
  });

  test("a call goes on: what was said in it meanwhile is told too", async () => {
    const { ann, others, drop } = await behindDoor(2);
    const [bob, cem] = others;
    const callId = newCall();
    await joinAll([ann, bob, cem], callId);
    const back = await drop();
    for (let i = 0; i < 10; i += 1) {
      await bob.ask("webrtc-ice-candidate", { callId, targetUserId: ann.user, candidate: { i } });
    }
    await cem.ask("leave-call", { callId });
    await bob.hear("user-left-call");
    await back();
    for (let i = 0; i < 10; i += 1) {
      expect(await ann.hear("webrtc-ice-candidate")).toEqual({ callId, fromUserId: bob.user, candidate: { i } });
    }
    expect(await ann.hear("user-left-call")).toEqual({
      ...{ callId, userId: cem.user, participants: participants(ann, bob) },
    });
    expect(await ann.ask("join-call", { callId })).toEqual({ ok: true });
    expect(await ann.hear("call-participants")).toEqual({ callId, participants: participants(ann, bob) });
    await nothingMore(ann, bob, cem);
  });

  test("who was replaced meanwhile is told so when it is back, and hears of nobody", async () => {
    const { ann, others, drop } = await behindDoor(2);
    const back = await drop();
    const fresh: TestClient = await cluster.connect(0, options);
    await comeOnline(fresh, userOf(ann));
    await fresh.hear("users-list");
    for (const other of others) await other.hear("user-joined");
    await back();
    expect(await ann.hear("error")).toMatchObject({ type: "replaced" });
    others[0].leave();
    for (const client of [fresh, others[1]]) await client.hear("user-left");
    await nothingMore(ann, fresh, others[1]);
    expect(await comeOnline(ann)).toEqual({ ok: true });
    expect(await ann.hear("users-list")).toEqual([userOf(ann), userOf(others[1])]);
    expect(await others[1].hear("user-joined")).toEqual(userOf(ann));
    expect(await fresh.hear("error")).toMatchObject({ type: "replaced" });
    await nothingMore(ann, fresh, others[1]);
  });

  test("who has missed more than is kept starts anew, with the whole list; the others hear that it left and came", async () => {
    const door = await cluster.door(0);
    const [bob, cem] = await online(cluster, options, 2);
    const ann = await cluster.connect(door, options);
    await comeOnline(ann);
    await ann.hear("users-list");
    for (const client of [bob, cem]) await client.hear("user-joined");
    door.leadTo(1);
    door.cut();
    cem.leave();
    expect(await bob.hear<string>("user-left")).toBe(cem.user);
    await cluster.redis.xtrim("sy:{presence:calls}:feed", "MAXLEN", 0);
    const late = await cluster.start("signaling"); // the others have heard it themselves, and have it at hand
    door.leadTo(late.port);
    await ann.connected(2);
    expect(ann.socket.recovered).toBe(false);
    expect(await bob.hear<string>("user-left")).toBe(ann.user);
    expect(await comeOnline(ann)).toEqual({ ok: true });
    expect(await ann.hear("users-list")).toEqual([userOf(ann), userOf(bob)]);
    expect(await bob.hear("user-joined")).toEqual(userOf(ann));
    await nothingMore(ann, bob);
  });
});
