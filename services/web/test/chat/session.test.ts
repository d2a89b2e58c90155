import { afterEach, beforeEach, expect, test } from "vitest";
import type { Login } from "../../src/dialects/chat/account.ts";
import { ChatSession } from "../../src/dialects/chat/session.ts";
import { reconnect } from "../connect.ts";
import { eventually } from "../eventually.ts";
import { answer, candidate, description, offer, type RecordedCalls, recordCalls } from "../recorded-calls.ts";
import { type ScriptedServer, startScriptedServer } from "../scripted-server.ts";

const at = "2030-01-01T10:00:00.000Z";
const account = { username: "me", token: "t" };
const message = (id: string, username: string, text = id) => ({ id, username, text, timestamp: at });

let server: ScriptedServer;
let session: ChatSession;
let calls: RecordedCalls;
let login: Login;

afterEach(async () => {
  session.close();
  await server.close();
});

async function open(graceMs?: number): Promise<void> {
  server = await startScriptedServer("chat", graceMs);
  calls = recordCalls();
  login = { account };
  server.onConnection((socket) => {
    socket.emit("message_history", [message("m5", "a"), message("m6", "me")]);
    socket.emit("online_users", ["me", "a"], { total: 2 });
  });
  session = new ChatSession({ url: server.url, account: null, logIn: async () => login, openCall: calls.openCall });
  session.open();
  await session.enter("login", { username: "me", password: "…" });
  await eventually(() => expect(state().online.total).toBe(2));
}

beforeEach(() => open());

const state = () => session.store.get();
const told = (name: string) => server.log.filter(({ event }) => event === name).map(({ payload }) => payload);
const hears = (name: string, more: object = {}) => server.socket().emit(name, { from: "a", ...more });
const lines = () => state().lines.map(({ author, text, delivery }) => [author, text, delivery]);

async function rings(): Promise<void> {
  hears("incoming_call", { offer: description("offer", "1") });
  hears("ice_candidate", { candidate: { candidate: "candidate:1", sdpMid: "0" } });
  await eventually(() => expect(state().call).toEqual({ name: "ringing", peer: "a" }));
}

test("connects with the token of whoever has logged in, and shows what was said", () => {
  expect(server.socket().handshake.auth).toEqual({ token: "t" });
  expect(lines()).toEqual([
    ["a", "m5", "sent"],
    [null, "m6", "sent"],
  ]);
});

test("a refused login is told in the server's words", async () => {
  session.logOut();
  login = { problem: "Wrong name or password." };
  await session.enter("login", { username: "me", password: "…" });
  expect(state().phase).toEqual({ name: "login", busy: false, problem: "Wrong name or password." });
});

test("a token that has expired leads back to the login", async () => {
  server.refuse({ code: "token_expired" });
  server.socket().disconnect(true);
  const expired = { name: "login", problem: "Your login has expired. Please log in again." };
  await eventually(() => expect(state().phase).toMatchObject(expired));
});

test("nothing is wrong with a login that was given up while the connection was away", async () => {
  session.close();
  await server.close();
  await open(1);
  server.refuse({ code: "unauthorized" });
  session.visit.cut();
  session.logOut();
  await eventually(() => expect(server.refusals()).toBeGreaterThan(0));
  expect(state().phase).toEqual({ name: "login", busy: false, problem: null });
});

test("earlier messages are loaded until there are no more", async () => {
  server.answers.set("load_messages", ({ before }) =>
    before === "m5"
      ? { ok: true, messages: [message("m4", "a")], hasMore: true }
      : { ok: true, messages: [], hasMore: false },
  );
  await session.loadEarlier();
  expect(lines().map(([, text]) => text)).toEqual(["m4", "m5", "m6"]);
  await session.loadEarlier();
  await session.loadEarlier();
  expect(state().earlier).toBe("none");
  expect(told("load_messages")).toHaveLength(2);
});

