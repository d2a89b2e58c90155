import { expectNothingMore, startCluster, type TestClient, type TestCluster, waysTo } from "@switchyard/testkit";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { patient } from "../patient.ts";
import { idOf, joinRoom, newRoom, roomOf, sentBy } from "./joined.ts";

const MAX_EVENT_BYTES = 16_384;

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ matchmakers: 0, environment: { ...patient, MAX_EVENT_BYTES } });
  return cluster.stop;
});
afterEach(() => cluster.empty());

const ofRoom = {
  "send-message": { message: "?" },
  "toggle-audio": { isAudioMuted: true },
  "toggle-video": { isVideoOff: true },
  "toggle-media": { type: "video", enabled: false },
  "start-screen-share": {},
  "stop-screen-share": {},
  "toggle-screen-share": { isScreenSharing: true },
  "leave-room": {},
};
/** Those of them that need no payload. */
const bare = ["start-screen-share", "stop-screen-share", "leave-room"];
const toSomebody = {
  "webrtc-offer": { offer: {} },
  "webrtc-answer": { answer: {} },
  "webrtc-ice-candidate": { candidate: null },
};
const sentences = {
  not_joined: "Join first.",
  user_offline: "That participant is not here.",
  room_not_found: "You are not in that room.",
  payload_too_large: "The event is too large.",
};

/** Refused, with a callback and without one. */
async function expectError(client: TestClient, event: string, payload: unknown, code: string, message: unknown) {
  expect(await client.request(event, payload), event).toEqual({
    ok: false,
    error: { code, message, retryable: false },
  });
  client.send(event, payload);
  expect(await client.receive("error"), event).toEqual({ type: code, message });
}

