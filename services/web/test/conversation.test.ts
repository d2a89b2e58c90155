import { expect, test } from "vitest";
import { finish, receive, requeue, settle, write } from "../src/shared/chat/conversation.ts";

const at = "2030-01-01T10:00:00.000Z";
const message = (id: string, text: string) => ({ id, text, timestamp: at });

test("an own line is confirmed by its echo and stays where it was written", () => {
  let lines = write([], "k1", "hello", at);
  lines = settle(lines, "k1", "sending");
  lines = receive(lines, message("m1", "hi"), false);
  lines = receive(lines, message("m2", "hello"), true);
  expect(lines.map(({ text, id, delivery }) => [text, id, delivery])).toEqual([
    ["hello", "m2", "sent"],
    ["hi", "m1", "sent"],
  ]);
});

test("equal own lines are confirmed one by one", () => {
  let lines = write(write([], "k1", "ha", at), "k2", "ha", at);
  lines = receive(lines, message("m1", "ha"), true);
  expect(lines.map((line) => line.id)).toEqual(["m1", null]);
  lines = receive(lines, message("m2", "ha"), true);
  expect(lines.map((line) => line.id)).toEqual(["m1", "m2"]);
});

test("a message that comes twice is shown once", () => {
  const lines = receive([], message("m1", "hi"), false);
  expect(receive(lines, message("m1", "hi"), false)).toBe(lines);
});

test("an own message from elsewhere is shown as own", () => {
  expect(receive([], message("m1", "hi"), true)).toMatchObject([{ id: "m1", mine: true, delivery: "sent" }]);
});

test("after a drop only what is unanswered is queued again", () => {
  let lines = write(write(write([], "k1", "a", at), "k2", "b", at), "k3", "c", at);
  lines = settle(settle(settle(lines, "k1", "sent"), "k2", "sending"), "k3", "failed");
  expect(requeue(lines).map((line) => line.delivery)).toEqual(["sent", "queued", "failed"]);
  expect(finish(lines).map((line) => line.delivery)).toEqual(["sent", "failed", "failed"]);
});

test("an answer that comes after the echo changes nothing", () => {
  const lines = receive(write([], "k1", "a", at), message("m1", "a"), true);
  expect(settle(lines, "k1", "failed")).toEqual(lines);
});
