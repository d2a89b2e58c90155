import { keys } from "@switchyard/store";
import { pairClients, startCluster, type TestClient, type TestCluster, until } from "@switchyard/testkit";
import { afterEach, beforeAll, expect, test } from "vitest";
import type { WebSocket } from "ws";
import { patient } from "../patient.ts";

const OUTBOX_EVENTS = 32;
/** Where nobody listens. */
const NOWHERE = 1;
/** The most that a client may miss: far more than is kept of what it has confirmed, also where only whole nodes of a stream are removed. */
const MISSED = 8 * OUTBOX_EVENTS;
/** Fewer than that are left of a busy session's events once its client has confirmed them: a stream's node has up to 100. */
const LEFT = 2 * OUTBOX_EVENTS + 100;

let cluster: TestCluster;
beforeAll(async () => {
  const environment = { ...patient, MATCH_WIDEN_MS: 600_000, OUTBOX_EVENTS, PING_INTERVAL_MS: 1000 };
  cluster = await startCluster({ environment });
  return cluster.stop;
});
afterEach(() => cluster.empty());

async function pair(options: object = {}) {
  const proxy = await cluster.proxy(0);
  const [ann, bob] = await Promise.all([cluster.connect(proxy, options), cluster.connect(1)]);
  const roomId = await pairClients(ann, bob);
  let next = 0;
  const sent: number[] = [];
  /** Bob sends so many signals, which are acknowledged. */
  const send = async (count: number) => {
    for (const i of Array.from({ length: count }, () => next++)) {
      expect(await bob.request("ice_candidate", { roomId, candidate: { i } })).toEqual({ ok: true });
      sent.push(i);
    }
  };
  return { proxy, ann, id: String(ann.socket.id), send, sent };
}

const keptOf = (id: string) => cluster.redis.xlen(keys.outbox(id));
const stateOf = async (id: string) => (await cluster.store.sessions.read(id))?.state;
const epochOf = async (id: string) => (await cluster.store.sessions.read(id))?.epoch;

/** The WebSocket of a stock client in Node. */
const webSocketOf = ({ socket }: TestClient) =>
  (socket.io.engine.transport as unknown as { readonly ws: WebSocket }).ws;

async function expectAllReceived(ann: TestClient, id: string, sent: readonly number[]): Promise<void> {
  await ann.connected(2);
  expect([ann.socket.recovered, ann.socket.id]).toEqual([true, id]);
  await ann.caughtUp();
  expect(ann.unread()).toEqual(sent.map((i) => ["ice_candidate", { candidate: { i } }]));
}

test("a client whose connection is half open misses far more events than are kept of confirmed ones, and receives all", async () => {
  const { proxy, ann, id, send, sent } = await pair();
  proxy.routeTo(NOWHERE);
  proxy.abandon(); // its node goes on writing, and no ping is overdue
  await send(MISSED);
  expect([await stateOf(id), ann.unread()]).toEqual(["live", []]);
  proxy.routeTo(cluster.node(1).port);
  await expectAllReceived(ann, id, sent);
});

test("what comes after a resume takes nothing away of what was missed, until the client has confirmed it", async () => {
  const { ann, id, send, sent } = await pair();
  const { _pid: pid, _lastOffset: offset } = ann.socket as unknown as {
    readonly _pid: string;
    readonly _lastOffset: string;
  };
  ann.socket.io.reconnection(false);
  webSocketOf(ann).terminate();
  await until("the drop", async () => (await stateOf(id)) === "detached");
  await send(MISSED - 20);
  const deaf = await cluster.rawSocket(1);
  deaf.sendText(`40/random,${JSON.stringify({ pid, offset })}`);
  deaf.stopReading();
  await until("the resume", async () => (await epochOf(id)) === 2);
  await send(20);
  deaf.close();
  ann.socket.connect();
  await expectAllReceived(ann, id, sent);
});

test.each([
  ["a WebSocket", ["websocket"]],
  ["polling", ["polling"]],
])("a busy session, over %s, keeps not much more than it must once its client has confirmed", async (_, transports) => {
  const { ann, id, send, sent } = await pair({ transports });
  await send(MISSED);
  expect(await keptOf(id)).toBeGreaterThanOrEqual(OUTBOX_EVENTS);
  await until("confirmed events to be removed", async () => (await keptOf(id)) <= LEFT);
  expect(await keptOf(id)).toBeGreaterThanOrEqual(OUTBOX_EVENTS);
  await send(MISSED - 1); // none of these was there to be confirmed before
  ann.cut();
  await expectAllReceived(ann, id, sent);
});
