import { expectNothingMore, startCluster, type TestCluster, until, waysTo } from "@switchyard/testkit";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { expectSince } from "../instant.ts";
import { patient } from "../patient.ts";
import { idOf, type Joined, joinRoom, meetIn, newRoom, type Participant, roomOf } from "./joined.ts";

const MAX_ROOM_PARTICIPANTS = 4;

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ matchmakers: 0, environment: { ...patient, MAX_ROOM_PARTICIPANTS } });
  return cluster.stop;
});
afterEach(() => cluster.empty());

const full = { ok: false, error: { code: "room_full", message: "The room is full.", retryable: true } };
const iso = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
const asNew = (userName: string) => ({
  ...{ userName, name: userName, avatar: null, joinedAt: iso, isScreenSharing: false },
  ...{ isAudioMuted: false, isAudioEnabled: true, isVideoOff: false, isVideoEnabled: true },
});

describe.each(waysTo("rooms"))("join-room $way", (options) => {
  const connect = (node: number) => cluster.connect(node, options);

  test("the first creates the room; the second is told of both, the first of the second, both of the list", async () => {
    const [ann, bob] = await Promise.all([connect(0), connect(1)]);
    const roomId = newRoom();
    const before = Date.now();
    expect(await joinRoom(ann, roomId, "Ann")).toEqual({ ok: true });
    const first: Participant = { id: idOf(ann), ...asNew("Ann"), isAdmin: true };
    const joined = await ann.receive<Joined>("joined-room");
    expect(joined).toEqual({
      ...{ roomId, participantId: idOf(ann), participant: first, participants: [first], messages: [] },
    });
    expectSince(before, joined.participant.joinedAt);
    expect(await ann.receive("participants-updated")).toEqual([first]);
    expect(await joinRoom(bob, roomId, "Bob")).toEqual({ ok: true });
    const second: Participant = { id: idOf(bob), ...asNew("Bob"), isAdmin: false };
    expect(await bob.receive("joined-room")).toEqual({
      ...{ roomId, participantId: idOf(bob), participant: second, participants: [first, second], messages: [] },
    });
    expect(await bob.receive("participants-updated")).toEqual([first, second]);
    expect(await ann.receive("user-joined")).toEqual({
      participantId: idOf(bob),
      userName: "Bob",
      participant: second,
    });
    expect(await ann.receive("participants-updated")).toEqual([first, second]);
    await expectNothingMore(ann, bob);
  });

  test("without a callback the same is told, and nothing else", async () => {
    const ann = await connect(0);
    ann.send("join-room", { roomId: newRoom(), userName: "Ann" });
    expect(await ann.receive("joined-room")).toMatchObject({ participantId: idOf(ann) });
    expect(await ann.receive("participants-updated")).toHaveLength(1);
    await expectNothingMore(ann);
  });

  test("two with the same name are two participants, also if one person is connected twice", async () => {
    const { roomId, ann } = await roomOf(1, cluster, options);
    const again = await connect(1);
    expect(await joinRoom(again, roomId, ann.user)).toEqual({ ok: true });
    expect((await again.receive<Joined>("joined-room")).participants.map(({ userName }) => userName)).toEqual([
      ann.user,
      ann.user,
    ]);
    await again.receive("participants-updated");
    expect(await ann.receive("user-joined")).toMatchObject({ participantId: idOf(again) });
    await ann.receive("participants-updated");
    await expectNothingMore(ann, again);
  });

  test("many at the same moment: each knows of all, each of the others by one event", async () => {
    const clients = await Promise.all(Array.from({ length: MAX_ROOM_PARTICIPANTS }, (_, i) => connect(i % 2)));
    const roomId = newRoom();
    const answers = await Promise.all(clients.map((client) => joinRoom(client, roomId)));
    expect(answers).toEqual(clients.map(() => ({ ok: true })));
    for (const client of clients) await client.caughtUp();
    for (const client of clients) {
      const events = client.unread() as [string, never][];
      const { participants } = (events[0]?.[1] ?? {}) as Joined;
      const ids = participants.map(({ id }) => id);
      for (const [name, payload] of events.slice(1)) {
        if (name === "user-joined") ids.push((payload as { participantId: string }).participantId);
        else expect(name).toBe("participants-updated");
      }
      expect(ids.toSorted()).toEqual(clients.map(idOf).toSorted());
      const lists = events.flatMap(([name, payload]) =>
        name === "participants-updated" ? [payload as Participant[]] : [],
      );
      expect(
        lists
          .at(-1)
          ?.map(({ id }) => id)
          .toSorted(),
      ).toEqual(clients.map(idOf).toSorted());
      expect(lists.map(({ length }) => length)).toEqual(lists.map(({ length }) => length).toSorted());
    }
  });

  test("more than MAX_ROOM_PARTICIPANTS: room_full; it hears and reaches nobody, and a seat that is free is given", async () => {
    const { roomId, clients, ann } = await roomOf(MAX_ROOM_PARTICIPANTS, cluster, options);
    const late = await connect(1);
    expect(await joinRoom(late, roomId)).toEqual(full);
    late.send("join-room", { roomId, userName: "late" });
    expect(await late.receive("error")).toEqual({ type: "room_full", message: "The room is full." });
    expect((await late.request("send-message", { roomId, message: "?" })).error?.code).toBe("room_not_found");
    expect((await late.request("webrtc-offer", { targetId: idOf(ann), offer: {} })).error?.code).toBe("not_joined");
    expect((await ann.request("webrtc-offer", { targetId: idOf(late), offer: {} })).error?.code).toBe("user_offline");
    await ann.request("send-message", { roomId, message: "among us" });
    for (const client of clients) await client.receive("new-message");
    await expectNothingMore(...clients, late);
    expect(await clients[3]?.request("leave-room", { roomId })).toEqual({ ok: true });
    expect(await joinRoom(late, roomId)).toEqual({ ok: true });
    expect((await late.receive<Joined>("joined-room")).participants).toHaveLength(MAX_ROOM_PARTICIPANTS);
  });

  test("a full room leaves whoever wants to join it where it is", async () => {
    const fullRoom = await roomOf(MAX_ROOM_PARTICIPANTS, cluster, options);
    const { roomId, ann, bob } = await roomOf(2, cluster, options);
    expect(await joinRoom(ann, fullRoom.roomId)).toEqual(full);
    expect(await ann.request("send-message", { roomId, message: "still here" })).toMatchObject({ ok: true });
    for (const client of [ann, bob])
      expect(await client.receive("new-message")).toMatchObject({ message: "still here" });
    await expectNothingMore(ann, bob, ...fullRoom.clients);
  });

  test("the same again changes nothing: the reply is repeated, the others hear nothing", async () => {
    const { roomId, ann, bob, participants } = await roomOf(2, cluster, options);
    await ann.request("send-message", { roomId, message: "hello" });
    for (const client of [ann, bob]) await client.receive("new-message");
    expect(await joinRoom(ann, roomId)).toEqual({ ok: true });
    const { messages, ...joined } = await ann.receive<Joined>("joined-room");
    expect(joined).toEqual({ roomId, participantId: idOf(ann), participant: participants[0], participants });
    expect(messages).toMatchObject([{ message: "hello" }]);
    await expectNothingMore(ann, bob);
  });

  test("with another name: leaves and joins anew", async () => {
    const { roomId, ann, bob } = await roomOf(2, cluster, options);
    expect(await joinRoom(ann, roomId, "Anna")).toEqual({ ok: true });
    expect(await bob.receive("user-left")).toEqual({ participantId: idOf(ann), userName: ann.user });
    expect(await bob.receive("participants-updated")).toHaveLength(1);
    expect(await bob.receive("user-joined")).toMatchObject({ participantId: idOf(ann), userName: "Anna" });
    expect(await bob.receive<Participant[]>("participants-updated")).toMatchObject([
      { id: idOf(bob) },
      { userName: "Anna" },
    ]);
    expect(await ann.receive("joined-room")).toMatchObject({ participant: { userName: "Anna" } });
    await ann.receive("participants-updated");
    await expectNothingMore(ann, bob);
  });

  test("joining another room leaves the first", async () => {
    const { roomId, ann, bob } = await roomOf(2, cluster, options);
    const other = newRoom();
    expect(await joinRoom(ann, other)).toEqual({ ok: true });
    expect(await ann.receive("joined-room")).toMatchObject({ roomId: other, participants: [{ id: idOf(ann) }] });
    await ann.receive("participants-updated");
    expect(await bob.receive("user-left")).toEqual({ participantId: idOf(ann), userName: ann.user });
    expect(await bob.receive("participants-updated")).toMatchObject([{ id: idOf(bob) }]);
    expect((await ann.request("send-message", { roomId, message: "?" })).error?.code).toBe("room_not_found");
    expect(await ann.request("send-message", { roomId: other, message: "!" })).toMatchObject({ ok: true });
    expect(await ann.receive("new-message")).toMatchObject({ message: "!" });
    await expectNothingMore(ann, bob);
  });

  test("who left comes in anew: state and time of joining begin again", async () => {
    const { roomId, ann, bob, participants } = await roomOf(2, cluster, options);
    await ann.request("toggle-audio", { roomId, isAudioMuted: true });
    await ann.request("leave-room", { roomId });
    await joinRoom(ann, roomId);
    await until("all that to be heard", () => bob.unread().length >= 6);
    for (const event of ["participants-updated", "left-room"]) await ann.receive(event);
    const anew = await ann.receive<Joined>("joined-room");
    expect(anew.participant).toMatchObject({ id: idOf(ann), isAudioMuted: false });
    expect(anew.participants.map(({ id }) => id)).toEqual([idOf(bob), idOf(ann)]);
    expect(Date.parse(anew.participant.joinedAt)).toBeGreaterThanOrEqual(Date.parse(participants[0]?.joinedAt ?? ""));
  });

  test("a meeting survives everyone reloading", async () => {
    const { roomId, ann, bob } = await roomOf(2, cluster, options);
    await ann.request("send-message", { roomId, message: "before" });
    const [created] = [(await cluster.store.memberships.roster(`rooms:${roomId}`))?.created];
    for (const client of [ann, bob]) client.leave();
    await until("nobody to be there", async () => (await cluster.store.memberships.size(`rooms:${roomId}`)) === 0);
    const again = await connect(1);
    const { messages } = await meetIn(roomId, again);
    expect(messages).toMatchObject([{ message: "before", senderId: expect.any(String), userName: ann.user }]);
    expect((await cluster.store.memberships.roster(`rooms:${roomId}`))?.created).toBe(created);
    expect(await cluster.redis.pttl(`sy:{room:rooms:${roomId}}:meta`)).toBe(-1);
    await expectNothingMore(again);
  });
});