test("the offer of a call rings; its answer and what follows reach the caller", async () => {
  await session.calls.call("a");
  void calls.latest().sends(offer("1"));
  await eventually(() => expect(told("call_user")).toEqual([{ to: "a", offer: description("offer", "1") }]));
  expect([state().call.name, calls.latest().options.initiator]).toEqual(["calling", true]);
  hears("call_answered", { answer: description("answer", "2") });
  await eventually(() => expect(state().call.name).toBe("active"));
  expect(calls.opened.map(({ received }) => received)).toEqual([[answer("2")]]);
  session.calls.end();
  await eventually(() => expect(told("end_call")).toEqual([{ to: "a" }]));
  expect(calls.latest().closed).toBe(true);
});

test("whoever takes a call has also what came after the offer", async () => {
  await rings();
  await session.calls.accept();
  expect(state().call).toMatchObject({ name: "active", initiator: false });
  expect(calls.latest().received).toEqual([offer("1"), candidate]);
});

test("a call that is not taken is told so", async () => {
  await session.calls.call("a");
  hears("call_ended");
  await eventually(() => expect(state().notice).toBe("a did not take the call."));
});

test("a peer whose page is new calls anew; one whose page is the same goes on", async () => {
  await rings();
  await session.calls.accept();
  hears("incoming_call", { offer: description("offer", "1") });
  await eventually(() => expect(calls.latest().received).toHaveLength(3));
  expect(state().call.name).toBe("active");
  hears("incoming_call", { offer: description("offer", "2") });
  await eventually(() => expect(state().call).toEqual({ name: "ringing", peer: "a" }));
  expect(calls.latest().closed).toBe(true);
});

test("a call taken in another window rings here no more, and one from a third is only told", async () => {
  await rings();
  hears("incoming_call", { from: "b", offer: description("offer", "9") });
  await eventually(() => expect(state().notice).toBe("b has tried to call you."));
  hears("call_answered_elsewhere");
  await eventually(() => expect(state().call.name).toBe("none"));
});

test("somebody who is not online can't be called", async () => {
  const error = { code: "user_offline", message: "…", retryable: false };
  server.answers.set("call_user", () => ({ ok: false, error }));
  await session.calls.call("a");
  void calls.latest().sends(offer("1"));
  await eventually(() => expect(state().call.name).toBe("none"));
  expect(state().notice).toBe("That person is no longer there.");
});

test("when both call at once the same one of them takes the other's call", async () => {
  await session.calls.call("a"); // "me" > "a": it takes the other's call
  hears("incoming_call", { offer: description("offer", "1") });
  await eventually(() => expect(state().call).toMatchObject({ name: "active", initiator: false }));
  expect(calls.opened.map(({ closed }) => closed)).toEqual([true, false]);
  session.calls.end();
  await session.calls.call("z"); // "me" < "z": it stays the caller
  hears("incoming_call", { from: "z", offer: description("offer", "2") });
  hears("call_answered", { from: "z", answer: description("answer", "3") });
  await eventually(() => expect(state().call).toMatchObject({ name: "active", initiator: true }));
  expect(calls.latest().received).toEqual([offer("2"), answer("3")]); // of the two offers it keeps its own
});

test("a message whose answer was lost with the connection is not said twice", async () => {
  server.answers.set("send_message", ({ text }, socket) => {
    socket.conn.close(); // what follows is kept for the recovery
    socket.emit("new_message", message("m7", "me", String(text)));
    return undefined;
  });
  session.sendMessage("once");
  await eventually(() => expect(state().link).toMatchObject({ reconnects: 1, recovered: true }));
  await eventually(() => expect(lines()[2]).toEqual([null, "once", "sent"]));
  await eventually(() => expect(told("load_messages")).toEqual([{ limit: 1 }]));
  expect(told("send_message")).toHaveLength(1);
});

test("a connection that is not recovered ends the call", async () => {
  session.close();
  await server.close();
  await open(1);
  await session.calls.call("a");
  expect(await reconnect(server, () => state().link)).toMatchObject({ recovered: false });
  expect([state().call.name, calls.latest().closed]).toEqual(["none", true]);
  expect(state().notice).toMatch(/away for too long/);
});
