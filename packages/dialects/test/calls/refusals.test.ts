import { expectNothingMore, startCluster, type TestClient, type TestCluster, waysTo } from "@switchyard/testkit";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { patient } from "../patient.ts";
import { comeOnline, inCall, newCall, online, start, userOf } from "./callers.ts";

const MAX_EVENT_BYTES = 16_384;

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ matchmakers: 0, environment: { ...patient, MAX_EVENT_BYTES } });
  return cluster.stop;
});
afterEach(() => cluster.empty());

const sentences = {
  not_joined: "Join first.",
  user_offline: "That participant is not here.",
  call_not_found: "There is no such call.",
  payload_too_large: "The event is too large.",
  validation: expect.any(String),
};
const ofACall = { "join-call": {}, "leave-call": {} };
const signals = {
  "webrtc-offer": { offer: {} },
  "webrtc-answer": { answer: {} },
  "webrtc-ice-candidate": { candidate: null },
};

/** Refused with a callback by the acknowledgement, and without one by the event `error`; an unknown call by its event as well. */
async function expectError(client: TestClient, event: string, payload: unknown, code: keyof typeof sentences) {
  const message = sentences[code];
  expect(await client.request(event, payload), event).toEqual({
    ok: false,
    error: { code, message, retryable: false },
  });
  const { callId } = (payload ?? {}) as { readonly callId?: string };
  const expectBesides = async () => {
    if (code !== "call_not_found") return;
    expect(await client.receive("call-not-found"), event).toEqual({ callId });
    if (event === "leave-call") expect(await client.receive("call-left"), event).toEqual({ callId });
  };
  await expectBesides();
  client.send(event, payload);
  expect(await client.receive("error"), event).toEqual({ type: code, message });
  await expectBesides();
}

