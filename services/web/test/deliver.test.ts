import { io, type Socket } from "socket.io-client";
import { afterEach, beforeEach, expect, test } from "vitest";
import { deliver } from "../src/shared/connection/deliver.ts";
import { eventually } from "./eventually.ts";
import { type ScriptedServer, startScriptedServer } from "./scripted-server.ts";

let server: ScriptedServer;
let socket: Socket;

beforeEach(async () => {
  server = await startScriptedServer();
  socket = io(`${server.url}/random`, { transports: ["websocket"], reconnectionDelay: 50 });
  const greeted = new Promise((resolve) => socket.once("user_count_update", resolve));
  await eventually(() => expect(socket.connected).toBe(true));
  server.socket().emit("user_count_update", { count: 1 }); // only who has received something can be recovered
  await greeted;
});

afterEach(async () => {
  socket.disconnect();
  await server.close();
});

const emit = (number: number) =>
  deliver(
    () => socket.emitWithAck("ice_candidate", { number }),
    () => true,
  );
const received = () => server.log.map(({ payload }) => payload["number"]);

test("emits made before, during and after a broken connection all arrive, in the order they were made", async () => {
  const before = Array.from({ length: 20 }, (_, index) => emit(index));
  await Promise.all(before);
  server.lost.add("ice_candidate");
  const lost = Array.from({ length: 20 }, (_, index) => emit(20 + index));
  const dropped = new Promise((resolve) => socket.once("disconnect", () => setImmediate(resolve)));
  server.cut();
  await dropped;
  server.lost.clear();
  const during = Array.from({ length: 20 }, (_, index) => emit(40 + index));
  await eventually(() => expect(socket.recovered).toBe(true));
  const after = Array.from({ length: 20 }, (_, index) => emit(60 + index));
  const replies = await Promise.all([...lost, ...during, ...after]);
  expect(replies.every((reply) => reply?.ok)).toBe(true);
  expect(received()).toEqual(Array.from({ length: 80 }, (_, index) => index));
});

test("tries again what is refused for now, and no more than that", async () => {
  const busy = { ok: false, error: { retryable: true, retryAfterMs: 10 } };
  server.answers.set("ice_candidate", () => (received().length < 3 ? busy : { ok: true }));
  expect(await emit(1)).toEqual({ ok: true });
  const refused = { ok: false, error: { retryable: false } };
  server.answers.set("ice_candidate", () => refused);
  expect(await emit(2)).toEqual(refused);
  expect(received()).toEqual([1, 1, 1, 2]);
});

test("gives up what is no longer wanted", async () => {
  const busy = { ok: false, error: { retryable: true, retryAfterMs: 10 } };
  server.answers.set("ice_candidate", () => busy);
  const reply = await deliver(
    () => socket.emitWithAck("ice_candidate", { number: 1 }),
    () => received().length < 2,
  );
  expect(reply).toBeNull();
});
