import { afterEach, beforeEach, expect, test } from "vitest";
import { RandomSession } from "../../src/dialects/random/session.ts";
import { type Choice, currentRoom } from "../../src/dialects/random/state.ts";
import { eventually } from "../eventually.ts";
import { type ScriptedServer, startScriptedServer } from "../scripted-server.ts";

const text: Choice = { type: "chat", preferences: { interests: ["trains"] } };
const partner = { roomId: "r1", partnerId: "p", type: "chat", initiator: true, sharedInterests: [] };

let server: ScriptedServer;
let session: RandomSession;

beforeEach(async () => {
  server = await startScriptedServer();
  session = openSession(server);
});

afterEach(async () => {
  session.close();
  await server.close();
});

function openSession({ url }: ScriptedServer): RandomSession {
  const opened = new RandomSession({ url, userId: "me" });
  opened.open();
  return opened;
}

const state = () => session.store.get();
const events = (name: string) => server.log.filter(({ event }) => event === name).map(({ payload }) => payload);
const lines = () => currentRoom(state())?.lines.map(({ text: said, delivery }) => [said, delivery]);
const reconnected = (times: number) => eventually(() => expect(state().link.reconnects).toBe(times));

/** Breaks the connection; resolves at the very moment the page has noticed. */
function cut(): Promise<void> {
  server.cut();
  return new Promise((resolve) => {
    const stop = session.store.subscribe(() => {
      if (state().link.state !== "reconnecting") return;
      stop();
      resolve();
    });
  });
}

async function enterRoom(): Promise<void> {
  await session.choose(text);
  await eventually(() => expect(state().joined).toBe(true));
  server.socket().emit("partner_found", partner);
  await eventually(() => expect(currentRoom(state())?.id).toBe("r1"));
}

/** As the server does: the message comes back to its sender as well. */
function echoMessages(): void {
  let said = 0;
  server.answers.set("send_message", ({ message }, socket) => {
    said += 1;
    const about = { id: `m${said}`, sender: "me", timestamp: new Date().toISOString(), type: "message" };
    socket.emit("new_message", { ...about, text: message });
    return { ok: true };
  });
}

test("joins on every connect, recovered or not, with the same content", async () => {
  await enterRoom();
  server.cut();
  await reconnected(1);
  await eventually(() => expect(events("join")).toHaveLength(2));
  expect(state().link).toMatchObject({ recovered: true, sameSocketId: true });
  expect(new Set(events("join").map((payload) => JSON.stringify(payload)))).toEqual(
    new Set([JSON.stringify({ userId: "me", ...text })]),
  );
  expect(currentRoom(state())?.id).toBe("r1");
});

test("does not join where the person has left or was replaced, until they want to", async () => {
  await enterRoom();
  server.socket().emit("error", { type: "replaced", message: "…" });
  await eventually(() => expect(state().phase.name).toBe("replaced"));
  server.cut();
  await reconnected(1);
  await eventually(() => expect(events("where").length).toBeGreaterThan(2));
  expect(events("join")).toHaveLength(1);
  await session.takeOver();
  expect(events("join")).toHaveLength(2);
  session.leave();
  await eventually(() => expect(events("leave_queue")).toHaveLength(1));
});

test("what was emitted while the connection was away arrives after it is back, all of it and in order", async () => {
  await enterRoom();
  const numbers = Array.from({ length: 100 }, (_, index) => index);
  await cut();
  for (const number of numbers) session.sendMessage(String(number));
  await reconnected(1);
  await eventually(() => expect(events("send_message")).toHaveLength(numbers.length));
  expect(events("send_message").map(({ message }) => Number(message))).toEqual(numbers);
});

test("a message whose answer was lost with the connection is not said twice", async () => {
  await enterRoom();
  echoMessages();
  const echo = server.answers.get("send_message");
  server.answers.set("send_message", (payload, socket) => {
    socket.conn.close(); // what follows is kept for the recovery
    echo?.(payload, socket);
    return undefined;
  });
  session.sendMessage("once");
  await reconnected(1);
  await eventually(() => expect(lines()).toEqual([["once", "sent"]]));
  expect(events("send_message")).toHaveLength(1);
});

test("a message that was lost with the connection is said again, before what was written meanwhile", async () => {
  await enterRoom();
  echoMessages();
  server.lost.add("send_message");
  session.sendMessage("first");
  await cut();
  server.lost.clear();
  session.sendMessage("second");
  await reconnected(1);
  const both = [
    ["first", "sent"],
    ["second", "sent"],
  ];
  await eventually(() => expect(lines()).toEqual(both));
  expect(events("send_message").map(({ message }) => message)).toEqual(["first", "second"]);
});

test("a refused message is marked, with the reason", async () => {
  await enterRoom();
  const error = { code: "rate_limited", message: "…", retryable: true, retryAfterMs: 3000 };
  server.answers.set("send_message", () => ({ ok: false, error }));
  session.sendMessage("too much");
  await eventually(() => expect(lines()).toEqual([["too much", "failed"]]));
  expect(state().notice).toMatch(/Try again in 3 s/);
});

test("a join that is refused for now is tried again; one that is refused for good leads back to the start", async () => {
  const busy = { code: "server_error", message: "…", retryable: true, retryAfterMs: 20 };
  server.answers.set("join", () => (events("join").length < 3 ? { ok: false, error: busy } : { ok: true }));
  await session.choose(text);
  await eventually(() => expect(state().joined).toBe(true));
  session.leave();
  const wrong = { code: "validation", message: "…", retryable: false };
  server.answers.set("join", () => ({ ok: false, error: wrong }));
  await session.choose(text);
  expect(state()).toMatchObject({ phase: { name: "start" }, notice: "The server did not accept that." });
});

test("pressing Escape twice goes on to the next person; a partner found after leaving is let go", async () => {
  await enterRoom();
  session.escape();
  expect(state()).toMatchObject({ phase: { name: "room" }, nextArmed: true });
  session.escape();
  expect(state().phase.name).toBe("waiting");
  await eventually(() => expect(events("next")).toHaveLength(1));
  session.escape();
  expect(state().phase.name).toBe("start");
  server.socket().emit("partner_found", { ...partner, roomId: "r2" });
  await eventually(() => expect(events("leave_room")).toEqual([{ roomId: "r2" }]));
});

test("a `next` that was lost with the connection is said again when the server still names the old room", async () => {
  await enterRoom();
  server.lost.add("next");
  session.next();
  await cut();
  server.lost.clear();
  server.answers.set("join", (_, socket) => {
    socket.emit("partner_found", partner);
    return { ok: true };
  });
  await eventually(() => expect(events("next")).toHaveLength(1));
  expect(state().phase.name).toBe("waiting");
});

test("a block is followed by leaving, and typing is told and untold", async () => {
  await enterRoom();
  session.keystroke();
  await session.partner.block();
  expect(state().phase).toMatchObject({ name: "ended", why: "blocked" });
  await eventually(() => expect(events("leave_room")).toHaveLength(1));
  expect(events("typing")).toEqual([{ roomId: "r1", isTyping: true }]);
});
