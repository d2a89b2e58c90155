import { expectNothingMore, startCluster, type TestClient, type TestCluster, waysTo } from "@switchyard/testkit";
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
interface Change {
  readonly sent: readonly [event: string, content: object];
  readonly received: readonly (readonly [event: string, payload: object])[];
  readonly state: Partial<Participant>;
}
const audio = (isAudioMuted: boolean): Omit<Change, "sent"> => ({
  received: [
    ["participant-audio-toggled", { isAudioMuted }],
    ["media-toggled", { type: "audio", enabled: !isAudioMuted }],
  ],
  state: { isAudioMuted, isAudioEnabled: !isAudioMuted },
});
const video = (isVideoOff: boolean): Omit<Change, "sent"> => ({
  received: [
    ["participant-video-toggled", { isVideoOff }],
    ["media-toggled", { type: "video", enabled: !isVideoOff }],
  ],
  state: { isVideoOff, isVideoEnabled: !isVideoOff },
});
const screen = (isScreenSharing: boolean): Omit<Change, "sent"> => ({
  received: [[isScreenSharing ? "user-started-screen-share" : "user-stopped-screen-share", {}]],
  state: { isScreenSharing },
});
const changes: readonly Change[] = [
  { sent: ["toggle-audio", { isAudioMuted: true }], ...audio(true) },
  { sent: ["toggle-audio", { isAudioMuted: false }], ...audio(false) },
  { sent: ["toggle-audio", { isAudioEnabled: false }], ...audio(true) },
  { sent: ["toggle-audio", { isAudioEnabled: true, isAudioMuted: false }], ...audio(false) },
  { sent: ["toggle-media", { type: "audio", enabled: false }], ...audio(true) },
  { sent: ["toggle-media", { type: "audio", enabled: true }], ...audio(false) },
  { sent: ["toggle-video", { isVideoOff: true }], ...video(true) },
  { sent: ["toggle-video", { isVideoOff: false }], ...video(false) },
  { sent: ["toggle-video", { isVideoEnabled: false, isVideoOff: true }], ...video(true) },
  { sent: ["toggle-video", { isVideoEnabled: true }], ...video(false) },
  { sent: ["toggle-media", { type: "video", enabled: false }], ...video(true) },
  { sent: ["toggle-media", { type: "video", enabled: true }], ...video(false) },
  { sent: ["start-screen-share", {}], ...screen(true) },
  { sent: ["stop-screen-share", {}], ...screen(false) },
  { sent: ["toggle-screen-share", { isScreenSharing: true }], ...screen(true) },
  { sent: ["toggle-screen-share", { isScreenSharing: false }], ...screen(false) },
];

describe.each(waysTo("rooms"))("the state of a participant $way", (options) => {
  test("each change: the others hear it, everyone hears the list, who asked is acknowledged", async () => {
    const { roomId, ann, others, clients, participants } = await roomOf(3, cluster, options);
    for (const {
      sent: [event, content],
      received,
      state,
    } of changes) {
      expect(await ann.request(event, { roomId, ...content }), event).toEqual({ ok: true });
      for (const client of others) await expectReceived(client, idOf(ann), received);
      const list = [{ ...participants[0], ...state }, ...participants.slice(1)];
      for (const client of clients) expect(await client.receive("participants-updated"), event).toEqual(list);
    }
    await expectNothingMore(...clients);
  });

  test("without a callback, and without the room's id, the same is told", async () => {
    const { ann, bob, clients } = await roomOf(2, cluster, options);
    for (const {
      sent: [event, content],
      received,
    } of changes) {
      bob.send(event, ...(Object.keys(content).length === 0 ? [] : [content]));
      await expectReceived(ann, idOf(bob), received);
      for (const client of clients) await client.receive("participants-updated");
    }
    await expectNothingMore(...clients);
  });

  test("what changes nothing is acknowledged, and nobody is told", async () => {
    const { roomId, ann, clients } = await roomOf(2, cluster, options);
    const same: [string, object][] = [
      ["toggle-audio", { isAudioMuted: false }],
      ["toggle-audio", { isAudioEnabled: true }],
      ["toggle-video", { isVideoOff: false }],
      ["toggle-media", { type: "video", enabled: true }],
      ["stop-screen-share", {}],
      ["toggle-screen-share", { isScreenSharing: false }],
    ];
    for (const [event, content] of same) {
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
    await bob.receive("media-toggled");
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

/** @throws AssertionError unless it receives these events next, in that order, about that participant */
async function expectReceived(client: TestClient, participantId: string, received: Change["received"]): Promise<void> {
  for (const [event, payload] of received) {
    expect(await client.receive(event), event).toEqual({ participantId, ...payload });
  }
}
