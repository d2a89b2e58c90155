import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { RoomsSession } from "../../src/dialects/rooms/session.ts";
import { reconnect } from "../connect.ts";
import { eventually } from "../eventually.ts";
import { description, offer, type RecordedCalls, recordCalls } from "../recorded-calls.ts";
import { type ScriptedServer, startScriptedServer } from "../scripted-server.ts";

const at = "2030-01-01T10:00:00.000Z";
const place = { roomId: "x", userName: "Me" };
const flags = { isAudioMuted: false, isVideoOff: false, isScreenSharing: false };
const participant = (id: string) => ({ id, userName: id.toUpperCase(), joinedAt: at, ...flags });
const message = (id: string, senderId: string, text: string) => ({
  id,
  senderId,
  userName: senderId.toUpperCase(),
  message: text,
  timestamp: at,
});

let server: ScriptedServer;
let session: RoomsSession;
let calls: RecordedCalls;
let history: ReturnType<typeof message>[];

afterEach(async () => {
  session.close();
  await server.close();
  vi.unstubAllGlobals();
});

async function open(graceMs?: number): Promise<void> {
  server = await startScriptedServer("rooms", graceMs);
  calls = recordCalls();
  history = [message("m1", "a", "hi")];
  server.answers.set("join-room", ({ roomId }, socket) => {
    const { id: participantId } = socket;
    const self = participant(participantId);
    const participants = [participant("a"), self];
    socket.emit("joined-room", { roomId, participantId, participant: self, participants, messages: history });
    return { ok: true };
  });
  session = new RoomsSession({ url: server.url, openMesh: calls.openMesh });
  session.open();
  await session.enter(place);
  await eventually(() => expect(meeting()?.stage).toBe("in"));
}

beforeEach(() => open());

const state = () => session.store.get();
const meeting = () => state().meeting;
const told = (name: string) => server.log.filter(({ event }) => event === name).map(({ payload }) => payload);
const tell = (name: string, content: unknown) => server.socket().emit(name, content);
const lines = () => meeting()?.lines.map(({ author, text, delivery }) => [author, text, delivery]);

/** A screen with one picture, which the person chooses; as in the browser, its end is an event of its track. */
function sharedScreen(): { track: EventTarget } {
  const track = Object.assign(new EventTarget(), { kind: "video", stop: vi.fn() });
  const stream = { getTracks: () => [track], getVideoTracks: () => [track], getAudioTracks: () => [] };
  const mediaDevices = { getDisplayMedia: async () => stream, removeEventListener: () => {} };
  vi.stubGlobal("navigator", { mediaDevices });
  return { track };
}

test("whoever comes offers to those who are there, and says that they have no camera", async () => {
  expect(calls.opened.map(({ options }) => [options.initiator, options.reserve])).toEqual([[true, true]]);
  await eventually(() => expect(told("toggle-video")).toEqual([{ roomId: "x", isVideoOff: true }]));
  expect(told("toggle-audio")).toEqual([{ roomId: "x", isAudioMuted: true }]);
  void calls.latest().sends(offer("1"));
  const signal = { targetId: "a", offer: description("offer", "1") };
  await eventually(() => expect(told("webrtc-offer")).toEqual([signal]));
});

test("whoever comes later is expected to offer, and is gone when they leave", async () => {
  tell("user-joined", { participantId: "b", userName: "B", participant: participant("b") });
  tell("webrtc-offer", { senderId: "b", offer: description("offer", "1") });
  await eventually(() => expect(calls.latest().received).toEqual([offer("1")]));
  expect(meeting()?.participants.map(({ id }) => id)).toContain("b");
  tell("user-left", { participantId: "b", userName: "B" });
  await eventually(() => expect(calls.latest().closed).toBe(true));
  expect(meeting()?.participants.map(({ id }) => id)).not.toContain("b");
});

test("everyone's state is as the server says", async () => {
  tell("participants-updated", [{ ...participant("a"), isAudioMuted: true }]);
  await eventually(() => expect(meeting()?.participants).toMatchObject([{ id: "a", isAudioMuted: true }]));
});

test("a shared screen is sent instead of the camera and told to the others, until it ends", async () => {
  const { track } = sharedScreen();
  await session.shareScreen();
  expect(calls.latest().options.local?.get().tracks.video).toBe(track);
  await eventually(() => expect(told("start-screen-share")).toEqual([{ roomId: "x" }]));
  track.dispatchEvent(new Event("ended"));
  expect(calls.latest().options.local?.get().tracks.video).toBeNull();
  await eventually(() => expect(told("stop-screen-share")).toEqual([{ roomId: "x" }]));
});

test("whoever does not want to share after all has told nobody", async () => {
  await session.shareScreen();
  expect(state().own.screen).toBeNull();
  expect(told("start-screen-share")).toEqual([]);
});

test("a recovered connection keeps participants, calls and conversation", async () => {
  session.sendMessage("hello");
  await eventually(() => expect(told("send-message")).toEqual([{ roomId: "x", message: "hello" }]));
  tell("new-message", message("m2", meeting()?.participantId ?? "", "hello"));
  await eventually(() => expect(lines()).toHaveLength(2));
  expect(await reconnect(server, () => state().link)).toMatchObject({ recovered: true });
  await eventually(() => expect(told("join-room")).toHaveLength(2));
  expect(calls.opened.map(({ closed }) => closed)).toEqual([false]);
  expect(lines()).toEqual([
    ["A", "hi", "sent"],
    [null, "hello", "sent"],
  ]);
});

test("one that is not recovered is a new participant, with the same state and conversation", async () => {
  session.close();
  await server.close();
  await open(1);
  sharedScreen();
  await session.shareScreen();
  server.lost.add("send-message");
  session.sendMessage("went through");
  session.sendMessage("did not");
  history.push(message("m2", meeting()?.participantId ?? "", "went through"));
  const before = meeting()?.participantId;
  expect(await reconnect(server, () => state().link)).toMatchObject({ recovered: false });
  await eventually(() => expect(meeting()).toMatchObject({ stage: "in" }));
  expect(meeting()?.participantId).not.toBe(before);
  expect(calls.opened.map(({ closed }) => closed)).toEqual([true, false]);
  await eventually(() => expect(told("start-screen-share")).toHaveLength(2));
  expect(lines()).toEqual([
    ["A", "hi", "sent"],
    [null, "went through", "sent"],
    [null, "did not", "sending"],
  ]);
});

test("leaving is told, and a welcome that comes too late is answered by leaving", async () => {
  session.leave();
  expect([meeting(), calls.latest().closed]).toEqual([null, true]);
  await eventually(() => expect(told("leave-room")).toEqual([{ roomId: "x" }]));
  tell("joined-room", { roomId: "x", participantId: "p", participants: [], messages: [] });
  await eventually(() => expect(told("leave-room")).toHaveLength(2));
});

test("a room that is full is not waited for", async () => {
  const error = { code: "room_full", message: "…", retryable: true };
  server.answers.set("join-room", () => ({ ok: false, error }));
  await session.enter({ ...place, roomId: "y" });
  expect(state()).toMatchObject({ meeting: null, notice: "This room is full." });
});
