import { readConfig } from "@switchyard/runtime";
import { type RawSocket, startCluster, type TestClient, type TestCluster, until } from "@switchyard/testkit";
import { afterEach, beforeAll, expect, test } from "vitest";
import { patient } from "../patient.ts";

const SEND_BUFFER_BYTES = 256 * 1024;

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ environment: { ...patient, SEND_BUFFER_BYTES, OUTBOX_EVENTS: 2000 } });
  return cluster.stop;
});
afterEach(() => cluster.empty());

interface Connected {
  readonly sid: string;
  readonly pid: string;
}

async function open(proof?: object, namespace = "/random"): Promise<{ raw: RawSocket } & Connected> {
  const raw = await cluster.rawSocket(0);
  raw.sendText(`40${namespace},${proof ? JSON.stringify(proof) : ""}`);
  const head = `40${namespace},`;
  const text = await until("the connection", () => raw.received.find((packet) => packet.startsWith(head)));
  return { raw, ...(JSON.parse(text.slice(head.length)) as Connected) };
}

/** The events that a raw connection had, with their numbers. */
const eventsOf = (raw: RawSocket, namespace = "/random") =>
  raw.received
    .filter((text) => text.startsWith(`42${namespace},`))
    .map(
      (text) =>
        JSON.parse(text.slice(`42${namespace},`.length)) as [
          name: string,
          body: { candidate?: { i: number }; message?: string },
          number?: string,
        ],
    );

async function meetRaw(raw: RawSocket, partner: TestClient): Promise<string> {
  raw.sendText(`42/random,["join",${JSON.stringify({ userId: `${partner.user}-2`, type: "chat" })}]`);
  await until("it to wait", () => eventsOf(raw).some(([name]) => name === "waiting_for_partner"));
  await partner.join();
  return String((await partner.receive("partner_found"))["roomId"]);
}

test("a client that does not read is disconnected at the bound, loses nothing and nobody, and comes back", async () => {
  const { raw, sid, pid } = await open();
  const partner = await cluster.connect(1);
  const roomId = await meetRaw(raw, partner);
  await until("it to have heard so", () => eventsOf(raw).some(([name]) => name === "partner_found"));
  raw.stopReading();
  const padding = "x".repeat(30_000);
  let sent = 0;
  const isDetached = async () => (await cluster.store.sessions.read(sid))?.state === "detached";
  for (; !(await isDetached()) && sent < 1900; sent += 1) {
    expect(await partner.request("ice_candidate", { roomId, candidate: { i: sent, padding } })).toEqual({ ok: true });
  }
  expect(sent).toBeLessThan(1900);
  expect(await cluster.node(0).metric("switchyard_send_overflows_total")).toBe(1);
  const offset = eventsOf(raw).at(-1)?.at(-1);
  const back = await open({ pid, offset });
  expect(back.sid).toBe(sid);
  const numbers = () => eventsOf(back.raw).flatMap(([, { candidate }]) => (candidate ? [candidate.i] : []));
  await until("all it has missed", () => numbers().length === sent);
  expect(numbers()).toEqual(Array.from({ length: sent }, (_, i) => i));
  expect(partner.unread()).toEqual([]);
  back.raw.sendText("41/random,");
  await partner.receive("partner_disconnected");
});

test("a client that asks and does not fetch the answers is disconnected too", async () => {
  const node = await cluster.start("signaling", { RECONNECT_GRACE_MS: 200 }); // it doesn't come back
  const polling = `${node.url}/socket.io/?EIO=4&transport=polling`;
  const { sid } = JSON.parse((await (await fetch(polling)).text()).slice(1)) as { sid: string };
  const send = (body: string) => fetch(`${polling}&sid=${sid}`, { method: "POST", body });
  await send("40/random,");
  await until("it to be connected", async () => (await node.metric("switchyard_connections")) === 1);
  const before = await node.metric("switchyard_send_overflows_total");
  const questions = Array.from({ length: 500 }, (_, i) => `42/random,${i}["x"]`).join("\u001e");
  const enough = 20 * SEND_BUFFER_BYTES;
  for (let asked = 0; asked < enough && (await send(questions)).status === 200; asked += questions.length);
  await until("it to be gone", async () => (await node.metric("switchyard_connections")) === 0);
  expect(await node.metric("switchyard_send_overflows_total")).toBe(before + 1);
});

test("a client that is away from a busy meeting misses no message, however long they are, up to ROOM_HISTORY_BYTES", async () => {
  const { raw, sid, pid } = await open(undefined, "/rooms");
  raw.sendText('42/rooms,["join-room",{"roomId":"busy","userName":"slow"}]');
  await until("it to be in", () => eventsOf(raw, "/rooms").some(([name]) => name === "joined-room"));
  const writers = await Promise.all([0, 1, 2].map(() => cluster.connect(1, { namespace: "/rooms" })));
  for (const writer of writers) await writer.request("join-room", { roomId: "busy", userName: "writer" });
  await until("it to have heard of all", () => eventsOf(raw, "/rooms").filter(([name]) => name === "user-joined")[2]);
  raw.close();
  await until("it to be away", async () => (await cluster.store.sessions.read(sid))?.state === "detached");
  const texts = Array.from({ length: 240 }, (_, i) => `${i} `.padEnd(4000, "\u20ac"));
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  expect([bytes > 2_000_000, bytes < 0.9 * readConfig(["ROOM_HISTORY_BYTES"], {}).ROOM_HISTORY_BYTES]).toEqual([
    true,
    true,
  ]);
  for (const [i, text] of texts.entries()) {
    expect(await writers[i % 3]?.request("send-message", { roomId: "busy", message: text })).toMatchObject({
      ok: true,
    });
  }
  const offset = eventsOf(raw, "/rooms").at(-1)?.at(-1);
  const back = await open({ pid, offset }, "/rooms");
  expect(back.sid).toBe(sid);
  const received = () => eventsOf(back.raw, "/rooms").flatMap(([, { message }]) => message ?? []);
  await until("all it has missed", () => received().length === texts.length);
  expect(received()).toEqual(texts);
  back.raw.sendText("41/rooms,");
});
