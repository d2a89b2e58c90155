import { expectNothingMore, pairClients, startCluster, type TestCluster } from "@switchyard/testkit";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { patient } from "../patient.ts";
import { transports } from "./transports.ts";

const MAX_EVENT_BYTES = 16_384;

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ environment: { ...patient, MAX_EVENT_BYTES } });
  return cluster.stop;
});
afterEach(() => cluster.empty());

const inRoom = {
  send_message: { message: "?" },
  typing: { isTyping: true },
  offer: { offer: {} },
  answer: { answer: {} },
  ice_candidate: { candidate: null },
  leave_room: {},
  leave_video: {},
  block_user: {},
  report_user: { category: "spam" },
};
const sentences = {
  not_joined: "Join first.",
  room_not_found: "You are not in that room.",
  payload_too_large: "The event is too large.",
};
const error = (code: keyof typeof sentences) => ({ code, message: sentences[code], retryable: false });

describe.each(transports)("refused, $way", (options) => {
  const pair = async () => {
    const [ann, bob] = await Promise.all([cluster.connect(0, options), cluster.connect(1, options)]);
    return { ann, bob, roomId: await pairClients(ann, bob) };
  };

  test("everything before joining: not_joined, as an acknowledgement or as an error event", async () => {
    const ann = await cluster.connect(0, options);
    for (const [event, content] of Object.entries({ ...inRoom, next: {}, next_partner: {}, leave_queue: {} })) {
      const payload = { roomId: "somewhere", ...content };
      expect(await ann.request(event, payload), event).toEqual({ ok: false, error: error("not_joined") });
      ann.send(event, payload);
      expect(await ann.receive("error")).toEqual({ type: "not_joined", message: sentences.not_joined });
    }
    await expectNothingMore(ann);
  });

  test("no roomId outside of a room: room_not_found", async () => {
    const ann = await cluster.connect(0, options);
    await ann.join();
    await ann.receive("waiting_for_partner");
    for (const [event, content] of Object.entries(inRoom)) {
      expect(await ann.request(event, content), event).toEqual({ ok: false, error: error("room_not_found") });
    }
    for (const event of ["leave_room", "leave_video", "block_user", "report_user"]) {
      expect(await ann.request(event), event).toEqual({ ok: false, error: error("room_not_found") });
    }
    await expectNothingMore(ann);
  });

  test("a wrong roomId: room_not_found, whatever the event; nothing is told to anybody", async () => {
    const { ann, bob } = await pair();
    for (const [event, content] of Object.entries(inRoom)) {
      for (const roomId of ["somewhere", "__proto__", "constructor", String(ann.socket.id)]) {
        const payload = { roomId, ...content };
        expect(await ann.request(event, payload), event).toEqual({ ok: false, error: error("room_not_found") });
      }
      ann.send(event, { roomId: "somewhere", ...content });
      expect(await ann.receive("error")).toEqual({ type: "room_not_found", message: sentences.room_not_found });
    }
    await expectNothingMore(ann, bob);
  });

  test("an event over MAX_EVENT_BYTES: payload_too_large; one just below goes through", async () => {
    const { ann, bob, roomId } = await pair();
    const offerOf = (bytes: number) => ({ roomId, offer: { sdp: "ä".repeat(bytes / 2) } });
    const tooLarge = offerOf(MAX_EVENT_BYTES);
    expect(await ann.request("offer", tooLarge)).toEqual({ ok: false, error: error("payload_too_large") });
    ann.send("offer", tooLarge);
    expect(await ann.receive("error")).toEqual({ type: "payload_too_large", message: sentences.payload_too_large });
    const { offer, ...rest } = offerOf(MAX_EVENT_BYTES - 200);
    expect(await ann.request("offer", { ...rest, offer })).toEqual({ ok: true });
    expect(await bob.receive("offer")).toEqual({ offer });
    await expectNothingMore(ann, bob);
  });

  test("what is far over ends the connection, which then recovers", async () => {
    const { ann, bob, roomId } = await pair();
    ann.send("offer", { roomId, offer: { sdp: "x".repeat(MAX_EVENT_BYTES * 5) } });
    await ann.connected(2);
    expect(ann.socket.recovered).toBe(true);
    expect(await bob.request("typing", { roomId, isTyping: true })).toEqual({ ok: true });
    await ann.receive("user_typing");
    await expectNothingMore(ann, bob);
  });

  test("ids, texts and lists: up to the limit, and not beyond", async () => {
    const { ann, bob, roomId } = await pair();
    const codeOf = async (event: string, payload: object) => (await ann.request(event, payload)).error?.code;
    expect(await codeOf("send_message", { roomId, message: "x".repeat(4000) })).toBeUndefined();
    await bob.receive("new_message");
    expect(await codeOf("send_message", { roomId, message: "x".repeat(4001) })).toBe("validation");
    expect(await codeOf("send_message", { roomId: "x".repeat(129), message: "?" })).toBe("validation");
    expect(await codeOf("send_message", { roomId: "x".repeat(128), message: "?" })).toBe("room_not_found");
    const wish = { userId: ann.user, type: "chat" };
    const interests = Array.from({ length: 11 }, (_, i) => `interest ${i}`);
    expect(await codeOf("join", { ...wish, userId: "x".repeat(129) })).toBe("validation");
    expect(await codeOf("join", { ...wish, userId: "half a pair: \ud800" })).toBe("validation");
    expect(await codeOf("join", { ...wish, preferences: { interests } })).toBe("validation");
    expect(await codeOf("join", { ...wish, preferences: { interests: ["x".repeat(129)] } })).toBe("validation");
    await expectNothingMore(ann, bob);
    expect(await codeOf("join", { userId: `ä/{}%\u2028${"x".repeat(120)}`, type: "chat" })).toBeUndefined();
    await ann.receive("waiting_for_partner");
    await bob.receive("partner_disconnected");
    expect(await codeOf("join", { ...wish, preferences: { interests: interests.slice(1) } })).toBeUndefined();
    await ann.receive("waiting_for_partner");
    await expectNothingMore(ann, bob);
  });

  test("an event that there isn't: validation with a callback, and nothing without one", async () => {
    const ann = await cluster.connect(0, options);
    const answer = await ann.request("register", { userId: "x" });
    expect(answer).toEqual({ ok: false, error: { code: "validation", message: expect.any(String), retryable: false } });
    ann.send("register");
    await expectNothingMore(ann);
  });

  test("unknown keys and further arguments are ignored; null is as good as nothing where nothing is needed", async () => {
    const [ann, bob] = await Promise.all([cluster.connect(0, options), cluster.connect(1, options)]);
    const preferences = { mood: "good", interests: null, language: null, region: null, avoid: null };
    const wish = { userId: ann.user, type: "chat", preferences, color: "red" };
    expect(await ann.request("join", wish, "more", { and: "more" })).toEqual({ ok: true });
    await ann.receive("waiting_for_partner");
    expect(await bob.join({ preferences: null })).toEqual({ ok: true });
    for (const client of [ann, bob]) await client.receive("partner_found");
    for (const payload of [[], [null], [{ any: "thing" }]]) {
      expect(await ann.request("next", ...payload)).toEqual({ ok: true });
      await ann.receive("waiting_for_partner");
      expect(await ann.request("leave_queue", ...payload)).toEqual({ ok: true });
    }
    await bob.receive("partner_disconnected");
    await expectNothingMore(ann, bob);
  });
});
