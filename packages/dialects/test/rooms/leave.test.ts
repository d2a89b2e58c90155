import { nothingMore, startCluster, type TestCluster, until, waysTo } from "@switchyard/testkit";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { idOf, type Joined, joinRoom, newRoom, type Participant, roomOf } from "./joined.ts";

/** What the second node gives; the first one gives the default, which nobody waits for. */
const GRACE_MS = 1500;
/** Less than the default grace. */
const AT_ONCE_MS = 7000;
const ROOM_LINGER_MS = 2000;

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ nodes: 1, matchmakers: 0, environment: { ROOM_LINGER_MS } });
  await cluster.start("signaling", { RECONNECT_GRACE_MS: GRACE_MS });
  return cluster.stop;
});
afterEach(() => cluster.empty());

describe.each(waysTo("rooms"))("going $way", (options) => {
  test("leave-room: left-room to the sender, user-left and the list to the others", async () => {
    const { roomId, ann, others, participants, clients } = await roomOf(3, cluster, options);
    expect(await ann.ask("leave-room", { roomId })).toEqual({ ok: true });
    expect(await ann.hear("left-room")).toEqual({ roomId });
    for (const client of others) {
      expect(await client.hear("user-left")).toEqual({ participantId: idOf(ann), userName: ann.user });
      expect(await client.hear("participants-updated")).toEqual(participants.slice(1));
      expect((await client.ask("webrtc-offer", { targetId: idOf(ann), offer: {} })).error?.code).toBe("user_offline");
    }
    expect((await ann.ask("leave-room", { roomId })).error?.code).toBe("room_not_found");
    expect((await ann.ask("webrtc-offer", { targetId: idOf(clients[1] ?? ann), offer: {} })).error?.code).toBe(
      "not_joined",
    );
    await nothingMore(...clients);
  });

  test("without a callback the same is told", async () => {
    const { roomId, ann, bob } = await roomOf(2, cluster, options);
    ann.tell("leave-room", { roomId });
    expect(await ann.hear("left-room")).toEqual({ roomId });
    await bob.hear("user-left");
    await bob.hear("participants-updated");
    await nothingMore(ann, bob);
  });

  test("a client's own disconnect is heard at once", async () => {
    const { ann, bob } = await roomOf(2, cluster, options);
    const id = idOf(ann);
    const from = performance.now();
    ann.leave();
    expect(await bob.hear("user-left")).toEqual({ participantId: id, userName: ann.user });
    expect(performance.now() - from).toBeLessThan(AT_ONCE_MS);
    expect(await bob.hear<Participant[]>("participants-updated")).toMatchObject([{ id: idOf(bob) }]);
    await nothingMore(bob);
  });

  test("a connection that is lost is heard when the grace is over, once", async () => {
    const { ann, bob } = await roomOf(2, cluster, options);
    const id = idOf(bob);
    bob.socket.io.reconnection(false);
    const from = performance.now();
    bob.cut();
    expect(await ann.hear("user-left")).toEqual({ participantId: id, userName: bob.user });
    expect(performance.now() - from).toBeGreaterThan(GRACE_MS / 2); // the clocks of processes differ a little
    expect(await ann.hear<Participant[]>("participants-updated")).toHaveLength(1);
    await nothingMore(ann);
  });

  test("a connection that comes back within it keeps its id, and nobody hears anything", async () => {
    const { roomId, ann, bob, participants } = await roomOf(2, cluster, options);
    const id = idOf(ann);
    ann.cut();
    await ann.connected(2);
    expect([ann.socket.recovered, ann.socket.id]).toEqual([true, id]);
    expect(await joinRoom(ann, roomId)).toEqual({ ok: true });
    expect((await ann.hear<Joined>("joined-room")).participants).toEqual(participants);
    expect(await bob.ask("webrtc-offer", { targetId: id, offer: {} })).toEqual({ ok: true });
    await ann.hear("webrtc-offer");
    await nothingMore(ann, bob);
  });

  test("an empty room is gone after ROOM_LINGER_MS, history included", async () => {
    const { roomId, ann, bob } = await roomOf(2, cluster, options);
    await ann.ask("send-message", { roomId, message: "?" });
    for (const client of [ann, bob]) client.leave();
    const keys = () => cluster.redis.keys(`*${roomId}*`);
    await until("everyone to be gone", async () => (await cluster.store.memberships.size(`rooms:${roomId}`)) === 0);
    expect(await keys()).not.toEqual([]);
    await until("the room to be gone", async () => (await keys()).length === 0);
    const late = await cluster.connect(0, options);
    await joinRoom(late, roomId);
    expect(await late.hear("joined-room")).toMatchObject({ messages: [] });
  });

  test("a room that somebody comes back to within it stays", async () => {
    const { roomId, ann, bob } = await roomOf(2, cluster, options);
    await ann.ask("send-message", { roomId, message: "stays" });
    const late = await cluster.connect(1, options);
    for (const client of [ann, bob]) await client.ask("leave-room", { roomId });
    await joinRoom(late, roomId);
    expect(await late.hear("joined-room")).toMatchObject({ messages: [{ message: "stays" }] });
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
      await client.settled();
      const last = client.unheard().findLast(([name]) => name === "participants-updated");
      const list = (last?.[1] ?? []) as Participant[];
      expect(list.map(({ id }) => id).toSorted()).toEqual(clients.map(idOf).toSorted());
    }
    expect(await cluster.store.memberships.size(`rooms:${roomId}`)).toBe(0);
  });
});
