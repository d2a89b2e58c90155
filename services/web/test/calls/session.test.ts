import { afterEach, beforeEach, expect, test } from "vitest";
import { CallsSession } from "../../src/dialects/calls/session.ts";
import { me, others } from "../../src/dialects/calls/state.ts";
import { reconnect } from "../connect.ts";
import { eventually } from "../eventually.ts";
import { description, offer, type RecordedCalls, recordCalls } from "../recorded-calls.ts";
import { type ScriptedServer, startScriptedServer } from "../scripted-server.ts";

const user = (id: string) => ({ id, username: id.toUpperCase() });

let server: ScriptedServer;
let session: CallsSession;
let calls: RecordedCalls;

afterEach(async () => {
  session.close();
  await server.close();
});

async function open(graceMs?: number): Promise<void> {
  server = await startScriptedServer("calls", graceMs);
  calls = recordCalls();
  server.answers.set("user-joined", (self, socket) => {
    socket.emit("users-list", [self, user("a"), user("b")]);
    return { ok: true };
  });
  server.answers.set("start-call", ({ id }, socket) => {
    socket.emit("call-started", { callId: id });
    return { ok: true };
  });
  server.answers.set("join-call", ({ callId }, socket) => {
    socket.emit("call-participants", { callId, participants: [user("a"), user("b"), myself()] });
    return { ok: true };
  });
  session = new CallsSession({ url: server.url, userId: "me", openMesh: calls.openMesh });
  session.open();
  session.comeOnline("Me");
  await eventually(() => expect(state().phase.name).toBe("online"));
}

beforeEach(() => open());

const state = () => session.store.get();
const myself = () => me(state()) ?? user("nobody");
const told = (name: string) => server.log.filter(({ event }) => event === name).map(({ payload }) => payload);
const tell = (name: string, content: unknown) => server.socket().emit(name, content);
const names = () => others(state()).map(({ username }) => username);

test("who is online is kept by who comes and goes", async () => {
  await eventually(() => expect(names()).toEqual(["A", "B"]));
  tell("user-joined", user("c"));
  tell("user-joined", { ...user("a"), username: "Anew" });
  tell("user-left", "b");
  await eventually(() => expect(names()).toEqual(["C", "Anew"]));
});

test("whoever starts a call is in it, and waits for the offers of those who come", async () => {
  await session.startCall(["a", "b"], true);
  const [started] = told("start-call");
  expect(started).toMatchObject({ participants: ["a", "b"], isVideo: true, initiator: { id: "me" } });
  await eventually(() => expect(state().call?.stage).toBe("in"));
  const callId = state().call?.id;
  tell("user-joined-call", { callId, user: user("a"), participants: [myself(), user("a")] });
  tell("webrtc-offer", { callId, fromUserId: "a", offer: description("offer", "1") });
  await eventually(() => expect(calls.opened).toHaveLength(1));
  expect(calls.latest()).toMatchObject({ options: { initiator: false, kinds: undefined } });
  expect(calls.latest().received).toEqual([offer("1")]);
  tell("user-left-call", { callId, userId: "a", participants: [myself()] });
  await eventually(() => expect(calls.latest().closed).toBe(true));
  expect(state().call?.participants).toEqual([myself()]);
});

test("whoever joins offers to each who is there, and signals go to the right one", async () => {
  tell("incoming-call", { callId: "x", initiator: user("a"), isVideo: false });
  await eventually(() => expect(state().invitations).toEqual([{ callId: "x", from: "A", isVideo: false }]));
  await session.joinCall("x", false);
  expect(state().invitations).toEqual([]);
  await eventually(() => expect(calls.opened.map(({ options }) => options.initiator)).toEqual([true, true]));
  expect(calls.latest().options.kinds).toEqual(["audio"]);
  void calls.latest().sends(offer("1"));
  const signal = { callId: "x", targetUserId: "b", offer: description("offer", "1") };
  await eventually(() => expect(told("webrtc-offer")).toEqual([signal]));
  session.leaveCall();
  await eventually(() => expect(told("leave-call")).toEqual([{ callId: "x", userId: "me" }]));
  expect(calls.opened.every(({ closed }) => closed)).toBe(true);
});

test("what is said in another call than the person's is not heard", async () => {
  await session.joinCall("x", true);
  await eventually(() => expect(calls.opened).toHaveLength(2));
  tell("user-left-call", { callId: "y", userId: "a", participants: [] });
  tell("webrtc-offer", { callId: "y", fromUserId: "c", offer: description("offer", "1") });
  tell("user-joined", user("c"));
  await eventually(() => expect(names()).toContain("C"));
  expect(calls.opened.map(({ closed }) => closed)).toEqual([false, false]);
});

test("a call that is over can't be joined", async () => {
  const error = { code: "call_not_found", message: "…", retryable: false };
  server.answers.set("join-call", () => ({ ok: false, error }));
  await session.joinCall("x", true);
  expect(state()).toMatchObject({ call: null, notice: "This call is over." });
});

test("a recovered connection keeps everything; nothing is said again", async () => {
  await session.joinCall("x", true);
  await eventually(() => expect(calls.opened).toHaveLength(2));
  expect(await reconnect(server, () => state().link)).toMatchObject({ recovered: true });
  tell("user-joined", user("c"));
  await eventually(() => expect(names()).toContain("C"));
  expect([told("user-joined").length, told("join-call").length]).toEqual([1, 1]);
  expect(calls.opened.map(({ closed }) => closed)).toEqual([false, false]);
});

test("one that is not recovered comes online and joins again, with new connections", async () => {
  await reopen();
  await session.joinCall("x", true);
  await eventually(() => expect(calls.opened).toHaveLength(2));
  expect(await reconnect(server, () => state().link)).toMatchObject({ recovered: false });
  await eventually(() => expect(calls.opened).toHaveLength(4));
  expect(calls.opened.map(({ closed }) => closed)).toEqual([true, true, false, false]);
  expect(new Set(told("user-joined").map((content) => JSON.stringify(content))).size).toBe(1);
  expect(server.log.map(({ event }) => event)).toEqual(["user-joined", "join-call", "user-joined", "join-call"]);
});

test("whoever was the last in a call goes on in it alone, without inviting anyone again", async () => {
  await reopen();
  await session.startCall(["a"], true);
  await eventually(() => expect(state().call?.stage).toBe("in"));
  const error = { code: "call_not_found", message: "…", retryable: false };
  server.answers.set("join-call", () => ({ ok: false, error }));
  await reconnect(server, () => state().link);
  await eventually(() => expect(told("start-call")).toHaveLength(2));
  expect(told("start-call")[1]).toMatchObject({ id: state().call?.id, participants: [] });
  await eventually(() => expect(state().call?.stage).toBe("in"));
});

test("whoever is replaced lets go of the call, and can take the place back", async () => {
  await session.joinCall("x", true);
  tell("error", { type: "replaced", message: "…" });
  await eventually(() => expect(state()).toMatchObject({ phase: { name: "replaced" }, call: null }));
  session.takeOver();
  await eventually(() => expect(state().phase.name).toBe("online"));
});

async function reopen(): Promise<void> {
  session.close();
  await server.close();
  await open(1);
}
