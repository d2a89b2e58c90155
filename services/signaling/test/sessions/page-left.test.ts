import { keys } from "@switchyard/store";
import {
  CleanUp,
  pairClients,
  type Service,
  startCluster,
  type TestClient,
  type TestCluster,
  until,
} from "@switchyard/testkit";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import type { WebSocket } from "ws";
import { patient } from "../patient.ts";

const SHORT_MS = 200_000;
/** A grace that ends after this is not the short one. */
const BETWEEN_MS = 400_000;
/** FIN and the opcode of a close frame. */
const CLOSE = 0x88;

let cluster: TestCluster;
/** A node at which a page that was left is gone at once, and nobody else ever is. */
let hasty: Service;
beforeAll(async () => {
  const environment = {
    ...patient,
    RECONNECT_GRACE_MS: 600_000,
    PAGE_LEFT_GRACE_MS: SHORT_MS,
    MATCH_WIDEN_MS: 600_000,
  };
  cluster = await startCluster({ nodes: 1, environment });
  hasty = await cluster.start("signaling", { PAGE_LEFT_GRACE_MS: 0 });
  return cluster.stop;
});
const cleanUp = new CleanUp();
afterEach(() => cluster.empty());
afterEach(cleanUp.run);

/** The WebSocket of a client, once it has one. */
const webSocketOf = ({ io }: TestClient["socket"]): Promise<WebSocket> =>
  until("a WebSocket", () => {
    const { transport, upgrading } = io.engine as unknown as {
      readonly transport: { readonly name: string; readonly ws?: WebSocket };
      readonly upgrading: boolean;
    };
    return transport.name === "websocket" && !upgrading && transport.ws;
  });

/** How long a session may be resumed for, from a time after `from` on; then it ends, so that nobody waits for that. */
async function graceSince(from: number, id = ""): Promise<number> {
  const { deadline, node } = await until("a grace to begin", async () => {
    const { deadline, node = "" } = (await cluster.store.sessions.read(id)) ?? {};
    const noted = deadline !== undefined && (await cluster.redis.zscore(keys.nodeSessions(node), id));
    return Number(noted) === deadline && deadline !== undefined && { deadline, node };
  });
  await cluster.redis.hset(keys.session(id), "deadline", 1);
  await cluster.store.nodes.holdUntil(node, id, 1);
  return deadline - from;
}

const ways = [
  ["over a WebSocket", { transports: ["websocket"] }],
  ["by polling, then upgraded,", { transports: ["polling", "websocket"] }],
] as const;

describe.each(ways)("a connection %s", (_, options) => {
  const come = async () => {
    const client = await cluster.connect(0, { transports: [...options.transports] });
    client.socket.io.reconnection(false);
    return {
      client,
      id: client.socket.id,
      webSocket: await webSocketOf(client.socket),
      from: cluster.store.clock.now(),
    };
  };

  test("that its page closes because it is left gives the session the short grace", async () => {
    const { id, webSocket, from } = await come();
    webSocket.close(1001);
    expect(await graceSince(from, id)).toBeLessThan(BETWEEN_MS);
  });

  test.each([
    ["is closed for no such reason", (webSocket: WebSocket) => webSocket.close(1000)],
    ["is closed without a code", (webSocket: WebSocket) => webSocket.close()],
    ["breaks", (webSocket: WebSocket) => webSocket.terminate()],
  ])("that %s gives it the whole grace", async (_, end) => {
    const { id, webSocket, from } = await come();
    end(webSocket);
    expect(await graceSince(from, id)).toBeGreaterThan(BETWEEN_MS);
  });
});

