import {
  expectNothingMore,
  pairClients,
  startCluster,
  type TestClient,
  type TestCluster,
  until,
} from "@switchyard/testkit";
import { afterEach, beforeAll, expect, test } from "vitest";
import { patient } from "../patient.ts";

const GRACE_MS = 600;
const OUTBOX_EVENTS = 20;
/** Where nobody listens. */
const NOWHERE = 1;

let cluster: TestCluster;
beforeAll(async () => {
  const environment = { ...patient, MATCH_WIDEN_MS: 600_000, OUTBOX_EVENTS };
  cluster = await startCluster({ environment });
  await cluster.start("signaling", { RECONNECT_GRACE_MS: GRACE_MS });
  return cluster.stop;
});
afterEach(() => cluster.empty());

const LATE = 2;
/** The credentials that a stock client shows to be recognized. */
interface Proof {
  readonly pid: string;
  readonly offset: string;
}

async function pair(node = 0) {
  const proxy = await cluster.proxy(node);
  const [ann, bob] = await Promise.all([cluster.connect(proxy), cluster.connect(1)]);
  return { proxy, ann, bob, roomId: await pairClients(ann, bob), id: String(ann.socket.id) };
}

function proofOf({ socket }: TestClient): Proof {
  const { _pid, _lastOffset } = socket as unknown as { _pid: string; _lastOffset: string };
  return { pid: _pid, offset: _lastOffset };
}

/** Connects with that in the CONNECT packet; resolves to the id that the node gave. */
async function show(proof: unknown, namespace = "/random"): Promise<string> {
  const raw = await cluster.rawSocket(1);
  const prefix = namespace === "/" ? "40" : `40${namespace},`;
  raw.sendText(prefix + JSON.stringify(proof));
  const answer = await until("an answer", () => raw.received.find((text) => text.startsWith(prefix)));
  raw.sendText(prefix.replace("40", "41"));
  return (JSON.parse(answer.slice(prefix.length)) as { sid: string }).sid;
}

test("who comes back late starts anew; the partner hears that it left, once, when the grace is over", async () => {
  const { proxy, ann, bob, roomId, id } = await pair(LATE);
  const reason = 'switchyard_sessions_ended_total\\{reason="grace".*\\}';
  const ended = async () => (await cluster.node(LATE).metric(reason)) || 0;
  const before = await ended();
  proxy.routeTo(NOWHERE);
  proxy.cut();
  expect(await bob.receive("partner_disconnected")).toEqual({});
  await until("its end to be counted as that of a grace", async () => (await ended()) === before + 1);
  proxy.routeTo(cluster.node(0).port);
  await ann.connected(2);
  expect(ann.socket.recovered).toBe(false);
  expect(ann.socket.id).not.toBe(id);
  expect((await ann.request("typing", { roomId, isTyping: true })).error?.code).toBe("not_joined");
  await until("its keys to be gone", async () => (await cluster.redis.keys(`sy:{session:${id}}*`)).length === 0);
  await expectNothingMore(ann, bob);
});

test("a client that starts anew, and still shows its former offset, misses nothing when it is cut off again", async () => {
  const proxy = await cluster.proxy(LATE); // where the session that it gives up is soon gone
  const ann = await cluster.connect(proxy);
  Object.assign(ann.socket, { _pid: "nobody", _lastOffset: "3" });
  proxy.routeTo(cluster.node(0).port);
  proxy.cut();
  await ann.connected(2);
  expect(ann.socket.recovered).toBe(false);
  proxy.routeTo(NOWHERE);
  proxy.cut();
  const id = String(ann.socket.id);
  for (let i = 0; i < 5; i += 1) await cluster.store.outboxes.send(id, JSON.stringify(["user_typing", { i }]));
  proxy.routeTo(cluster.node(1).port);
  await ann.connected(3);
  expect(ann.socket.recovered).toBe(true);
  for (let i = 0; i < 5; i += 1) expect(await ann.receive("user_typing")).toEqual({ i });
});

test("who doesn't come back is gone everywhere: presence, queue, node", async () => {
  const proxy = await cluster.proxy(LATE);
  const [ann, bob] = await Promise.all([cluster.connect(proxy), cluster.connect(1)]);
  const id = String(ann.socket.id);
  await ann.join();
  await ann.receive("waiting_for_partner");
  proxy.routeTo(NOWHERE);
  proxy.cut();
  await until("it to be gone", async () => (await cluster.store.presence.count("random")) === 1);
  await until("its keys to be gone", async () => (await cluster.redis.keys(`sy:{session:${id}}*`)).length === 0);
  await until("its node to forget it", async () => (await cluster.store.nodes.holds(cluster.node(LATE).id)) === 0);
  await bob.join();
  expect(await bob.receive("waiting_for_partner")).toMatchObject({ position: 1 });
  await expectNothingMore(bob);
});

