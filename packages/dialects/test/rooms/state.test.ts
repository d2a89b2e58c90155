import { expectNothingMore, startCluster, type TestCluster, waysTo } from "@switchyard/testkit";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { patient } from "../patient.ts";
import { idOf, type Joined, joinRoom, type Participant, roomOf } from "./joined.ts";

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ matchmakers: 0, environment: patient });
  return cluster.stop;
});
afterEach(() => cluster.empty());

/** What is sent, what the others hear, and what the list says then. */
const changes: [string, object, string, object, Partial<Participant>][] = [
  ["toggle-audio", { isAudioMuted: true }, "participant-audio-toggled", { isAudioMuted: true }, { isAudioMuted: true }],
  [
    "toggle-audio",
    { isAudioMuted: false },
    "participant-audio-toggled",
    { isAudioMuted: false },
    { isAudioMuted: false },
  ],
  ["toggle-video", { isVideoOff: true }, "participant-video-toggled", { isVideoOff: true }, { isVideoOff: true }],
  ["toggle-video", { isVideoOff: false }, "participant-video-toggled", { isVideoOff: false }, { isVideoOff: false }],
  ["start-screen-share", {}, "user-started-screen-share", {}, { isScreenSharing: true }],
  ["stop-screen-share", {}, "user-stopped-screen-share", {}, { isScreenSharing: false }],
];

describe.each(waysTo("rooms"))("the state of a participant $way", (options) => {
  test("each change: the others hear it, everyone hears the list, who asked is acknowledged", async () => {
    const { roomId, ann, others, clients, participants } = await roomOf(3, cluster, options);
    for (const [event, content, received, payload, state] of changes) {
      expect(await ann.request(event, { roomId, ...content }), event).toEqual({ ok: true });
      for (const client of others)
        expect(await client.receive(received)).toEqual({ participantId: idOf(ann), ...payload });
      const list = [{ ...participants[0], ...state }, ...participants.slice(1)];
      for (const client of clients) expect(await client.receive("participants-updated"), event).toEqual(list);
    }
    await expectNothingMore(...clients);
  });

  test("without a callback the same is told", async () => {
    const { roomId, ann, bob, clients } = await roomOf(2, cluster, options);
    for (const [event, content, received, payload] of changes) {
      bob.send(event, { roomId, ...content });
      expect(await ann.receive(received)).toEqual({ participantId: idOf(bob), ...payload });
      for (const client of clients) await client.receive("participants-updated");
    }
    await expectNothingMore(...clients);
  });

  test("what changes nothing is acknowledged, and nobody is told", async () => {
    const { roomId, ann, clients } = await roomOf(2, cluster, options);
    const same = {
      "toggle-audio": { isAudioMuted: false },
      "toggle-video": { isVideoOff: false },
      "stop-screen-share": {},
    };
    for (const [event, content] of Object.entries(same)) {
      expect(await ann.request(event, { roomId, ...content }), event).toEqual({ ok: true });
    }
    await expectNothingMore(...clients);
  });

  test("states are each one's own, and who joins later is told of all", async () => {
    const { roomId, ann, bob, clients } = await roomOf(3, cluster, options);
    await ann.request("toggle-audio", { roomId, isAudioMuted: true });
    await bob.request("start-screen-share", { roomId });
    await bob.request("toggle-video", { roomId, isVideoOff: true });
    const late = await cluster.connect(1, options);
    await joinRoom(late, roomId);
    expect((await late.receive<Joined>("joined-room")).participants).toMatchObject([
      { id: idOf(ann), isAudioMuted: true, isVideoOff: false, isScreenSharing: false },
      { id: idOf(bob), isAudioMuted: false, isVideoOff: true, isScreenSharing: true },
      { isAudioMuted: false, isVideoOff: false, isScreenSharing: false },
      { id: idOf(late), isAudioMuted: false, isVideoOff: false, isScreenSharing: false },
    ]);
    for (const client of clients) await client.caughtUp();
  });

  test("nobody sets the state of another, whatever the payload says", async () => {
    const { roomId, ann, bob } = await roomOf(2, cluster, options);
    const pretence = { roomId, participantId: idOf(bob), userId: idOf(bob), isAudioMuted: true };
    expect(await ann.request("toggle-audio", pretence)).toEqual({ ok: true });
    expect(await bob.receive("participant-audio-toggled")).toEqual({ participantId: idOf(ann), isAudioMuted: true });
    const [first, second] = await bob.receive<Participant[]>("participants-updated");
    expect([first?.isAudioMuted, second?.isAudioMuted]).toEqual([true, false]);
  });

  test("all at once: the last list that each hears is the true one", async () => {
    const { roomId, clients } = await roomOf(4, cluster, options);
    const toggles = Array.from({ length: 10 }, (_, i) =>
      clients.map((client) => client.request("toggle-audio", { roomId, isAudioMuted: i % 2 === 0 })),
    );
    await Promise.all([
      ...toggles.flat(),
      ...clients.map((client) => client.request("start-screen-share", { roomId })),
    ]);
    for (const client of clients) {
      await client.caughtUp();
      const last = client.unread().findLast(([name]) => name === "participants-updated");
      expect(last?.[1]).toMatchObject(
        clients.map((one) => ({ id: idOf(one), isAudioMuted: false, isScreenSharing: true })),
      );
    }
  });
});
