import { expect, test } from "vitest";
import { finish, prepend, receive, requeue, retell, setDelivery, write } from "../src/shared/chat/conversation.ts";

const at = "2030-01-01T10:00:00.000Z";
const theirs = (id: string, text: string) => ({ id, text, timestamp: at, mine: false, author: "Ann" });
const mine = (id: string, text: string) => ({ id, text, timestamp: at, mine: true });

test("an own line is confirmed by its echo and stays where it was written", () => {
  let messages = write([], "k1", "hello", at);
  messages = setDelivery(messages, "k1", "sending");
  messages = receive(messages, theirs("m1", "hi"));
  messages = receive(messages, mine("m2", "hello"));
  expect(messages.map(({ text, id, delivery }) => [text, id, delivery])).toEqual([
    ["hello", "m2", "sent"],
    ["hi", "m1", "sent"],
  ]);
});

test("equal own lines are confirmed one by one", () => {
  let messages = write(write([], "k1", "ha", at), "k2", "ha", at);
  messages = receive(messages, mine("m1", "ha"));
  expect(messages.map((message) => message.id)).toEqual(["m1", null]);
  messages = receive(messages, mine("m2", "ha"));
  expect(messages.map((message) => message.id)).toEqual(["m1", "m2"]);
});

test("a message that comes twice is shown once", () => {
  const messages = receive([], theirs("m1", "hi"));
  expect(receive(messages, theirs("m1", "hi"))).toBe(messages);
});

test("an own message from elsewhere is shown as own", () => {
  expect(receive([], mine("m1", "hi"))).toMatchObject([{ id: "m1", mine: true, delivery: "sent" }]);
});

test("after a drop only what is unanswered is queued again", () => {
  let messages = write(write(write([], "k1", "a", at), "k2", "b", at), "k3", "c", at);
  messages = setDelivery(setDelivery(setDelivery(messages, "k1", "sent"), "k2", "sending"), "k3", "failed");
  expect(requeue(messages).map((message) => message.delivery)).toEqual(["sent", "queued", "failed"]);
  expect(finish(messages).map((message) => message.delivery)).toEqual(["sent", "failed", "failed"]);
});

test("an answer that comes after the echo changes nothing", () => {
  const messages = receive(write([], "k1", "a", at), mine("m1", "a"));
  expect(setDelivery(messages, "k1", "failed")).toEqual(messages);
});

test("what others say has their name on it, what the person says has none", () => {
  const messages = receive(receive([], theirs("m1", "hi")), mine("m2", "hello"));
  expect(messages.map(({ author }) => author)).toEqual(["Ann", null]);
});

test("a conversation told anew is as the server has it, and after it what the server does not know", () => {
  let messages = receive([], theirs("m1", "hi"));
  messages = write(write(messages, "k1", "went through", at), "k2", "did not", at);
  messages = retell(messages, [theirs("m1", "hi"), mine("m2", "went through"), theirs("m3", "and then")]);
  expect(messages.map(({ id, text }) => [id, text])).toEqual([
    ["m1", "hi"],
    ["m2", "went through"],
    ["m3", "and then"],
    [null, "did not"],
  ]);
});

test("an own message that was known before does not confirm an equal one that is unsent", () => {
  let messages = receive(write([], "k1", "ha", at), mine("m1", "ha"));
  messages = retell(write(messages, "k2", "ha", at), [mine("m1", "ha")]);
  expect(messages.map(({ id }) => id)).toEqual(["m1", null]);
});

test("older messages come before the others, each once", () => {
  const messages = prepend([...receive([], theirs("m3", "c"))], [theirs("m2", "b"), theirs("m3", "c")]);
  expect(messages.map(({ id }) => id)).toEqual(["m2", "m3"]);
});