test("after its own disconnect() a client starts anew, and its partner has heard so at once", async () => {
  const { ann, bob, id } = await pair();
  ann.socket.disconnect();
  await bob.receive("partner_disconnected");
  ann.socket.connect();
  await ann.connected(2);
  expect(ann.socket.recovered).toBe(false);
  expect(ann.socket.id).not.toBe(id);
  await expectNothingMore(ann, bob);
});

test("a goodbye that waits for its turn is a goodbye", async () => {
  const raw = await cluster.rawSocket(1);
  for (const namespace of ["", "/random,"]) raw.sendText(`40${namespace}`);
  const connected = await until("the connection", () => raw.received.find((text) => text.startsWith("40/random,")));
  const { sid, pid } = JSON.parse(connected.slice("40/random,".length));
  for (let i = 0; i < 300; i += 1) raw.sendText(`42/random,${i}["where",{}]`);
  raw.sendText("41/random,");
  raw.sendText('421["x"]'); // in the root namespace, where nothing waits
  await until("the goodbye to be read", () => raw.received.find((text) => text.startsWith("431[")));
  raw.sendText(`40/random,${JSON.stringify({ pid, offset: "0" })}`);
  const again = () => raw.received.filter((text) => text.startsWith("40/random,"))[1];
  expect(await until("the second connection", again)).not.toContain(sid);
  for (const namespace of ["", "/random,"]) raw.sendText(`41${namespace}`);
});

test("who missed more than is kept starts anew, without a part of it; the partner hears that it left, once", async () => {
  const { proxy, ann, bob, roomId, id } = await pair();
  proxy.routeTo(NOWHERE);
  proxy.cut();
  const missed = Array.from({ length: 20 * OUTBOX_EVENTS }, (_, i) => i);
  for (const i of missed)
    expect(await bob.request("ice_candidate", { roomId, candidate: { i } })).toEqual({ ok: true });
  proxy.routeTo(cluster.node(1).port);
  await ann.connected(2);
  expect(ann.socket.recovered).toBe(false);
  expect(ann.socket.id).not.toBe(id);
  expect(await bob.receive("partner_disconnected")).toEqual({});
  await expectNothingMore(ann, bob);
});

test("nobody else's session can be had, with whatever proof", async () => {
  const { proxy, ann, bob, roomId, id } = await pair();
  const { pid, offset } = proofOf(ann);
  const [session, secret] = pid.split(".") as [string, string];
  const wrong = [
    { pid: `${session}.${"A".repeat(22)}`, offset },
    { pid: `${session}.${proofOf(bob).pid.split(".")[1]}`, offset },
    { pid: `${session}.${secret}x`, offset },
    { pid: `${session}.`, offset },
    { pid: session, offset },
    { pid: `${session}}:out.${secret}`, offset },
    { pid: "", offset },
    { pid: "__proto__", offset: "constructor" },
    { pid: [pid], offset },
    { pid: { toString: pid }, offset },
    { pid, offset: Number(offset) },
    { pid, offset: "-1" },
    { pid, offset: `${offset}.0` },
    { pid, offset: "(0-0" },
    { pid, offset: "9".repeat(400) },
    { pid: "x".repeat(10_000), offset: "0" },
  ];
  for (const proof of wrong) expect(await show(proof), JSON.stringify(proof).slice(0, 80)).not.toBe(id);
  expect(await show({ pid, offset }, "/")).not.toBe(id);
  expect(await ann.request("typing", { roomId, isTyping: true })).toEqual({ ok: true });
  await bob.receive("user_typing");
  expect(ann.connects).toBe(1);
  await expectNothingMore(ann, bob);
  proxy.routeTo(NOWHERE); // else she comes back, in a later epoch, before the disconnect of this one arrives
  expect(await show({ pid, offset })).toBe(id);
  await bob.receive("partner_disconnected");
});

test("what was missed comes after the connection is confirmed: else a client whose confirmation is lost has it twice", async () => {
  const { proxy, ann, bob, roomId } = await pair();
  const proof = proofOf(ann);
  proxy.routeTo(NOWHERE);
  proxy.cut();
  for (let i = 0; i < 5; i += 1) await bob.request("ice_candidate", { roomId, candidate: { i } });
  const raw = await cluster.rawSocket(1);
  raw.sendText(`40/random,${JSON.stringify(proof)}`);
  const delivered = await until("all that was missed", () => {
    const packets = raw.received.filter((text) => text.startsWith("4") && !text.includes("user_count_update"));
    return packets.length >= 6 && packets;
  });
  expect(delivered.map((text) => text.slice(0, text.indexOf(",") + 1))).toEqual([
    "40/random,",
    ...Array.from({ length: 5 }, () => "42/random,"),
  ]);
  raw.sendText("41/random,");
  await bob.receive("partner_disconnected");
});
