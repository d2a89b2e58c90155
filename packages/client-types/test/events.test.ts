import type { Ack, Acknowledged, Description, ErrorCode } from "@switchyard/client-types";
import type * as calls from "@switchyard/client-types/calls";
import type * as chat from "@switchyard/client-types/chat";
import type * as match from "@switchyard/client-types/match";
import type * as random from "@switchyard/client-types/random";
import type * as rooms from "@switchyard/client-types/rooms";
import { io, type Socket } from "socket.io-client";
import { describe, expectTypeOf, test } from "vitest";

/** Nobody is connected to: what is sent stays where it is. */
const options = { autoConnect: false };

describe("a typed socket of the stock client", () => {
  test("of a match", () => {
    const socket: Socket<match.ServerToClientEvents, match.ClientToServerEvents> = io("/match", options);
    socket.emit("register", { userId: "ada", matchId: "m" });
    socket.emit("register", { userId: "ada", matchId: "m" }, (answer) => {
      expectTypeOf(answer).toEqualTypeOf<Ack>();
      if (!answer.ok) expectTypeOf(answer.error.code).toEqualTypeOf<ErrorCode>();
    });
    socket.emit("end-call");
    socket.emit("end-call", { to: "bob" });
    // @ts-expect-error a match has an id
    socket.emit("register", { userId: "ada" });
    // @ts-expect-error there is no such event
    socket.emit("join-room", { roomId: "r", userName: "Ada" });
    socket.on("joined", ({ participants }) => expectTypeOf(participants).toEqualTypeOf<string[]>());
    socket.on("error", ({ type }) => expectTypeOf(type).toEqualTypeOf<ErrorCode>());
  });

  test("of a random chat", () => {
    const socket: Socket<random.ServerToClientEvents, random.ClientToServerEvents> = io("/random", options);
    socket.emit("join", { userId: "ada", type: "chat", preferences: { interests: ["chess"], language: undefined } });
    // @ts-expect-error nobody waits for that
    socket.emit("join", { userId: "ada", type: "smoke" });
    socket.emit("next");
    socket.emit("where", (answer) => {
      if (answer.ok) expectTypeOf(answer.partnerNode).toEqualTypeOf<string | null>();
    });
    socket.emit("send_message", { roomId: "r", message: "hi" }, (answer) => {
      if (answer.ok) expectTypeOf(answer.id).toEqualTypeOf<string>();
    });
    socket.on("partner_found", ({ type }) => expectTypeOf(type).toEqualTypeOf<"chat" | "video">());
    socket.on("partner_disconnected", () => {});
  });

  test("of calls", () => {
    const socket: Socket<calls.ServerToClientEvents, calls.ClientToServerEvents> = io("/calls", options);
    const ada = { id: "ada", username: "Ada", joinedAt: Date.now() };
    socket.emit("user-joined", ada);
    socket.emit("start-call", { id: "c", initiator: ada, participants: ["bob", ada], isVideo: true });
    socket.emit("leave-call", { callId: "c", userId: "ada" });
    socket.on("user-left", (userId) => expectTypeOf(userId).toEqualTypeOf<string>());
    socket.on("users-list", (users) => expectTypeOf(users).toEqualTypeOf<calls.CallUser[]>());
    socket.on("webrtc-offer", ({ offer }) => expectTypeOf(offer).toEqualTypeOf<Description>());
  });

  test("of a meeting", () => {
    const socket: Socket<rooms.ServerToClientEvents, rooms.ClientToServerEvents> = io("/rooms", options);
    socket.emit("join-room", { roomId: "r", userName: "Ada" });
    socket.emit("webrtc-ice-candidate", { targetId: "x", candidate: null });
    // @ts-expect-error it is said whether, not only that
    socket.emit("toggle-audio", { roomId: "r" });
    socket.emit("toggle-audio", { isAudioEnabled: false });
    // @ts-expect-error somebody is meant
    socket.emit("webrtc-offer", { offer: { type: "offer" } });
    socket.emit("webrtc-offer", { targetSocketId: "x", offer: { type: "offer" } });
    socket.emit("leave-room");
    socket.emit("leave-room", (answer) => expectTypeOf(answer).toEqualTypeOf<Ack>());
    socket.on("joined-room", ({ participants, messages }) => {
      expectTypeOf(participants).toEqualTypeOf<rooms.Participant[]>();
      expectTypeOf(messages).toEqualTypeOf<rooms.RoomMessage[]>();
    });
  });

  test("of the chatroom", () => {
    const socket: Socket<chat.ServerToClientEvents, chat.ClientToServerEvents> = io("/chat", options);
    socket.emit("send_message", { text: "hi" });
    socket.emit("load_messages", { before: "1-0", limit: 50 }, (answer) => {
      if (answer.ok) expectTypeOf(answer.messages).toEqualTypeOf<chat.ChatLine[]>();
    });
    socket.on("online_users", (names, { total }) => {
      expectTypeOf(names).toEqualTypeOf<string[]>();
      expectTypeOf(total).toEqualTypeOf<number>();
    });
  });
});

test("emitWithAck knows the answer where the callback is not optional", () => {
  type Asking = Socket<random.ServerToClientEvents, Acknowledged<random.ClientToServerEvents>>;
  const ask = (socket: Asking) => socket.emitWithAck("send_message", { roomId: "r", message: "hi" });
  const next = (socket: Asking) => socket.emitWithAck("next");
  expectTypeOf(ask).returns.resolves.toEqualTypeOf<Ack<random.SendMessageAnswer>>();
  expectTypeOf(next).returns.resolves.toEqualTypeOf<Ack>();
});

test("the events of all dialects come by name from the package itself", () => {
  type FromIndex = import("@switchyard/client-types").chat.ServerToClientEvents;
  expectTypeOf<FromIndex>().toEqualTypeOf<chat.ServerToClientEvents>();
});
