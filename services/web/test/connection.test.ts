import { connect } from "@switchyard/client";
import { random } from "@switchyard/client/random";
import { afterEach, beforeEach, expect, test } from "vitest";
import { PageConnection } from "../src/shared/connection/connection.ts";
import type { LinkEvent } from "../src/shared/connection/link.ts";
import { eventually } from "./eventually.ts";
import { type ScriptedServer, startScriptedServer } from "./scripted-server.ts";

let server: ScriptedServer;
let connection: ReturnType<typeof open>;
let reports: LinkEvent["type"][];

const open = () =>
  new PageConnection({
    connect: () => connect(server.url, { dialect: random, userId: "me" }),
    report: ({ type }) => reports.push(type),
  });

beforeEach(async () => {
  server = await startScriptedServer();
  reports = [];
  connection = open();
});

afterEach(async () => {
  connection.close();
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
  expect(reports).toEqual(["dropped"]);
});

test("closed and opened again before the server has answered, it begins anew", async () => {
  const reasons = endings();
  connection.open();
  connection.close();
  connection.open();
  await eventually(() => expect(reports).toEqual(["dropped", "connected"]));
  await eventually(() => expect(reasons).toEqual(["client namespace disconnect"]));
});

test("closed while it is away, it comes back to say goodbye", async () => {
  const reasons = endings();
  connection.open();
  await eventually(() => expect(reports).toEqual(["connected"]));
  connection.cut();
  connection.close();
  await eventually(() => expect(reasons).toEqual(["transport close", "client namespace disconnect"]));
});

test("what is said right before it is closed arrives before the goodbye; what is said after it is not wanted", async () => {
  const reasons = endings();
  connection.open();
  await eventually(() => expect(reports).toEqual(["connected"]));
  void connection.deliver("leave_queue", [{}]);
  connection.close();
  expect(await connection.deliver("leave_queue", [{}])).toBeNull();
  await eventually(() => expect(reasons).toEqual(["client namespace disconnect"]));
  expect(server.log.map(({ event }) => event)).toEqual(["leave_queue"]);
});

test("what it is asked for is refused in the server's words; what is heard is heard also after it was opened again", async () => {
  const counts: number[] = [];
  connection.on("user_count_update", ({ count }) => counts.push(count));
  server.answers.set("where", () => ({ ok: false, error: { code: "not_joined", message: "…" } }));
  for (const count of [1, 2]) {
    connection.open();
    expect(await connection.ask("where", {})).toMatchObject({ ok: false, error: { code: "not_joined" } });
    server.socket().emit("user_count_update", { count });
    await eventually(() => expect(counts).toHaveLength(count));
    connection.close();
  }
  expect(counts).toEqual([1, 2]);
});
