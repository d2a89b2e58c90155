import type { EventEmitter } from "node:events";
import { type RawSocket, startCluster, type TestCluster, until } from "@switchyard/testkit";
import { Server } from "socket.io";
import { beforeAll, expect, test, vi } from "vitest";
import { patient } from "../patient.ts";

type Transport = EventEmitter & { readonly transport: EventEmitter };

/** Each connection of Engine.IO that the node in this process has taken. */
const taken: Transport[] = [];
let cluster: TestCluster;

beforeAll(async () => {
  const prototype = Server.prototype as unknown as { onconnection(connection: Transport): unknown };
  const { onconnection } = prototype;
  const spy = vi.spyOn(prototype, "onconnection").mockImplementation(function (this: unknown, connection) {
    taken.push(connection);
    return onconnection.call(this, connection);
  });
  cluster = await startCluster({ nodes: 1, environment: patient });
  return async () => {
    spy.mockRestore();
    await cluster.stop();
  };
});

/** How many listeners a connection has, by the event. */
const listenersOf = (connection: Transport) =>
  [connection, connection.transport].map((emitter) =>
    Object.fromEntries(emitter.eventNames().map((name) => [String(name), emitter.listenerCount(name)])),
  );

const answered = (raw: RawSocket, start: string, times = 1) =>
  until(`${times} of ${start}`, () => raw.received.filter((text) => text.startsWith(start)).length >= times);

/** A transport with a session in `calls`, which stays while others come and go. */
async function open(): Promise<{ raw: RawSocket; connection: Transport; roundTrip: () => Promise<void> }> {
  const raw = await cluster.rawSocket(0);
  raw.sendText("40/calls,");
  await answered(raw, "40/calls,");
  const connection = taken.at(-1);
  if (!connection) throw new Error("no connection was taken");
  let asked = 0;
  const roundTrip = async () => {
    asked += 1;
    raw.sendText(`42/calls,${asked}["x"]`);
    await answered(raw, `43/calls,${asked}[`);
  };
  return { raw, connection, roundTrip };
}

test("a session that has left leaves nothing on its transport, however many there were", async () => {
  const { raw, connection, roundTrip } = await open();
  const alone = listenersOf(connection);
  for (let times = 1; times <= 40; times += 1) {
    raw.sendText('40/random,{"pid":"invented","offset":"1"}');
    await answered(raw, "40/random,", times);
    expect(listenersOf(connection)).not.toEqual(alone);
    raw.sendText("41/random,");
    await roundTrip(); // Socket.IO closes a transport whose client does not wait
    expect(listenersOf(connection)).toEqual(alone);
  }
  raw.sendText("40/random,");
  await answered(raw, "40/random,", 41);
  raw.sendText('42/random,1["x"]');
  await answered(raw, "43/random,1[");
});

test("a session that left with data on its way does not close the transport of the others", async () => {
  const { raw, connection, roundTrip } = await open();
  const before = listenersOf(connection);
  raw.sendText("40/random,");
  await answered(raw, "40/random,");
  for (let i = 1; i <= 50; i += 1) raw.sendText(`42/random,${i}["x"]`);
  raw.sendText("41/random,");
  await roundTrip();
  expect(listenersOf(connection)).toEqual(before);
  expect(raw.isClosed).toBe(false);
});
