import type { ErrorCode } from "@switchyard/client-types";
import { expectTypeOf, test } from "vitest";
import { calls } from "../src/dialects/calls.ts";
import { chat } from "../src/dialects/chat.ts";
import { match } from "../src/dialects/match.ts";
import { random } from "../src/dialects/random.ts";
import { rooms } from "../src/dialects/rooms.ts";
import { type CommandErrorCode, connect } from "../src/index.ts";

/** Functions that are compiled and never called. */
test("what must not compile does not", () => {
  const wrong = [
    // @ts-expect-error a match has an id
    () => connect("", { dialect: match, userId: "ada" }),
    // @ts-expect-error there is no such queue
    () => connect("", { dialect: random, userId: "ada", type: "smoke" }),
    // @ts-expect-error others see a name
    () => connect("", { dialect: calls, userId: "ada" }),
    // @ts-expect-error a meeting has an id
    () => connect("", { dialect: rooms, userName: "Ada" }),
    // @ts-expect-error a token opens it
    () => connect("", { dialect: chat }),
  ];
  expectTypeOf(wrong).not.toBeAny();
});

test("commands and events have the types of their dialect", () => {
  const inMatch = () => connect("", { dialect: match, userId: "ada", matchId: "m" });
  const inRandom = () => connect("", { dialect: random, userId: "ada", type: "chat", preferences: { language: "en" } });
  const inChat = () => connect("", { dialect: chat, token: async () => "token" });
  const used = [
    () => inMatch().send("initiate-call", { to: "bob" }),
    () => inMatch().send("end-call"),
    () => inMatch().send("end-call", { to: "bob" }),
    () => inMatch().deliver("ice-candidate", [{ to: "bob", candidate: null }]),
    // @ts-expect-error somebody is called
    () => inMatch().send("initiate-call"),
    // @ts-expect-error there is no such command
    () => inMatch().send("join-room", { roomId: "r" }),
    // @ts-expect-error the callback is the client's own
    () => inMatch().send("initiate-call", { to: "bob" }, () => {}),
    // @ts-expect-error there is no such event
    () => inMatch().on("joined-room", () => {}),
    // @ts-expect-error it has no such field
    () => inMatch().on("incoming-call", ({ to }) => to),
    () => inMatch().on("joined", ({ participants }) => expectTypeOf(participants).toEqualTypeOf<string[]>()),
    () => inMatch().on("error", ({ type }) => expectTypeOf(type).toEqualTypeOf<ErrorCode>()),
    () => inChat().on("online_users", (_names, { total }) => expectTypeOf(total).toEqualTypeOf<number>()),
  ];
  expectTypeOf(used).not.toBeAny();
  const said = () => inRandom().send("send_message", { message: "hi" });
  expectTypeOf<Awaited<ReturnType<typeof said>>["timestamp"]>().toEqualTypeOf<string>();
  const older = () => inChat().send("load_messages", { limit: 10 });
  expectTypeOf<Awaited<ReturnType<typeof older>>["hasMore"]>().toEqualTypeOf<boolean>();
  expectTypeOf<ErrorCode>().toExtend<CommandErrorCode>();
});
