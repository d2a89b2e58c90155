import { MAX_TEXT_LENGTH } from "@switchyard/protocol";
import { expectNothingMore, startCluster, type TestCluster, until, waysTo } from "@switchyard/testkit";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { patient } from "../patient.ts";
import { type Chatter, enterChatroom, JWT_SECRET, newName, sendMessage } from "./accounts.ts";

const MAX_EVENT_BYTES = 16_384;

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ matchmakers: 0, environment: { ...patient, JWT_SECRET, MAX_EVENT_BYTES } });
  return cluster.stop;
});
afterEach(() => cluster.empty());

const sentences = {
  user_offline: "That participant is not here.",
  payload_too_large: "The event is too large.",
  validation: expect.any(String),
};
const toSomebody = {
  call_user: { offer: {} },
  call_answer: { answer: {} },
  ice_candidate: { candidate: null },
  end_call: {},
};

/** Refused with a callback by the acknowledgement alone, and without one by the event `error`. */
async function expectError({ client }: Chatter, event: string, payload: unknown, code: keyof typeof sentences) {
  const message = sentences[code];
  expect(await client.request(event, payload), event).toEqual({
    ok: false,
    error: { code, message, retryable: false },
  });
  client.send(event, payload);
  expect(await client.receive("error"), event).toEqual({ type: code, message });
}

describe.each(waysTo("chat"))("refused $way", (options) => {
  const pair = (): Promise<[Chatter, Chatter]> =>
    Promise.all([enterChatroom(cluster, 0, options), enterChatroom(cluster, 1, options)]);

  test("to who is not online: user_offline", async () => {
    const [ann, bob] = await pair();
    const gone = await enterChatroom(cluster, 1, options);
    gone.client.leave();
    await until("it to be gone", async () => (await cluster.store.users.sessions("chat", gone.name)).length === 0);
    for (const to of [gone.name, "nobody", "__proto__", String(bob.client.socket.id), ann.name]) {
      for (const [event, content] of Object.entries(toSomebody)) {
        await expectError(ann, event, { to, ...content }, "user_offline");
      }
    }
    await expectNothingMore(ann.client, bob.client);
  });

  test("a refused call leaves nothing behind", async () => {
    const [ann, bob] = await pair();
    const name = newName("later");
    await expectError(ann, "call_user", { to: name, offer: {} }, "user_offline");
    const late = await enterChatroom(cluster, 1, options, name);
    ann.client.leave();
    await until("it to be gone", async () => (await cluster.store.users.sessions("chat", ann.name)).length === 0);
    await expectNothingMore(late.client, bob.client);
  });

  test("an event over MAX_EVENT_BYTES: payload_too_large; one just below goes through", async () => {
    const [ann, bob] = await pair();
    const offerOf = (bytes: number) => ({ to: bob.name, offer: { sdp: "ä".repeat(bytes / 2) } });
    await expectError(ann, "call_user", offerOf(MAX_EVENT_BYTES), "payload_too_large");
    const { to, offer } = offerOf(MAX_EVENT_BYTES - 200);
    expect(await ann.client.request("call_user", { to, offer })).toEqual({ ok: true });
    expect(await bob.client.receive("incoming_call")).toEqual({ from: ann.name, offer });
    await expectNothingMore(ann.client, bob.client);
  });

  test("bodies that are no objects, names that are none, texts that are too long: validation", async () => {
    const [ann, bob] = await pair();
    const { name: to } = bob;
    const wrong: [string, unknown][] = [
      ...[undefined, null, 1, "sdp", [], true].flatMap((body): [string, unknown][] => [
        ["call_user", { to, offer: body }],
        ["call_answer", { to, answer: body }],
      ]),
      ...[undefined, 1, "x", [], false].map((body): [string, unknown] => ["ice_candidate", { to, candidate: body }]),
      ...[undefined, null, 1, "", "x".repeat(129), "a\nb", "half a pair: \ud800", { id: to }].flatMap((name) =>
        Object.entries(toSomebody).map(([event, content]): [string, unknown] => [event, { ...content, to: name }]),
      ),
      ...[undefined, null, 1, "", "x".repeat(MAX_TEXT_LENGTH + 1), ["x"]].map((text): [string, unknown] => [
        "send_message",
        { text },
      ]),
      ...[0, -1, 101, 1.5, "7"].map((limit): [string, unknown] => ["load_messages", { limit }]),
      ...["x", "1", "1-", "-1", "1-1-1", "(1-1", "+", "$", 1, `${"9".repeat(16)}-1`].map(
        (before): [string, unknown] => ["load_messages", { before }],
      ),
      ...["send_message", ...Object.keys(toSomebody)].flatMap((event): [string, unknown][] =>
        [undefined, null, 7, "x", []].map((payload) => [event, payload]),
      ),
      ["load_messages", "x"],
    ];
    for (const [event, payload] of wrong) await expectError(ann, event, payload, "validation");
    await expectNothingMore(ann.client, bob.client);
  });

  test("an event that there isn't: validation with a callback, and nothing without one", async () => {
    const [ann, bob] = await pair();
    for (const event of ["join", "user-joined", "register", "new_message", "toString", "__proto__"]) {
      expect((await ann.client.request(event, { to: bob.name, text: "x" })).error?.code, event).toBe("validation");
      ann.client.send(event, { to: bob.name, text: "x" });
    }
    await expectNothingMore(ann.client, bob.client);
  });

  test("unknown keys and further arguments are ignored; the longest names and texts will do, whatever is in them", async () => {
    const ann = await enterChatroom(cluster, 0, options, `${newName("ann")}/{}%:\u2028ä`.padEnd(128, "x"));
    const bob = await enterChatroom(cluster, 1, options);
    const text = "ä".repeat(MAX_TEXT_LENGTH);
    expect(await ann.client.request("send_message", { text, color: "red" }, "more", { and: "more" })).toMatchObject({
      ok: true,
    });
    for (const { client } of [ann, bob])
      expect(await client.receive("new_message")).toMatchObject({ username: ann.name, text });
    expect(await bob.client.request("call_user", { to: ann.name, offer: {}, color: "red" }, "more")).toEqual({
      ok: true,
    });
    expect(await ann.client.receive("incoming_call")).toEqual({ from: bob.name, offer: {} });
    await sendMessage(bob, "\u0000");
    for (const { client } of [ann, bob]) expect(await client.receive("new_message")).toMatchObject({ text: "\u0000" });
    await expectNothingMore(ann.client, bob.client);
  });
});
