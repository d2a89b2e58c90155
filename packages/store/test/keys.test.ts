import type { RoomId, UserId } from "@switchyard/protocol";
import { expect, test } from "vitest";
import { keys } from "../src/keys.ts";

/** Names that clients choose, and that would like to be something else. */
const names = [
  "a",
  "}",
  "{",
  "a}:met",
  "a}{b",
  "a:b",
  "a%3Ab",
  "a:b:met",
  ":",
  "%",
  "%7D",
  "\n",
  " ",
  "é",
  "💥",
  "..",
  "a b",
];

/** Every kind of key that has such a name in it, and the name as it is in the key. */
const made = names.flatMap((name) => {
  const user = name as UserId;
  const room = `rooms:${name}` as RoomId;
  return [
    keys.user("random", user),
    keys.userMet("random", user),
    keys.userBlocked("random", user),
    keys.limitOfUser("free", "random", user),
    keys.limitOf("free", name),
    keys.limitOf("login-tries", name),
    keys.addressConnections(name),
    keys.account(name),
    ...[keys.roomMeta, keys.roomPeers, keys.roomUsers, keys.roomGone, keys.roomChat].map((make) => make(room)),
  ];
});

test("no name that a client chooses breaks out of its key's hash tag", () => {
  expect(made.filter((key) => !/^sy:\{[a-z]+:[^{}\s]+\}(:[a-z]+)?$/.test(key))).toEqual([]);
});

test("no two names, and no two kinds, have one key; a pair's room is none that a client can name", () => {
  expect(made.filter((key, at) => made.indexOf(key) !== at)).toEqual([]);
  const pair = keys.roomMeta("5f0c6f0e-0000-4000-8000-000000000000" as RoomId);
  expect(pair).not.toContain("rooms:");
  expect(made).not.toContain(pair);
});
