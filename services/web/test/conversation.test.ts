import { expect, test } from "vitest";
import { finish, prepend, receive, requeue, retell, settle, write } from "../src/shared/chat/conversation.ts";

const at = "2030-01-01T10:00:00.000Z";
const theirs = (id: string, text: string) => ({ id, text, timestamp: at, mine: false, author: "Ann" });
const mine = (id: string, text: string) => ({ id, text, timestamp: at, mine: true });

test("an own line is confirmed by its echo and stays where it was written", () => {
  let lines = write([], "k1", "hello", at);
  lines = settle(lines, "k1", "sending");
  lines = receive(lines, theirs("m1", "hi"));
  lines = receive(lines, mine("m2", "hello"));
  expect(lines.map(({ text, id, delivery }) => [text, id, delivery])).toEqual([
    ["hello", "m2", "sent"],
    ["hi", "m1", "sent"],
  ]);
});

test("equal own lines are confirmed one by one", () => {
  let lines = write(write([], "k1", "ha", at), "k2", "ha", at);
  lines = receive(lines, mine("m1", "ha"));
  expect(lines.map((line) => line.id)).toEqual(["m1", null]);
  lines = receive(lines, mine("m2", "ha"));
  expect(lines.map((line) => line.id)).toEqual(["m1", "m2"]);
});

test("a message that comes twice is shown once", () => {
  const lines = receive([], theirs("m1", "hi"));
  expect(receive(lines, theirs("m1", "hi"))).toBe(lines);
});

test("an own message from elsewhere is shown as own", () => {
  expect(receive([], mine("m1", "hi"))).toMatchObject([{ id: "m1", mine: true, delivery: "sent" }]);
});

test("after a drop only what is unanswered is queued again", () => {
  let lines = write(write(write([], "k1", "a", at), "k2", "b", at), "k3", "c", at);
  lines = settle(settle(settle(lines, "k1", "sent"), "k2", "sending"), "k3", "failed");
  expect(requeue(lines).map((line) => line.delivery)).toEqual(["sent", "queued", "failed"]);
  expect(finish(lines).map((line) => line.delivery)).toEqual(["sent", "failed", "failed"]);
});

test("an answer that comes after the echo changes nothing", () => {
  const lines = receive(write([], "k1", "a", at), mine("m1", "a"));
  expect(settle(lines, "k1", "failed")).toEqual(lines);
});

test("what others say has their name on it, what the person says has none", () => {
  const lines = receive(receive([], theirs("m1", "hi")), mine("m2", "hello"));
  expect(lines.map(({ author }) => author)).toEqual(["Ann", null]);
});

test("a conversation told anew is as the server has it, and after it what the server does not know", () => {
  let lines = receive([], theirs("m1", "hi"));
  lines = write(write(lines, "k1", "went through", at), "k2", "did not", at);
  lines = retell(lines, [theirs("m1", "hi"), mine("m2", "went through"), theirs("m3", "and then")]);
  expect(lines.map(({ id, text }) => [id, text])).toEqual([
    ["m1", "hi"],
    ["m2", "went through"],
    ["m3", "and then"],
    [null, "did not"],
  ]);
});

test("an own message that was known before does not confirm an equal one that is unsent", () => {
  let lines = receive(write([], "k1", "ha", at), mine("m1", "ha"));
  lines = retell(write(lines, "k2", "ha", at), [mine("m1", "ha")]);
  expect(lines.map(({ id }) => id)).toEqual(["m1", null]);
});

test("older messages come before the others, each once", () => {
  const lines = prepend([...receive([], theirs("m3", "c"))], [theirs("m2", "b"), theirs("m3", "c")]);
  expect(lines.map(({ id }) => id)).toEqual(["m2", "m3"]);
});
