import { afterEach, beforeEach, expect, test } from "vitest";
import { MatchSession } from "../../src/dialects/match/session.ts";
import { currentCall, currentMatch } from "../../src/dialects/match/state.ts";
import { reconnect } from "../connect.ts";
import { eventually } from "../eventually.ts";
import { answer, description, offer, type RecordedCalls, recordCalls } from "../recorded-calls.ts";
import { type ScriptedServer, startScriptedServer } from "../scripted-server.ts";

const place = { matchId: "x", userId: "me" };

let server: ScriptedServer;
let session: MatchSession;
let calls: RecordedCalls;

afterEach(async () => {
  session.close();
  await server.close();
});

async function open(graceMs?: number): Promise<void> {
  server = await startScriptedServer("match", graceMs);
  calls = recordCalls();
  server.answers.set("register", ({ userId, matchId }, socket) => {
    const participants = [userId, "other"];
    socket.emit("joined", { matchId, userId, participants, participantCount: 2 });
    return { ok: true };
  });
  session = new MatchSession({ url: server.url, openCall: calls.openCall });
  session.open();
  session.enter(place);
  await eventually(() => expect(currentMatch(state())).toMatchObject({ seat: "taken", other: "other" }));
}

beforeEach(() => open());

const state = () => session.store.get();
const call = () => currentCall(state());
const told = (name: string) => server.log.filter(({ event }) => event === name).map(({ payload }) => payload);
const hears = (name: string, more: object = {}) => server.socket().emit(name, { from: "other", ...more });

async function inCall(): Promise<void> {
  await session.call();
  await eventually(() => expect(told("initiate-call")).toEqual([{ to: "other" }]));
  hears("call-accepted");
  await eventually(() => expect(call().name).toBe("active"));
}

test("the caller offers once the other one has accepted, and hangs up", async () => {
  await inCall();
  expect(calls.latest().options.initiator).toBe(true);
  void calls.latest().sends(offer("1"));
  await eventually(() => expect(told("offer")).toEqual([{ to: "other", offer: description("offer", "1") }]));
  hears("answer", { answer: description("answer", "2") });
  await eventually(() => expect(calls.latest().received).toEqual([answer("2")]));
  session.end();
  expect([call().name, calls.latest().closed]).toEqual(["none", true]);
  await eventually(() => expect(told("end-call")).toEqual([{ to: "other" }]));
});

test("whoever is called is ready before they say that they accept", async () => {
  hears("incoming-call");
  await eventually(() => expect(call().name).toBe("ringing"));
  server.answers.set("accept-call", () => {
    hears("offer", { offer: description("offer", "1") });
    return { ok: true };
  });
  await session.accept();
  expect(calls.latest().options.initiator).toBe(false);
  await eventually(() => expect(calls.latest().received).toEqual([offer("1")]));
});

test("a call is rejected with a reason, or in the server's words", async () => {
  hears("incoming-call");
  await eventually(() => expect(call().name).toBe("ringing"));
  session.reject("busy");
  hears("incoming-call");
  await eventually(() => expect(call().name).toBe("ringing"));
  session.reject("");
  await eventually(() => expect(told("reject-call")).toEqual([{ to: "other", reason: "busy" }, { to: "other" }]));
});

test("a rejection is told with its reason, and somebody who is not there can't be called", async () => {
  await session.call();
  hears("call-rejected", { reason: "busy" });
  await eventually(() => expect(state().notice).toMatch(/other.*busy/));
  const error = { code: "user_offline", message: "…", retryable: false };
  server.answers.set("initiate-call", () => ({ ok: false, error }));
  await session.call();
  expect(call().name).toBe("none");
  expect(state().notice).toBe("That person is no longer there.");
});

test("when both call at once the same one of them takes the other's call", async () => {
  await session.call();
  hears("incoming-call");
  await eventually(() => expect(told("initiate-call")).toHaveLength(1));
  expect(call().name).toBe("calling"); // "me" < "other": it stays the caller
  session.leave();
  session.enter({ ...place, userId: "the later one" });
  await eventually(() => expect(currentMatch(state())?.seat).toBe("taken"));
  server.answers.set("initiate-call", () => {
    hears("incoming-call");
    return { ok: true };
  });
  await session.call();
  await eventually(() => expect(call()).toMatchObject({ name: "active", initiator: false }));
  await eventually(() => expect(told("accept-call")).toHaveLength(1));
});

test("a page that comes anew ends the call with the former one", async () => {
  await inCall();
  hears("user-joined", { userId: "other", participantCount: 2 });
  await eventually(() => expect(calls.latest().closed).toBe(true));
  expect(currentMatch(state())).toMatchObject({ other: "other", call: { name: "none" } });
});

test("a recovered connection keeps match and call; nothing is registered again", async () => {
  await inCall();
  expect(await reconnect(server, () => state().link)).toMatchObject({ recovered: true });
  hears("offer", { offer: description("offer", "9") });
  await eventually(() => expect(calls.latest().received).toContainEqual(offer("9")));
  expect([call().name, calls.latest().closed, told("register").length]).toEqual(["active", false, 1]);
});

test("one that is not recovered registers again, without the call", async () => {
  session.close();
  await server.close();
  await open(1);
  await inCall();
  expect(await reconnect(server, () => state().link)).toMatchObject({ recovered: false });
  await eventually(() => expect(told("register")).toEqual([place, place]));
  expect([call().name, calls.latest().closed]).toEqual(["none", true]);
  expect(state().notice).toMatch(/away for too long/);
});

test("whoever is replaced lets go, and can take the place back", async () => {
  await inCall();
  server.socket().emit("error", { type: "replaced", message: "…" });
  await eventually(() => expect(state().phase.name).toBe("replaced"));
  expect(calls.latest().closed).toBe(true);
  session.takeOver();
  await eventually(() => expect(currentMatch(state())?.seat).toBe("taken"));
});

test("a full match is waited for, a wrong one is not", async () => {
  const refuse = (code: string) =>
    server.answers.set("register", () => ({
      ok: false,
      error: { code, message: "…", retryable: code === "match_full" },
    }));
  refuse("match_full");
  session.enter({ ...place, matchId: "y" });
  await eventually(() => expect(currentMatch(state())?.seat).toBe("full"));
  refuse("validation");
  session.enter({ ...place, matchId: "z" });
  await eventually(() => expect(state().phase.name).toBe("start"));
  expect(state().notice).toBe("The server did not accept that.");
});