test("all sessions on a connection whose page is left get the short grace", async () => {
  const raw = await cluster.rawSocket(0);
  const namespaces = ["/random", "/rooms"];
  for (const namespace of namespaces) raw.sendText(`40${namespace},`);
  const idIn = (namespace: string) =>
    until("a session", () => {
      const connected = raw.received.find((text) => text.startsWith(`40${namespace},`));
      return connected && (JSON.parse(connected.slice(`40${namespace},`.length)) as { sid: string }).sid;
    });
  const ids = await Promise.all(namespaces.map(idIn));
  const from = cluster.store.clock.now();
  raw.sendFrame(CLOSE, Buffer.from([1001 >> 8, 1001 & 0xff]));
  for (const id of ids) expect(await graceSince(from, id)).toBeLessThan(BETWEEN_MS);
});

test("a page that is left while it is sent events gets the short grace", async () => {
  const [raw, ann] = [await cluster.rawSocket(0), await cluster.connect(0, { namespace: "/rooms" })];
  raw.sendText("40/rooms,");
  const id = await until("a session", () => {
    const connected = raw.received.find((text) => text.startsWith("40/rooms,"));
    return connected && (JSON.parse(connected.slice("40/rooms,".length)) as { sid: string }).sid;
  });
  raw.sendText(`42/rooms,1${JSON.stringify(["join-room", { roomId: ann.user, userName: "bob" }])}`);
  await until("it to be in the room", () => raw.received.some((text) => text.startsWith("43/rooms,1")));
  expect(await ann.request("join-room", { roomId: ann.user, userName: "ann" })).toMatchObject({ ok: true });
  const from = cluster.store.clock.now();
  raw.stopReading(); // its page does not end TCP before it has read the answer
  raw.sendFrame(CLOSE, Buffer.from([1001 >> 8, 1001 & 0xff]));
  const talk = setInterval(() => ann.send("toggle-audio", { roomId: ann.user, isAudioMuted: true }), 20);
  cleanUp.add(() => clearInterval(talk));
  expect(await graceSince(from, id)).toBeLessThan(BETWEEN_MS);
});

test("a page that was left never has a longer grace than any other client", async () => {
  const node = await cluster.start("signaling", { RECONNECT_GRACE_MS: SHORT_MS, PAGE_LEFT_GRACE_MS: 600_000 });
  const client = await cluster.connect(node);
  client.socket.io.reconnection(false);
  const [{ id }, from] = [client.socket, cluster.store.clock.now()];
  (await webSocketOf(client.socket)).close(1001);
  expect(await graceSince(from, id)).toBeLessThan(BETWEEN_MS);
});

test("a page that comes back within its grace, by whatever, has lost nothing", async () => {
  const [ann, bob] = [await cluster.connect(0), await cluster.connect(0)];
  const roomId = await pairClients(ann, bob);
  const { id } = ann.socket;
  (await webSocketOf(ann.socket)).close(1001);
  await ann.connected(2);
  expect([ann.socket.recovered, ann.socket.id]).toEqual([true, id]);
  expect(await ann.request("typing", { roomId, isTyping: true })).toEqual({ ok: true });
  expect(await bob.receive("user_typing")).toEqual({ isTyping: true });
});

test("of two who are gone, the one whose page was left is announced, and the one whose connection broke is not", async () => {
  const [left, broken] = [await cluster.connect(hasty), await cluster.connect(hasty)];
  const [ofLeft, ofBroken] = [await cluster.connect(0), await cluster.connect(0)];
  await pairClients(left, ofLeft);
  await pairClients(broken, ofBroken);
  for (const { socket } of [left, broken]) socket.io.reconnection(false);
  const { id } = broken.socket; // which a client without a connection no longer knows
  const from = cluster.store.clock.now();
  (await webSocketOf(broken.socket)).terminate();
  await until("its grace", async () => (await cluster.store.sessions.read(id ?? ""))?.deadline);
  (await webSocketOf(left.socket)).close(1001);
  expect(await ofLeft.receive("partner_disconnected")).toEqual({});
  await ofBroken.caughtUp();
  expect(ofBroken.unread()).toEqual([]);
  await graceSince(from, id);
});