describe.each(waysTo("rooms"))("refused $way", (options) => {
  const own = options.namespace !== "/";

  test("an event that names a room the sender isn't in: room_not_found; nobody is told anything", async () => {
    const { roomId, clients } = await roomOf(2, cluster, options);
    const stranger = await roomOf(1, cluster, options);
    for (const [event, content] of Object.entries(ofRoom)) {
      for (const wrong of [roomId, newRoom(), "__proto__"]) {
        const payload = { roomId: wrong, ...content };
        await expectError(stranger.ann, event, payload, "room_not_found", sentences.room_not_found);
      }
    }
    await expectNothingMore(...clients, stranger.ann);
  });

  test("before joining: room_not_found where a room is named, else not_joined", async () => {
    const ann = await cluster.connect(0, options);
    for (const [event, content] of Object.entries(ofRoom)) {
      const code = own ? "room_not_found" : "not_joined"; // at the root it is not known yet what it speaks
      await expectError(ann, event, { roomId: newRoom(), ...content }, code, sentences[code]);
      await expectError(ann, event, content, "not_joined", sentences.not_joined);
    }
    await expectError(ann, "request-connection", { targetId: "x" }, "not_joined", sentences.not_joined);
    for (const [event, content] of Object.entries(toSomebody)) {
      await expectError(ann, event, { targetId: "x", ...content }, "not_joined", sentences.not_joined);
    }
    await expectNothingMore(ann);
  });

  test("to who isn't in the room: user_offline", async () => {
    const { ann, clients } = await roomOf(2, cluster, options);
    const stranger = await roomOf(1, cluster, options);
    const outside = await cluster.connect(1, options);
    for (const targetId of [idOf(ann), idOf(stranger.ann), idOf(outside), ann.user, "nobody", "__proto__"]) {
      for (const [event, content] of Object.entries(toSomebody)) {
        await expectError(ann, event, { targetId, ...content }, "user_offline", sentences.user_offline);
      }
    }
    await expectNothingMore(...clients, stranger.ann, outside);
    for (const targetId of [idOf(ann), idOf(stranger.ann), "nobody"]) {
      ann.send("request-connection", { targetId }); // clients send it late: only an acknowledgement says that it was
      expect((await ann.request("request-connection", { targetId })).error?.code).toBe("user_offline");
    }
    await expectNothingMore(...clients, stranger.ann, outside);
  });

  test("an event over MAX_EVENT_BYTES: payload_too_large; one just below goes through", async () => {
    const { ann, bob } = await roomOf(2, cluster, options);
    const offerOf = (bytes: number) => ({ targetId: idOf(bob), offer: { sdp: "ä".repeat(bytes / 2) } });
    await expectError(ann, "webrtc-offer", offerOf(MAX_EVENT_BYTES), "payload_too_large", sentences.payload_too_large);
    const { targetId, offer } = offerOf(MAX_EVENT_BYTES - 200);
    expect(await ann.request("webrtc-offer", { targetId, offer })).toEqual({ ok: true });
    expect(await bob.receive("webrtc-offer")).toEqual({ offer, ...sentBy(ann) });
    await expectNothingMore(ann, bob);
  });

  test("what is not of the expected form: validation", async () => {
    const { roomId, ann, bob } = await roomOf(2, cluster, options);
    const targetId = idOf(bob);
    const ids = [undefined, null, 1, "", "x".repeat(129), "a\nb", { id: roomId }, [roomId], "half a pair: \ud800"];
    const wrong: [string, unknown][] = [
      ...ids.flatMap((id): [string, unknown][] => [
        ["join-room", { roomId: id, userName: "Ann" }],
        ["join-room", { roomId, userName: id }],
        ["webrtc-offer", { targetId: id, offer: {} }],
        ["webrtc-offer", { targetSocketId: id, offer: {} }],
        ["request-connection", { targetId: id }],
      ]),
      ...ids.slice(1).flatMap((id): [string, unknown][] => [
        ["leave-room", { roomId: id }],
        ["send-message", { roomId: id, message: "?" }],
        ["webrtc-offer", { targetId, targetSocketId: id, offer: {} }],
      ]),
      ["webrtc-answer", { targetId, targetSocketId: idOf(ann), answer: {} }],
      ["request-connection", { targetId: idOf(ann), targetSocketId: targetId }],
      ["toggle-audio", { roomId, isAudioMuted: true, isAudioEnabled: true }],
      ["toggle-video", { roomId, isVideoOff: false, isVideoEnabled: false }],
      ...[undefined, null, "", "screen", ["audio"]].map((type): [string, unknown] => [
        ...(["toggle-media" as const, { roomId, type, enabled: true }] as const),
      ]),
      ...[undefined, null, 1, "", "x".repeat(4001), {}].map((message): [string, unknown] => [
        ...(["send-message" as const, { roomId, message }] as const),
      ]),
      ...[undefined, null, 0, "true", {}].flatMap((value): [string, unknown][] => [
        ["toggle-audio", { roomId, isAudioMuted: value }],
        ["toggle-video", { roomId, isVideoOff: value }],
        ["toggle-audio", { roomId, isAudioEnabled: value }],
        ["toggle-video", { roomId, isVideoEnabled: value }],
        ["toggle-media", { roomId, type: "audio", enabled: value }],
        ["toggle-screen-share", { roomId, isScreenSharing: value }],
      ]),
      ...[undefined, null, 1, "sdp", [], true].flatMap((body): [string, unknown][] => [
        ["webrtc-offer", { targetId, offer: body }],
        ["webrtc-answer", { targetId, answer: body }],
      ]),
      ...[1, "x", [], false].map((body): [string, unknown] => ["webrtc-ice-candidate", { targetId, candidate: body }]),
      ...Object.keys({ ...ofRoom, ...toSomebody, "join-room": {}, "request-connection": {} }).flatMap(
        (event): [string, unknown][] => [
          ...(bare.includes(event) ? [] : ([[event, null]] as [string, unknown][])),
          [event, "x"],
          [event, []],
        ],
      ),
    ];
    for (const [event, payload] of wrong) await expectError(ann, event, payload, "validation", expect.any(String));
    await expectNothingMore(ann, bob);
  });

  test("an event that there isn't: validation with a callback, and nothing without one", async () => {
    const { ann, bob } = await roomOf(2, cluster, options);
    for (const event of ["join", "register", "user-joined", "send_message", "toString", "__proto__"]) {
      expect((await ann.request(event, {})).error?.code, event).toBe("validation");
      ann.send(event, {});
    }
    await expectNothingMore(ann, bob);
  });

  test("unknown keys and further arguments are ignored; the longest ids and texts will do, and of a name 64 characters", async () => {
    const [ann, bob] = await Promise.all([cluster.connect(0, options), cluster.connect(1, options)]);
    const roomId = `${newRoom()}/{}%:\u2028ä`.padEnd(128, "x");
    const userName = `${"Ann {}%: ä\u2028".padEnd(63, "y")}😀`;
    const longest = userName.padEnd(128, "z");
    expect(
      await ann.request("join-room", { roomId, userName: longest, color: "red" }, "more", { and: "more" }),
    ).toEqual({
      ok: true,
    });
    expect(await ann.receive("joined-room")).toMatchObject({ roomId, participant: { userName } });
    await ann.receive("participants-updated");
    await joinRoom(bob, roomId);
    await bob.receive("joined-room");
    await bob.receive("participants-updated");
    await ann.receive("user-joined");
    await ann.receive("participants-updated");
    const message = "x".repeat(4000);
    expect(await ann.request("send-message", { roomId, message, color: "red" }, 1)).toMatchObject({ ok: true });
    for (const client of [ann, bob]) expect(await client.receive("new-message")).toMatchObject({ message, userName });
    await expectNothingMore(ann, bob);
  });
});
