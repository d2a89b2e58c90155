import { expectNothingMore, startCluster, type TestClient, type TestCluster, waysTo } from "@switchyard/testkit";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { patient } from "../patient.ts";
import { newMatch, pairIn, register } from "./registered.ts";

const MAX_EVENT_BYTES = 16_384;

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ matchmakers: 0, environment: { ...patient, MAX_EVENT_BYTES } });
  return cluster.stop;
});
afterEach(() => cluster.empty());

const toSomebody = {
  "initiate-call": {},
  "accept-call": {},
  "reject-call": {},
  offer: { offer: {} },
  answer: { answer: {} },
  "ice-candidate": { candidate: null },
};
/** Of these the old server said when there was nobody to hear them. */
const answered = ["initiate-call", "offer"];
const sentences = {
  not_joined: "Join first.",
  user_offline: "That participant is not here.",
  payload_too_large: "The event is too large.",
};
const error = (code: keyof typeof sentences) => ({ code, message: sentences[code], retryable: false });

/** Refused, with a callback and without one. */
async function expectError(client: TestClient, event: string, args: unknown[], code: string, message: unknown) {
  const error = { code, message, retryable: false };
  expect(await client.request(event, ...args), event).toEqual({ ok: false, error });
  client.send(event, ...args);
  expect(await client.receive("error"), event).toEqual({ type: code, message });
}

