import {
  expectNothingMore,
  pairClients,
  startCluster,
  type TestClient,
  type TestCluster,
  until,
} from "@switchyard/testkit";
import { beforeAll, expect, test } from "vitest";
import { patient } from "../patient.ts";

let cluster: TestCluster;
let bystanders: [TestClient, TestClient];
let roomId: string;

beforeAll(async () => {
  cluster = await startCluster({ environment: patient });
  bystanders = [await cluster.connect(0), await cluster.connect(1)];
  roomId = await pairClients(...bystanders);
  return cluster.stop;
});

const POLLING = "EIO=4&transport=polling";
const engine = (query: string, init?: RequestInit) => fetch(`${cluster.node(0).url}/socket.io/?${query}`, init);
const post = (sid: string, body: string | Uint8Array, headers: Record<string, string> = {}) =>
  engine(`${POLLING}&sid=${sid}`, {
    method: "POST",
    body: body as string,
    headers: { "content-type": "text/plain", ...headers },
  });

async function handshake(): Promise<string> {
  const text = await (await engine(POLLING)).text();
  return (JSON.parse(text.slice(1)) as { sid: string }).sid;
}

async function othersTalk(): Promise<void> {
  const [ann, bob] = bystanders;
  expect(await ann.request("typing", { roomId, isTyping: true })).toEqual({ ok: true });
  await bob.receive("user_typing");
  await expectNothingMore(ann, bob);
  expect(cluster.node(0).errors()).toEqual([]);
}

test.each([
  ["an older protocol", "EIO=3&transport=polling"],
  ["no protocol", "transport=polling"],
  ["no transport", "EIO=4"],
  ["an unknown transport", "EIO=4&transport=pigeon"],
  ["a transport from a prototype", "EIO=4&transport=__proto__"],
  ["a transport twice", "EIO=4&transport=polling&transport=websocket"],
  ["a WebSocket without an upgrade", "EIO=4&transport=websocket"],
  ["a session that there isn't", `${POLLING}&sid=nobody`],
  ["a session from a prototype", `${POLLING}&sid=__proto__`],
  ["a session twice", `${POLLING}&sid=a&sid=b`],
])("a handshake with %s is refused", async (_, query) => {
  const response = await engine(query);
  expect(response.status).toBe(400);
  expect(await response.json()).toEqual({ code: expect.any(Number), message: expect.any(String) });
  await othersTalk();
});

test.each(["POST", "PUT", "DELETE", "HEAD"])("a handshake by %s is refused", async (method) => {
  expect((await engine(POLLING, { method })).status).toBe(400);
  await othersTalk();
});

test.each<[string, string | Uint8Array]>([
  ["nothing", ""],
  ["a packet that isn't one", "x"],
  ["separators only", "\u001e\u001e\u001e"],
  ["an unknown packet", "9x"],
  ["a Socket.IO packet that is cut off", '40\u001e42["join",'],
  ["binary that isn't base64", "b?!§$"],
  ["bytes that aren't UTF-8", Uint8Array.from([0x34, 0xff, 0xfe])],
  ["an upgrade probe", "2probe"],
])("polling: a body with %s is refused or ends the session", async (_, body) => {
  const sid = await handshake();
  const response = await post(sid, body);
  expect([200, 400]).toContain(response.status);
  await until("the session to be gone or to answer", async () => {
    const poll = await engine(`${POLLING}&sid=${sid}`, { signal: AbortSignal.timeout(200) }).catch(() => undefined);
    return poll === undefined || poll.status === 400 || (await poll.text()).length > 0;
  });
  await othersTalk();
});

test("polling: a body over the limit is refused", async () => {
  const sid = await handshake();
  const status = await post(sid, "4".repeat(1_000_000)).then(
    (response) => response.status,
    () => 413, // the connection was closed while the body was sent
  );
  expect(status).toBe(413);
  await othersTalk();
});

test("polling: a binary body of the old protocol is refused", async () => {
  const sid = await handshake();
  const response = await post(sid, "x", { "content-type": "application/octet-stream" });
  expect(response.status).toBeGreaterThanOrEqual(400);
  await othersTalk();
});

test("polling: two polls at once end the session", async () => {
  const sid = await handshake();
  await post(sid, "40/random,");
  await (await engine(`${POLLING}&sid=${sid}`)).text();
  const statuses = await Promise.all(
    Array.from({ length: 5 }, async () => (await engine(`${POLLING}&sid=${sid}`).catch(() => undefined))?.status),
  );
  expect(statuses).toContain(400);
  await othersTalk();
});

test.each(["nobody", "", "__proto__"])("an upgrade of the session %j is refused", async (sid) => {
  const raw = await cluster.rawSocket(0, `EIO=4&transport=websocket&sid=${sid}`);
  raw.sendText("2probe");
  raw.sendText("5");
  await until("it to be closed or treated as new", () => raw.isClosed || raw.received.length > 0);
  await othersTalk();
  raw.close();
});

test("HTTP beside Socket.IO: unknown paths, methods and bodies are refused with a code", async () => {
  const { url } = cluster.node(0);
  for (const path of ["/nothing", "/socket.iox/", "/%00", "/health/..%2f..%2fetc", "/__proto__"]) {
    const response = await fetch(url + path);
    expect(response.status, path).toBeGreaterThanOrEqual(400);
    expect(response.status, path).toBeLessThan(500);
    expect(await response.json()).toEqual({ error: expect.any(String), code: expect.any(String) });
  }
  for (const path of ["/health", "/readyz", "/stats"]) {
    const response = await fetch(url + path, {
      method: "POST",
      body: "{",
      headers: { "content-type": "application/json" },
    });
    expect(response.status, path).toBeGreaterThanOrEqual(400);
    expect(response.status, path).toBeLessThan(500);
  }
  await othersTalk();
});
