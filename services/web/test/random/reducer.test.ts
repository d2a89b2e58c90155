import { noLocalMedia } from "@switchyard/client/call";
import { describe, expect, test } from "vitest";
import { reduce } from "../../src/dialects/random/reducer.ts";
import { wantsMedia } from "../../src/dialects/random/signals.ts";
import {
  currentRoom,
  initialState,
  type PartnerFound,
  type RandomEvent,
  type RandomState,
} from "../../src/dialects/random/state.ts";

const at = "2030-01-01T10:00:00.000Z";
const text = { type: "chosen", choice: { type: "chat", preferences: {} } } as const;
const video = { type: "chosen", choice: { type: "video", preferences: {} } } as const;
const connected = { type: "connected", socketId: "s1", recovered: false, transport: "websocket" } as const;
const dropped = { type: "dropped" } as const;
const left = { type: "left", notice: null } as const;

function found(roomId: string, change: Partial<PartnerFound> = {}): RandomEvent {
  const partner: PartnerFound = {
    roomId,
    partnerId: "p",
    type: "chat",
    initiator: true,
    sharedInterests: [],
    isRepeatConnection: false,
    ...change,
  };
  return { type: "partner_found", found: partner };
}

function message(id: string, sender: string, body = id): RandomEvent {
  return { type: "new_message", message: { id, text: body, sender, timestamp: at, type: "message" } };
}

function after(...events: RandomEvent[]): RandomState {
  return events.reduce(reduce, initialState("me"));
}

describe("the way into a room", () => {
  test("text waits at once, with what the server says about the wait", () => {
    const state = after(connected, text, { type: "waiting_for_partner", position: 3, estimatedWaitMs: 2000 });
    expect(state.phase).toMatchObject({ name: "waiting", position: 3, estimatedWaitMs: 2000 });
  });

  test("video waits only after the camera has answered, also when it was refused", () => {
    expect(after(video).phase.name).toBe("camera");
    const own = { ...noLocalMedia, status: "unavailable", problem: "refused" } as const;
    const state = after(video, { type: "own-changed", own }, { type: "camera-answered" });
    expect(state).toMatchObject({ phase: { name: "waiting" }, own: { problem: "refused" } });
  });

  test("a partner opens a room; being told again changes nothing", () => {
    const state = after(text, found("r1", { sharedInterests: ["music"] }), message("m1", "p"));
    expect(currentRoom(state)).toMatchObject({ id: "r1", sharedInterests: ["music"], initiator: true });
    expect(reduce(state, found("r1"))).toBe(state);
  });

  test("a partner who comes after the person has left opens nothing", () => {
    expect(after(text, left, found("r1")).phase.name).toBe("start");
  });

  test("another room replaces the one before, with nothing left of it", () => {
    const state = after(text, found("r1"), message("m1", "p"), { type: "user_typing", isTyping: true }, found("r2"));
    expect(currentRoom(state)).toMatchObject({ id: "r2", lines: [], partnerTyping: false });
  });
});

describe("in a room", () => {
  test("messages are told apart by their sender; the partner's end their typing", () => {
    const typing = { type: "user_typing", isTyping: true } as const;
    const state = after(text, found("r1"), typing, message("m1", "me"));
    expect(currentRoom(state)).toMatchObject({ lines: [{ mine: true }], partnerTyping: true });
    expect(currentRoom(reduce(state, message("m2", "p")))).toMatchObject({ partnerTyping: false });
  });

  test("a refused message is marked and the reason shown", () => {
    const wrote = { type: "wrote", key: "k", text: "hello", at } as const;
    const settled = { type: "settled", key: "k", delivery: "failed", notice: "Too much" } as const;
    const state = after(text, found("r1"), wrote, settled);
    expect(currentRoom(state)?.lines[0]?.delivery).toBe("failed");
    expect(state.notice).toBe("Too much");
  });

  test("the state of a call that is over is not taken for the current one's", () => {
    const call = { status: "connected", remote: null, error: null } as const;
    const state = after(text, found("r2"), { type: "call-changed", roomId: "r1", call });
    expect(state.call.status).toBe("connecting");
    expect(reduce(state, { type: "call-changed", roomId: "r2", call }).call.status).toBe("connected");
  });

  test("a recovered drop keeps room, lines and call", () => {
    const wrote = { type: "wrote", key: "k", text: "hello", at } as const;
    const sending = { type: "settled", key: "k", delivery: "sending", notice: null } as const;
    const cut = after(connected, text, found("r1"), wrote, sending, dropped);
    expect(currentRoom(cut)?.lines[0]?.delivery).toBe("queued");
    const back = reduce(cut, { ...connected, recovered: true });
    expect(currentRoom(back)?.id).toBe("r1");
  });

  test("a drop that was not recovered ends the room and waits again", () => {
    const state = after(connected, text, { type: "joined" }, found("r1"), dropped, { ...connected, socketId: "s2" });
    expect(state).toMatchObject({ phase: { name: "waiting" }, joined: false });
    expect(state.notice).toMatch(/away for too long/);
  });
});

describe("the way out", () => {
  test("the partner's leaving keeps the conversation to read, and marks what was not sent", () => {
    const wrote = { type: "wrote", key: "k", text: "hello", at } as const;
    const state = after(text, found("r1"), message("m1", "p"), wrote, { type: "partner_disconnected" });
    expect(state.phase).toMatchObject({ name: "ended", why: "partner-left" });
    expect(state.phase.name === "ended" && state.phase.room.lines.map((line) => line.delivery)).toEqual([
      "sent",
      "failed",
    ]);
  });

  test("a partner's leaving that crosses the own `next` changes nothing", () => {
    const state = after(text, found("r1"), { type: "asked-next" });
    expect(reduce(state, { type: "partner_disconnected" })).toBe(state);
  });

  test("blocking ends the room; leaving goes back to the start and lets the camera go", () => {
    expect(after(text, found("r1"), { type: "blocked" }).phase).toMatchObject({ name: "ended", why: "blocked" });
    const inCall = after(video, { type: "camera-answered" }, found("r1", { type: "video" }));
    const state = reduce(inCall, left);
    expect(state).toMatchObject({ phase: { name: "start" }, choice: video.choice });
    expect([wantsMedia(inCall), wantsMedia(state)]).toEqual([true, false]);
  });

  test("a replaced tab says so and can take the place back", () => {
    const error = { type: "replaced", message: "…" } as const;
    const state = after(text, found("r1"), { type: "error", error, text: "…" });
    expect(state).toMatchObject({ phase: { name: "replaced" }, joined: false });
    expect(reduce(state, text).phase.name).toBe("waiting");
  });

  test("any other error is shown and moves nobody", () => {
    const error = { type: "rate_limited", message: "…" } as const;
    const state = after(text, found("r1"), { type: "error", error, text: "Too much." });
    expect(state).toMatchObject({ phase: { name: "room" }, notice: "Too much." });
    expect(reduce(state, { type: "noticed", notice: null }).notice).toBeNull();
  });
});