describe.each(waysTo("match"))("refused $way", (options) => {
  test("everything before registering: not_joined", async () => {
    const ann = await cluster.connect(0, options);
    for (const [event, content] of Object.entries({ ...toSomebody, "end-call": {} })) {
      await expectError(ann, event, [{ to: "somebody", ...content }], "not_joined", sentences.not_joined);
    }
    await expectNothingMore(ann);
  });

  test("register without userId or matchId: validation, with the sentence that old clients know", async () => {
    const ann = await cluster.connect(0, options);
    const { user: userId } = ann;
    const incomplete = [
      {},
      { userId },
      { matchId: "m" },
      { userId: "", matchId: "m" },
      { userId, matchId: null },
      null,
    ];
    for (const args of [[], ...incomplete.map((payload) => [payload])]) {
      await expectError(ann, "register", args, "validation", "Missing userId or matchId");
    }
    expect((await ann.request("end-call", {})).error?.code).toBe("not_joined");
    await expectNothingMore(ann);
  });

  test("to who isn't in the match: user_offline; without a callback only for initiate-call and offer", async () => {
    const { ann, bob } = await pairIn(cluster, options);
    const stranger = await pairIn(cluster, options);
    for (const to of [ann.user, stranger.ann.user, String(bob.socket.id), "nobody", "__proto__"]) {
      for (const [event, content] of Object.entries(toSomebody)) {
        const payload = { to, ...content };
        expect(await ann.request(event, payload), event).toEqual({ ok: false, error: error("user_offline") });
        ann.send(event, payload);
        if (!answered.includes(event)) continue;
        expect(await ann.receive("error"), event).toEqual({ type: "user_offline", message: sentences.user_offline });
      }
    }
    await expectNothingMore(ann, bob, stranger.ann, stranger.bob);
  });

  test("a candidate for nobody: silent, as one for somebody who isn't there; the acknowledgement says so", async () => {
    const { ann, bob } = await pairIn(cluster, options);
    const refused = { ok: false, error: error("user_offline") };
    for (const payload of [{ to: null, candidate: {} }, { candidate: {} }, { to: null, candidate: null }]) {
      expect(await ann.request("ice-candidate", payload), JSON.stringify(payload)).toEqual(refused);
      ann.send("ice-candidate", payload);
    }
    expect(await ann.request("ice-candidate", { to: bob.user, candidate: null })).toEqual({ ok: true });
    expect(await bob.receive("ice-candidate")).toEqual({ candidate: null, from: ann.user });
    const cem = await cluster.connect(0, options);
    expect(await cem.request("ice-candidate", { to: null, candidate: {} })).toEqual({
      ok: false,
      error: error("not_joined"),
    });
    await expectNothingMore(ann, bob, cem);
  });

  test("an event over MAX_EVENT_BYTES: payload_too_large; one just below goes through", async () => {
    const { ann, bob } = await pairIn(cluster, options);
    const offerOf = (bytes: number) => ({ to: bob.user, offer: { sdp: "ä".repeat(bytes / 2) } });
    const tooLarge = [offerOf(MAX_EVENT_BYTES)];
    await expectError(ann, "offer", tooLarge, "payload_too_large", sentences.payload_too_large);
    const { to, offer } = offerOf(MAX_EVENT_BYTES - 200);
    expect(await ann.request("offer", { to, offer })).toEqual({ ok: true });
    expect(await bob.receive("offer")).toEqual({ offer, from: ann.user });
    await expectNothingMore(ann, bob);
  });

  test("bodies that are no objects, and ids that are none: validation", async () => {
    const { ann, bob, matchId } = await pairIn(cluster, options);
    const { user: to } = bob;
    const wrong: [string, unknown][] = [
      ...[null, 1, "sdp", [], true].flatMap((body): [string, unknown][] => [
        ["offer", { to, offer: body }],
        ["answer", { to, answer: body }],
      ]),
      ...[1, "x", [], false].map((body): [string, unknown] => ["ice-candidate", { to, candidate: body }]),
      ...[undefined, null, 1, "", "x".repeat(129), "a\nb", { id: to }].map((id): [string, unknown] => [
        "offer",
        { to: id, offer: {} },
      ]),
      ["initiate-call", to],
      ["initiate-call", {}],
      ["reject-call", { to, reason: 1 }],
      ["reject-call", { to, reason: "x".repeat(4001) }],
      ["register", { userId: "x".repeat(129), matchId }],
      ["register", { userId: ann.user, matchId: "x".repeat(129) }],
      ["register", { userId: 1, matchId }],
      ["register", { userId: ann.user, matchId: { a: 1 } }],
      ["register", { userId: "half a pair: \ud800", matchId }],
    ];
    for (const [event, payload] of wrong) {
      await expectError(ann, event, [payload], "validation", expect.any(String));
    }
    await expectNothingMore(ann, bob);
  });

  test("an event that there isn't: validation with a callback, and nothing without one", async () => {
    const { ann, bob } = await pairIn(cluster, options);
    for (const event of ["join", "join-room", "send_message", "toString", "__proto__"]) {
      expect((await ann.request(event, { to: bob.user })).error?.code, event).toBe("validation");
      ann.send(event, { to: bob.user });
    }
    await expectNothingMore(ann, bob);
  });

  test("unknown keys and further arguments are ignored; the longest ids will do, whatever is in them", async () => {
    const [ann, bob] = await Promise.all([cluster.connect(0, options), cluster.connect(1, options)]);
    const matchId = `${newMatch()}/{}%:\u2028ä`.padEnd(128, "x");
    const userId = `${ann.user}/{}%:\u2028ä`.padEnd(128, "y");
    expect(await ann.request("register", { userId, matchId, color: "red" }, "more", { and: "more" })).toEqual({
      ok: true,
    });
    expect(await ann.receive("joined")).toMatchObject({ matchId, userId });
    expect(await register(bob, matchId)).toEqual({ ok: true });
    await bob.receive("joined");
    await ann.receive("user-joined");
    expect(await bob.request("offer", { to: userId, offer: {}, color: "red" }, "more")).toEqual({ ok: true });
    expect(await ann.receive("offer")).toEqual({ offer: {}, from: bob.user });
    expect(await ann.request("reject-call", { to: bob.user, reason: "x".repeat(4000) })).toEqual({ ok: true });
    expect(await bob.receive("call-rejected")).toMatchObject({ from: userId });
    await expectNothingMore(ann, bob);
  });
});