describe.each(waysTo("calls"))("refused $way", (options) => {
  test("everything before coming online: not_joined", async () => {
    const ann = await cluster.connect(0, { ...options, query: { dialect: "calls" } });
    const callId = newCall();
    await expectError(ann, "start-call", { id: callId, participants: [] }, "not_joined");
    for (const [event, content] of Object.entries({ ...ofACall, ...signals })) {
      await expectError(ann, event, { callId, targetUserId: "somebody", ...content }, "not_joined");
    }
    await expectNothingMore(ann);
  });

  test("a call that there isn't, or that one isn't in: call_not_found", async () => {
    const { clients, callId } = await inCall(cluster, options, 2);
    const [ann, bob] = clients;
    const cem = await cluster.connect(0, options);
    await comeOnline(cem);
    await cem.receive("users-list");
    for (const client of clients) await client.receive("user-joined");
    for (const id of [newCall(), "__proto__", String(ann.socket.id)]) {
      for (const event of ["join-call", "leave-call"]) await expectError(cem, event, { callId: id }, "call_not_found");
    }
    await expectError(cem, "leave-call", { callId }, "call_not_found");
    for (const [event, body] of Object.entries(signals)) {
      await expectError(cem, event, { callId, targetUserId: ann.user, ...body }, "call_not_found");
      await expectError(ann, event, { callId: newCall(), targetUserId: bob.user, ...body }, "call_not_found");
    }
    await expectNothingMore(ann, bob, cem);
  });

  test("to who isn't in the call: user_offline", async () => {
    const { clients, callId } = await inCall(cluster, options, 2);
    const [ann, bob] = clients;
    const cem = await cluster.connect(0, options);
    await comeOnline(cem);
    await cem.receive("users-list");
    for (const client of clients) await client.receive("user-joined");
    for (const targetUserId of [cem.user, ann.user, String(bob.socket.id), "nobody", "__proto__"]) {
      for (const [event, body] of Object.entries(signals)) {
        await expectError(ann, event, { callId, targetUserId, ...body }, "user_offline");
      }
    }
    await expectNothingMore(ann, bob, cem);
  });

  test("an event over MAX_EVENT_BYTES: payload_too_large; one just below goes through", async () => {
    const { clients, callId } = await inCall(cluster, options, 2);
    const [ann, bob] = clients;
    const offerOf = (bytes: number) => ({ callId, targetUserId: bob.user, offer: { sdp: "ä".repeat(bytes / 2) } });
    await expectError(ann, "webrtc-offer", offerOf(MAX_EVENT_BYTES), "payload_too_large");
    const { offer, ...to } = offerOf(MAX_EVENT_BYTES - 200);
    expect(await ann.request("webrtc-offer", { ...to, offer })).toEqual({ ok: true });
    expect(await bob.receive("webrtc-offer")).toEqual({ callId, fromUserId: ann.user, offer });
    await expectNothingMore(ann, bob);
  });

  test("bodies that are no objects, and ids that are none: validation", async () => {
    const { clients, callId } = await inCall(cluster, options, 2);
    const [ann, bob] = clients;
    const to = { callId, targetUserId: bob.user };
    const user = userOf(ann);
    const ids = [undefined, null, 1, "", "x".repeat(129), "a\nb", "half a pair: \ud800", { id: "x" }];
    const wrong: [string, unknown][] = [
      ...[undefined, null, 1, "sdp", [], true].flatMap((body): [string, unknown][] => [
        ["webrtc-offer", { ...to, offer: body }],
        ["webrtc-answer", { ...to, answer: body }],
      ]),
      ...[undefined, 1, "x", [], false].map((body): [string, unknown] => [
        "webrtc-ice-candidate",
        { ...to, candidate: body },
      ]),
      ...ids.flatMap((id): [string, unknown][] => [
        ["user-joined", { ...user, id }],
        ["user-joined", { ...user, username: id }],
        ["start-call", { id, participants: [] }],
        [
          "start-call",
          { id: newCall(), participants: [id].filter((one) => typeof one !== "object").concat(7 as never) },
        ],
        ["join-call", { callId: id }],
        ["leave-call", { callId: id }],
        ["webrtc-offer", { ...to, targetUserId: id, offer: {} }],
      ]),
      ["user-joined", { ...user, joinedAt: { a: 1 } }],
      ["user-joined", { ...user, joinedAt: "x".repeat(129) }],
      ["start-call", { id: newCall() }],
      ["start-call", { id: newCall(), participants: bob.user }],
      ["start-call", { id: newCall(), participants: Array.from({ length: 101 }, (_, i) => `user ${i}`) }],
      ["start-call", { id: newCall(), participants: [], isVideo: "yes" }],
      ...["user-joined", "start-call", "join-call", "leave-call", "webrtc-offer"].flatMap(
        (event): [string, unknown][] => [undefined, null, 7, "x", []].map((payload) => [event, payload]),
      ),
    ];
    for (const [event, payload] of wrong) await expectError(ann, event, payload, "validation");
    await expectNothingMore(ann, bob);
  });

  test("an event that there isn't: validation with a callback, and nothing without one", async () => {
    const [ann, bob] = await online(cluster, options, 2);
    for (const event of ["join", "call_user", "users-list", "toString", "__proto__"]) {
      expect((await ann.request(event, { callId: "x", to: bob.user })).error?.code, event).toBe("validation");
      ann.send(event, { callId: "x", to: bob.user });
    }
    await expectNothingMore(ann, bob);
  });

  test("unknown keys and further arguments are ignored; the longest ids will do, and of a name 64 characters", async () => {
    const [ann, bob] = await Promise.all([cluster.connect(0, options), cluster.connect(1, options)]);
    const callId = `${newCall()}/{}%:\u2028ä`.padEnd(128, "x");
    const user = { id: `${ann.user}/{}%:\u2028ä`.padEnd(128, "y"), username: `${"z".repeat(63)}😀`, joinedAt: 0 };
    const longest = { ...user, username: user.username.padEnd(128, "z") };
    expect(await ann.request("user-joined", { ...longest, color: "red" }, "more", { and: "more" })).toEqual({
      ok: true,
    });
    expect(await ann.receive("users-list")).toEqual([user]);
    await comeOnline(bob);
    await bob.receive("users-list");
    await ann.receive("user-joined");
    expect(await start(bob, callId, user.id)).toEqual({ ok: true });
    await bob.receive("call-started");
    expect(await ann.receive("incoming-call")).toMatchObject({ callId });
    expect(await ann.request("join-call", { callId, color: "red" }, "more")).toEqual({ ok: true });
    expect(await ann.receive("call-participants")).toEqual({ callId, participants: [userOf(bob), user] });
    expect(await bob.receive("user-joined-call")).toMatchObject({ user });
    expect(await bob.request("webrtc-offer", { callId, targetUserId: user.id, offer: {} })).toEqual({ ok: true });
    expect(await ann.receive("webrtc-offer")).toEqual({ callId, fromUserId: bob.user, offer: {} });
    ann.leave();
    expect(await bob.receive("user-left-call")).toEqual({ callId, userId: user.id, participants: [userOf(bob)] });
    expect(await bob.receive<string>("user-left")).toBe(user.id);
    await expectNothingMore(bob);
  });
});
