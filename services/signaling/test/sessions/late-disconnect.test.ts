import { Participant } from "@switchyard/core";
import { expect, test } from "vitest";
import type { Connection } from "../../src/sessions/connection.ts";
import { awaitLateDisconnect } from "../../src/sessions/disconnect.ts";

const CHECK_EVERY_MS = 5;

/** How many checks were made whether the session is held, until the overtaken connection was closed. */
async function checksUntilClosed(isConnected: () => Promise<boolean>): Promise<number> {
  let checks = 0;
  let closedAfter: number | undefined;
  const close = () => {
    closedAfter = checks;
  };
  const overtaken = { participant: new Participant("session", "random", 1), connection: { close } as Connection };
  const check = () => {
    checks += 1;
    return isConnected();
  };
  const waiting = awaitLateDisconnect(overtaken, { isConnected: check }, CHECK_EVERY_MS);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20 * CHECK_EVERY_MS);
  await waiting;
  return closedAfter ?? Number.NaN;
}

test("an overtaken connection is listened to as long as the session is held, also by a node that stood still", async () => {
  expect(await checksUntilClosed(async () => true)).toBe(10);
});

test("it is listened to while nobody knows, since Redis is away", async () => {
  expect(await checksUntilClosed(() => Promise.reject(new Error("Redis is away")))).toBe(10);
});

test("it is closed as soon as nobody holds the session", async () => {
  expect(await checksUntilClosed(async () => false)).toBe(1);
});
