import { request as openRequest } from "node:http";
import { until } from "@switchyard/testkit";
import { afterEach, describe, expect, test } from "vitest";
import type { NodeAddress } from "../src/backend.ts";
import { type ClientLimits, ReverseProxy } from "../src/reverse-proxy.ts";
import { describeBrokenRequests, raw, rawHandshake } from "./broken-requests.ts";
import { enter, enterAll, handshake, headersSeen, whoAnswers } from "./clients.ts";
import { describeFraming } from "./framing.ts";
import type { OpenProxyWith } from "./proxy-under-test.ts";
import { describeProxying } from "./proxying.ts";
import { sendRaw } from "./raw-request.ts";
import { describeSessions } from "./sessions.ts";
import { begin, describeSlowRequests } from "./slow-requests.ts";
import { startSocketNodes } from "./socket-node.ts";

/** The limits on clients that no test comes near, unless it names others. */
const PATIENT: ClientLimits = { headMs: 60_000, requestMs: 300_000, waitingPerAddress: 2048 };

const openWith =
  (limits: Partial<ClientLimits> = {}): OpenProxyWith =>
  async (count, toClose) => {
    const running = await startSocketNodes(count, "127.0.0.1", toClose);
    return { ...running, url: await openBefore(running.nodes, toClose, (text) => expect.fail(text), limits) };
  };
const openLocal = openWith();

async function openBefore(
  nodes: readonly NodeAddress[],
  toClose: (() => unknown)[],
  log: (text: string) => void,
  limits: Partial<ClientLimits> = {},
): Promise<string> {
  const proxy = new ReverseProxy({ nodes, nodeTimeoutMs: 60_000, clientLimits: { ...PATIENT, ...limits }, log });
  toClose.push(() => proxy.close());
  return `http://127.0.0.1:${await proxy.listen(0, "127.0.0.1")}`;
}

describe("as any front door: sessions", () => describeSessions(openLocal));
describe("as any front door: proxying", () => describeProxying(openLocal));
describe("as any front door: broken requests", () => describeBrokenRequests(openLocal));
describe("as any front door: framing", () => describeFraming(openLocal));
describe("as any front door: slow requests", () => describeSlowRequests(openWith({ headMs: 500, requestMs: 500 })));

describe("what it does besides", () => {
  const toClose: (() => unknown)[] = [];
  const open = (nodes: number) => openLocal(nodes, toClose);
  afterEach(async () => {
    for (const close of toClose.splice(0).reverse()) await close();
  });

  test("new clients fill the node that the others have left", async () => {
    const { url } = await open(2);
    const { clients } = await enterAll(url, 10, ["websocket"], toClose);
    const left = clients.filter(({ node }) => node === "node-1");
    for (const { socket } of left) socket.disconnect();
    await until("the front door to have noticed", async () => {
      return (await enter(url, ["websocket"], toClose)).node === "node-1";
    });
  });

  test("appends to what an outer proxy said: nodes know how many there are", async () => {
    const { url } = await open(1);
    const behind = await headersSeen(url, { "X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https" });
    expect(behind).toMatchObject({ "x-forwarded-for": "203.0.113.9, 127.0.0.1", "x-forwarded-proto": "https" });
  });

  test("streams a body as it comes, without waiting for its end", async () => {
    const { url } = await open(1);
    const request = openRequest(`${url}/echo`, { method: "POST" });
    toClose.push(() => request.destroy());
    request.write("first");
    const seen = await new Promise<string>((resolve, reject) => {
      request.once("error", reject);
      request.once("response", (answer) => answer.once("data", (chunk: Buffer) => resolve(chunk.toString())));
    });
    expect(seen).toBe("first");
  });

  test("a handshake has no body and is a GET", async () => {
    const { url, nodes } = await open(1);
    nodes[0]?.io.httpServer.on("upgrade", () => expect.fail("it was passed on"));
    const bodies = [
      ["Content-Length: 5", "hello"],
      ["Transfer-Encoding: chunked", "0\r\n\r\n"],
    ] as const;
    for (const [framing, body] of bodies)
      expect((await sendRaw(url, rawHandshake(["Host: a", framing], body))).status).toBe(400);
    expect((await sendRaw(url, rawHandshake(["Host: a"]).replace("GET", "PUT"))).status).toBe(400);
    expect(await whoAnswers(url)).toBe("node-1");
  });

  test("an address has so many connections that wait; for one more the one that waits longest is closed", async () => {
    const { url } = await openWith({ waitingPerAddress: 5 })(1, toClose);
    const { clients } = await enterAll(url, 2, ["websocket"], toClose);
    const begun: Awaited<ReturnType<typeof begin>>[] = [];
    toClose.push(() => begun.forEach(({ socket }) => void socket.destroy()));
    for (let i = 0; i < 5; i += 1) begun.push(await begin(url, i % 2 === 0 ? "" : "POST / HTTP/1.1\r\nHost: a"));
    for (const waiting of begun.slice(0, 4)) {
      expect((await sendRaw(url, raw(["GET /whoami HTTP/1.1", "Host: a", "Connection: close"]))).status).toBe(200);
      await until("the one that waited longest to be closed", () => waiting.isClosed);
      begun.push(await begin(url, ""));
    }
    for (const { socket } of clients) expect(await socket.emitWithAck("echo", 1)).toBe(1); // WebSockets wait for nothing
  });

  test("a wish for another protocol than WebSocket is not heard", async () => {
    const { url } = await open(1);
    const wish = ["Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQAAP__"];
    expect((await sendRaw(url, raw(["GET /whoami HTTP/1.1", "Host: a", ...wish]))).status).toBe(200);
  });

  test("who is refused for a doubtful request is not listened to any more", async () => {
    const { url } = await open(1);
    const { text } = await sendRaw(url, raw(["GET /whoami HTTP/1.1", "Host: a", "Host: b"]));
    expect(text).toMatch(/^connection: close\r$/im);
    expect(text).toContain('"code":"bad_request"');
  });

  test("a failure of its own ends one connection, is logged without the request, and nothing else", async () => {
    const { nodes } = await startSocketNodes(1, "127.0.0.1", toClose);
    const [{ name, host, port } = { name: "", host: "", port: 0 }] = nodes;
    const address = { name, host, port };
    const logged: string[] = [];
    const url = await openBefore([address], toClose, (text) => void logged.push(text));
    const sid = await handshake(url);
    const asked = `/socket.io/?EIO=4&transport=websocket&sid=${sid}`;
    address.port = 65_536; // which can't be asked
    expect(await sendRaw(url, raw([`GET ${asked} HTTP/1.1`, "Host: a"]))).toEqual({ status: undefined, text: "" });
    const withSid = rawHandshake(["Host: a"]).replace("/socket.io/?EIO=4&transport=websocket", asked);
    expect(await sendRaw(url, withSid)).toEqual({ status: undefined, text: "" });
    address.port = port;
    await until("the node to be used again", async () => (await fetch(`${url}/whoami`)).status === 200);
    expect(logged).toEqual(Array.from({ length: 2 }, () => expect.stringContaining("ERR_SOCKET_BAD_PORT at ")));
    expect(logged.join()).not.toContain(sid);
  });
});
