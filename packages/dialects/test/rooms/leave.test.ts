import { expectNothingMore, startCluster, type TestClient, type TestCluster, until, waysTo } from "@switchyard/testkit";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { endGrace, graceOf } from "../ending.ts";
import { patient } from "../patient.ts";
import { idOf, type Joined, joinRoom, newRoom, type Participant, roomOf } from "./joined.ts";

const ROOM_LINGER_MS = 300_000;

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ matchmakers: 0, environment: { ...patient, ROOM_LINGER_MS } });
  return cluster.stop;
});
afterEach(() => cluster.empty());

describe.each(waysTo("rooms"))("going $way", (options) => {
  test("leave-room: left-room to the sender, user-left and the list to the others", async () => {
    const { roomId, ann, others, participants, clients } = await roomOf(3, cluster, options);
    expect(await ann.request("leave-room", { roomId })).toEqual({ ok: true });
    expect(await ann.receive("left-room")).toEqual({ roomId });
    for (const client of others) {
      expect(await client.receive("user-left")).toEqual({ participantId: idOf(ann), userName: ann.user });
      expect(await client.receive("participants-updated")).toEqual(
        participants.slice(1).map((one, i) => ({ ...one, isAdmin: i === 0 })),
      );
      expect((await client.request("webrtc-offer", { targetId: idOf(ann), offer: {} })).error?.code).toBe(
        "user_offline",
      );
    }
    expect((await ann.request("leave-room", { roomId })).error?.code).toBe("room_not_found");
    expect((await ann.request("webrtc-offer", { targetId: idOf(clients[1] ?? ann), offer: {} })).error?.code).toBe(
      "not_joined",
    );
    await expectNothingMore(...clients);
  });

  test.each([["the room"], ["an empty payload"], ["no payload"], ["null"]])(
    "without a callback the same is told: with %s",
    async (what) => {
      const { roomId, ann, bob } = await roomOf(2, cluster, options);
      const payloads = { "the room": [{ roomId }], "an empty payload": [{}], "no payload": [], null: [null] };
      ann.send("leave-room", ...payloads[what as keyof typeof payloads]);
      expect(await ann.receive("left-room")).toEqual({ roomId });
      expect(await bob.receive("user-left")).toEqual({ participantId: idOf(ann), userName: ann.user });
      await bob.receive("participants-updated");
      await expectNothingMore(ann, bob);
      expect(await cluster.store.memberships.size(`rooms:${roomId}`)).toBe(1);
      expect((await ann.request("leave-room")).error?.code).toBe("not_joined");
    },
  );

  test("the one who has been there the longest is the admin, whoever leaves, and whoever comes back", async () => {
    const { roomId, clients, ann, bob } = await roomOf(3, cluster, options);
    const [, , carl] = clients as [TestClient, TestClient, TestClient];
    const leave = async (client: TestClient, ...others: readonly TestClient[]) => {
      await client.request("leave-room");
      for (const other of others) {
        await other.receive("user-left");
        expect(await adminsIn(other)).toEqual([idOf(others[0] ?? other)]);
      }
      await client.receive("left-room");
    };
    await leave(ann, bob, carl);
    await joinRoom(ann, roomId);
    const joined = await ann.receive<Joined>("joined-room");
    expect([joined.participant.isAdmin, ...adminsOf(joined.participants)]).toEqual([false, idOf(bob)]);
    expect(await adminsIn(ann)).toEqual([idOf(bob)]);
    for (const other of [bob, carl]) {
      expect(await other.receive("user-joined")).toMatchObject({ participant: { id: idOf(ann), isAdmin: false } });
      expect(await adminsIn(other)).toEqual([idOf(bob)]);
    }
    await leave(bob, carl, ann);
    await leave(carl, ann);
    await leave(ann);
    await joinRoom(bob, roomId);
    expect(await bob.receive("joined-room")).toMatchObject({ participant: { id: idOf(bob), isAdmin: true } });
    expect(await adminsIn(bob)).toEqual([idOf(bob)]);
    await expectNothingMore(...clients);
  });

  test("a client's own disconnect is heard at once", async () => {
    const { ann, bob } = await roomOf(2, cluster, options);
    const id = idOf(ann);
    ann.leave();
    expect(await bob.receive("user-left")).toEqual({ participantId: id, userName: ann.user });
    expect(await bob.receive<Participant[]>("participants-updated")).toMatchObject([{ id: idOf(bob) }]);
    await expectNothingMore(bob);
  });

  test("a connection that is lost is heard when the grace is over, once", async () => {
    const { ann, bob } = await roomOf(2, cluster, options);
    const id = idOf(bob);
    bob.socket.io.reconnection(false);
    bob.cut();
    await graceOf(cluster, id);
    await expectNothingMore(ann);
    await endGrace(cluster, id);
    expect(await ann.receive("user-left")).toEqual({ participantId: id, userName: bob.user });
    expect(await ann.receive<Participant[]>("participants-updated")).toHaveLength(1);
    await expectNothingMore(ann);
  });

  test("a connection that comes back within it keeps its id, and nobody hears anything", async () => {
    const { roomId, ann, bob, participants } = await roomOf(2, cluster, options);
    const id = idOf(ann);
    ann.cut();
    await ann.connected(2);
    expect([ann.socket.recovered, ann.socket.id]).toEqual([true, id]);
    expect(await joinRoom(ann, roomId)).toEqual({ ok: true });
    expect((await ann.receive<Joined>("joined-room")).participants).toEqual(participants);
    expect(await bob.request("webrtc-offer", { targetId: id, offer: {} })).toEqual({ ok: true });
    await ann.receive("webrtc-offer");
    await expectNothingMore(ann, bob);
  });

  test("an empty room is gone after ROOM_LINGER_MS, history included", async () => {
    const { roomId, ann, bob } = await roomOf(2, cluster, options);
    await ann.request("send-message", { roomId, message: "?" });
    for (const client of [ann, bob]) client.leave();
    await until("everyone to be gone", async () => (await cluster.store.memberships.size(`rooms:${roomId}`)) === 0);
    const keys = await cluster.redis.keys(`*${roomId}*`);
    const lifetimes = await Promise.all(keys.map((key) => cluster.redis.pttl(key)));
    for (const ms of lifetimes) expect(ms > 0 && ms <= ROOM_LINGER_MS, `${ms}`).toBe(true);
    expect(Math.max(...lifetimes)).toBeGreaterThan(ROOM_LINGER_MS / 2);
    await Promise.all(keys.map((key) => cluster.redis.pexpire(key, 1)));
    await until("the room to be gone", async () => (await cluster.redis.exists(...keys)) === 0);
    const late = await cluster.connect(0, options);
    await joinRoom(late, roomId);
    expect(await late.receive("joined-room")).toMatchObject({ messages: [] });
  });

  test("a room that somebody comes back to within it stays", async () => {
    const { roomId, ann, bob } = await roomOf(2, cluster, options);
    await ann.request("send-message", { roomId, message: "stays" });
    const late = await cluster.connect(1, options);
    for (const client of [ann, bob]) await client.request("leave-room", { roomId });
    await joinRoom(late, roomId);
    expect(await late.receive("joined-room")).toMatchObject({ messages: [{ message: "stays" }] });
    const ttl = await Promise.all(
      ["meta", "chat"].map((part) => cluster.redis.pttl(`sy:{room:rooms:${roomId}}:${part}`)),
    );
    expect(ttl).toEqual([-1, -1]);
  });

  test("everyone moves to another room at once", async () => {
    const { roomId, clients } = await roomOf(3, cluster, options);
    const other = newRoom();
    await Promise.all(clients.map((client) => joinRoom(client, other)));
    for (const client of clients) {
      await client.caughtUp();
      const last = client.unread().findLast(([name]) => name === "participants-updated");
      const list = (last?.[1] ?? []) as Participant[];
      expect(list.map(({ id }) => id).toSorted()).toEqual(clients.map(idOf).toSorted());
    }
    expect(await cluster.store.memberships.size(`rooms:${roomId}`)).toBe(0);
  });
});

const adminsOf = (participants: readonly Participant[]) =>
  participants.filter(({ isAdmin }) => isAdmin).map(({ id }) => id);

/** The admins by the list that it receives next. */
async function adminsIn(client: TestClient): Promise<string[]> {
  return adminsOf(await client.receive<Participant[]>("participants-updated"));
}
