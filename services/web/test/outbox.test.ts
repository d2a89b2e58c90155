import type { Ack } from "@switchyard/client-types";
import { beforeEach, expect, test } from "vitest";
import { type Conversation, reduceWriting, requeue } from "../src/shared/chat/conversation.ts";
import { Outbox } from "../src/shared/chat/outbox.ts";

let messages: Conversation | null;
let emitted: { readonly text: string; readonly reply: (ack: Ack) => void; readonly lose: () => void }[];
let outbox: Outbox;
beforeEach(() => {
  messages = [];
  emitted = [];
  outbox = new Outbox({
    lines: () => messages,
    dispatch: (event) => {
      if (messages) messages = reduceWriting(messages, event);
    },
    emit: (text) => new Promise((reply, lose) => emitted.push({ text, reply, lose: () => lose(new Error("lost")) })),
  });
});

const texts = () => emitted.map(({ text }) => text);
const deliveries = () => messages?.map(({ delivery }) => delivery);
const settled = () => new Promise((resolve) => setImmediate(resolve));

test("what is written before the connection is there waits for it, and goes out in order", () => {
  outbox.send("one");
  outbox.send("two");
  expect(texts()).toEqual([]);
  outbox.resume();
  expect(texts()).toEqual(["one", "two"]);
});

test("what is on its way is not sent again by what is written after it", () => {
  outbox.resume();
  outbox.send("one");
  outbox.send("two");
  expect(texts()).toEqual(["one", "two"]);
  expect(deliveries()).toEqual(["sending", "sending"]);
});

test("what was not acknowledged goes out again only when the connection is back, and what was acknowledged does not", async () => {
  outbox.resume();
  outbox.send("one");
  outbox.send("two");
  emitted[0]?.reply({ ok: true });
  await settled();
  outbox.hold();
  emitted[1]?.lose();
  await settled();
  if (messages) messages = requeue(messages);
  expect(texts()).toEqual(["one", "two"]);
  outbox.resume();
  expect(texts()).toEqual(["one", "two", "two"]);
  expect(deliveries()).toEqual(["sent", "sending"]);
});

test("what is refused is marked so, and not sent again", async () => {
  outbox.resume();
  outbox.send("one");
  emitted[0]?.reply({ ok: false, error: { code: "validation", message: "It is too long.", retryable: false } });
  await settled();
  outbox.resume();
  expect(deliveries()).toEqual(["failed"]);
  expect(texts()).toEqual(["one"]);
});

test("where there is no conversation nothing is sent", () => {
  messages = null;
  outbox.resume();
  outbox.send("one");
  expect(texts()).toEqual([]);
});
