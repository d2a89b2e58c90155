import { expectNothingMore, startCluster, type TestCluster, waysTo } from "@switchyard/testkit";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { expectSince } from "../instant.ts";
import { patient } from "../patient.ts";
import { enterChatroom, JWT_SECRET, type Message, messagesOf, sendMessage } from "./accounts.ts";

const HISTORY = 20;

let cluster: TestCluster;
beforeAll(async () => {
  const environment = { ...patient, JWT_SECRET, CHAT_HISTORY_LIMIT: HISTORY };
  cluster = await startCluster({ matchmakers: 0, environment });
  return cluster.stop;
});
afterEach(() => cluster.empty());

describe.each(waysTo("chat"))("the chatroom $way", (options) => {
  const three = () => Promise.all([0, 1, 0].map((node) => enterChatroom(cluster, node, options)));

  test("send_message: new_message to everyone, the sender included", async () => {
    const all = await three();
    const [ann] = all as [(typeof all)[0]];
    const before = Date.now();
    const answer = await sendMessage(ann, "hello, 世界 \u0000\u2028");
    expect(answer).toEqual({ ok: true, id: expect.stringMatching(/./) });
    for (const { client } of all) {
      const message = await client.receive<Message>("new_message");
      expect(message).toEqual({
        id: answer["id"],
        username: ann.name,
        text: "hello, 世界 \u0000\u2028",
        timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      });
      expectSince(before, message.timestamp);
    }
    ann.client.send("send_message", { text: "no callback" });
    for (const { client } of all) expect(await client.receive("new_message")).toMatchObject({ text: "no callback" });
    await expectNothingMore(...all.map(({ client }) => client));
  });

  test("what a payload says about its sender is ignored", async () => {
    const all = await three();
    const [ann, bob] = all as [(typeof all)[0], (typeof all)[0]];
    const pretence = { username: bob.name, from: bob.name, user: bob.name, id: "1-1", timestamp: "1970" };
    await ann.client.request("send_message", { ...pretence, text: "it's me" });
    for (const { client } of all) expect(await client.receive("new_message")).toMatchObject({ username: ann.name });
    const last = (await enterChatroom(cluster, 1, options)).history.at(-1);
    expect(last).toMatchObject({ username: ann.name, text: "it's me" });
    expect(last?.id).not.toBe("1-1");
  });

  test("many speak at once: the same order and the same ids for everyone, in the history too, and each in its own order", async () => {
    const all = await three();
    const sent = all.flatMap((one) => Array.from({ length: 15 }, (_, i) => sendMessage(one, `${one.name} ${i}`)));
    const ids = (await Promise.all(sent)).map(({ id }) => id);
    await Promise.all(all.map(({ client }) => client.caughtUp()));
    const [messages = []] = all.map(messagesOf);
    expect(messages.map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
    for (const one of all) {
      expect(messagesOf(one)).toEqual(messages);
      const own = messages.filter(({ username }) => username === one.name).map(({ text }) => text);
      expect(own).toEqual(Array.from({ length: 15 }, (_, i) => `${one.name} ${i}`));
    }
    const late = await enterChatroom(cluster, 1, options);
    expect(late.history).toEqual(messages.slice(-HISTORY));
    expect(messages.map(({ timestamp }) => timestamp)).toEqual(messages.map(({ timestamp }) => timestamp).toSorted());
  });

  test("who comes while others speak has each message once: in the history, or after it", async () => {
    const [ann] = await three();
    if (!ann) throw new Error("nobody is there");
    let stopped = false;
    const talking = (async () => {
      for (let i = 0; !stopped; i += 1) await sendMessage(ann, `${i}`);
    })();
    const comers = [];
    for (let i = 0; i < 6; i += 1) comers.push(await enterChatroom(cluster, i % 2, options));
    stopped = true;
    await talking;
    await Promise.all([ann, ...comers].map(({ client }) => client.caughtUp()));
    const all = messagesOf(ann);
    for (const comer of comers) {
      const received = [...comer.history, ...messagesOf(comer)].filter(({ id }) =>
        all.some((message) => message.id === id),
      );
      expect(received).toEqual(all.slice(-received.length));
      expect(received.length).toBeGreaterThanOrEqual(messagesOf(comer).length);
    }
  });

  test("who is away hears all that was said when it is back at another node, once and in order; nobody notices", async () => {
    const proxy = await cluster.proxy(0);
    const [ann, bob] = [await enterChatroom(cluster, proxy, options), await enterChatroom(cluster, 1, options)];
    proxy.routeTo(cluster.node(1).port);
    const texts: string[] = [];
    for (let round = 0; round < 3; round += 1) {
      ann.client.cut();
      for (let i = 0; i < 30; i += 1) {
        texts.push(`${round} ${i}`);
        await sendMessage(bob, `${round} ${i}`);
      }
      await ann.client.connected(round + 2);
      expect(ann.client.socket.recovered).toBe(true);
    }
    await ann.client.caughtUp();
    expect(messagesOf(ann).map(({ text }) => text)).toEqual(texts);
    expect(messagesOf(bob)).toEqual(messagesOf(ann));
  });
});
