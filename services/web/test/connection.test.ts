import { afterEach, beforeEach, expect, test } from "vitest";
import { type Connection, connectionOf } from "../src/shared/connection/connection.ts";
import type { LinkEvent } from "../src/shared/connection/link.ts";
import { socketTo } from "./connect.ts";
import { eventually } from "./eventually.ts";
import { type ScriptedServer, startScriptedServer } from "./scripted-server.ts";

let server: ScriptedServer;
let socket: ReturnType<typeof socketTo>;
let connection: Connection;
let reports: LinkEvent["type"][];

beforeEach(async () => {
  server = await startScriptedServer();
  socket = socketTo(server, "random");
  reports = [];
  connection = connectionOf(socket, ({ type }) => reports.push(type));
});

afterEach(async () => {
  socket.disconnect();
  await server.close();
});

/** How each connection to the server ended, in order. */
function endings(): string[] {
  const reasons: string[] = [];
  server.onConnection((one) => one.on("disconnect", (reason) => reasons.push(reason)));
  return reasons;
}

test("closed before the server has answered, it says goodbye as soon as it has", async () => {
  const reasons = endings();
  connection.open();
  connection.close();
  await eventually(() => expect(reasons).toEqual(["client namespace disconnect"]));
  expect([socket.active, reports]).toEqual([false, ["dropped"]]);
});

test("closed and opened again before the server has answered, it begins anew", async () => {
  const reasons = endings();
  connection.open();
  connection.close();
  connection.open();
  await eventually(() => expect(reports).toEqual(["dropped", "connected"]));
  expect([reasons, socket.connected]).toEqual([["client namespace disconnect"], true]);
});

test("closed while it is away, it comes back to say goodbye", async () => {
  const reasons = endings();
  connection.open();
  await eventually(() => expect(reports).toEqual(["connected"]));
  connection.cut();
  connection.close();
  await eventually(() => expect(reasons).toEqual(["transport close", "client namespace disconnect"]));
  expect(socket.active).toBe(false);
});

test("closed while nobody can be reached, it gives up", async () => {
  connection.open();
  await eventually(() => expect(reports).toEqual(["connected"]));
  await server.close();
  await eventually(() => expect(reports).toEqual(["connected", "dropped"]));
  connection.close();
  await eventually(() => expect(socket.active).toBe(false));
});
