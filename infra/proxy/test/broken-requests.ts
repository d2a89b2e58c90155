import { afterEach, expect, test } from "vitest";
import { whoAnswers } from "./clients.ts";
import type { OpenProxyWith } from "./proxy-under-test.ts";
import { sendRaw } from "./raw-request.ts";

const WEBSOCKET = [
  "Connection: Upgrade",
  "Upgrade: websocket",
  "Sec-WebSocket-Version: 13",
  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
];
const HANDSHAKE = "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1";

/** A request of these lines, and what follows its head. */
export const raw = (lines: readonly string[], body = "") => `${[...lines, "", ""].join("\r\n")}${body}`;
export const rawHandshake = (lines: readonly string[], body = "") => raw([HANDSHAKE, ...WEBSOCKET, ...lines], body);

const get = (...lines: string[]) => raw(["GET /whoami HTTP/1.1", ...lines]);
const post = (lines: readonly string[], body: string) => raw(["POST /whole HTTP/1.1", ...lines], body);
const CHUNKED = "Transfer-Encoding: chunked";

/** None of these is to be passed on (RFC 9112, RFC 9110). */
const broken = {
  "two hosts": get("Host: a", "Host: b"),
  "the same host twice": get("Host: a", "Host: a"),
  "two hosts and an upgrade": rawHandshake(["Host: a", "Host: b"]),
  "no host": get(),
  "no host and an upgrade": rawHandshake([]),
  "a host that is none": get("Host: a/b"),
  "a host that is none and an upgrade": rawHandshake(["Host: a/b"]),
  "a space in a header's name": get("Host: a", "X Y: z"),
  "a space after a header's name": get("Host: a", "X : z"),
  "a NUL in a header's value": get("Host: a", "X: \0"),
  "headers of 100 KB": get("Host: a", `X: ${"x".repeat(100_000)}`),
  "a path of 100 KB": raw([`GET /${"x".repeat(100_000)} HTTP/1.1`, "Host: a"]),
  "two lengths": post(["Host: a", "Content-Length: 5", "Content-Length: 6"], "hello!"),
  "a length and chunks": post(["Host: a", "Content-Length: 5", CHUNKED], "0\r\n\r\n"),
  "a length that is none": post(["Host: a", "Content-Length: +5"], "hello"),
  "an unknown coding": post(["Host: a", "Transfer-Encoding: gzip, chunked"], "0\r\n\r\n"),
  "two codings in two lines": post(["Host: a", "Transfer-Encoding: gzip", CHUNKED], "0\r\n\r\n"),
  "a chunk without a size": post(["Host: a", CHUNKED], "zz\r\nhello\r\n0\r\n\r\n"),
  "a tunnel to somewhere": raw(["CONNECT example.com:80 HTTP/1.1", "Host: example.com:80"]),
  "an asterisk": raw(["OPTIONS * HTTP/1.1", "Host: a"]),
  "an authority for a target": raw(["GET example.com:80 HTTP/1.1", "Host: example.com:80"]),
  "a control character in the path": raw(["GET /who\x01ami HTTP/1.1", "Host: a"]),
  "a version that isn't": raw(["GET /whoami HTTP/9.9", "Host: a"]),
  "something else than HTTP": "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
} as const;

/** Requests that no reverse proxy may fall over. */
export function describeBrokenRequests(openWith: OpenProxyWith): void {
  const toClose: (() => unknown)[] = [];
  const open = (nodes: number) => openWith(nodes, toClose);
  afterEach(async () => {
    for (const close of toClose.splice(0).reverse()) await close();
  });

  test("refuses a broken request or closes its connection, passes nothing on, and serves the others", async () => {
    const { url, nodes } = await open(1);
    const passedOn: (string | undefined)[] = [];
    await whoAnswers(url);
    for (const { io } of nodes)
      io.httpServer.on("request", (request) => request.url !== "/readyz" && passedOn.push(request.url));
    for (const [what, bytes] of Object.entries(broken)) {
      const { status, text } = await sendRaw(url, bytes);
      expect.soft(status ?? 499, `${what}: ${text}`).toBeGreaterThanOrEqual(400);
    }
    expect(passedOn.filter((path) => path !== "/whole")).toEqual([]); // of a body it may be too late
    expect(await whoAnswers(url)).toBe("node-1");
  });

  test("half a request is nobody's", async () => {
    const { url } = await open(1);
    const halves = [
      "",
      "GE",
      "GET /whoami HTTP/1.1\r\nHos",
      post(["Host: a", "Content-Length: 100"], "hello"),
      post(["Host: a", CHUNKED], "5\r\nhel"),
      rawHandshake(["Host: a"]).slice(0, -2),
    ];
    for (const half of halves) {
      const { status } = await sendRaw(url, half, { leaves: true });
      expect.soft(status ?? 499, half).toBeGreaterThanOrEqual(400);
    }
    expect(await whoAnswers(url)).toBe("node-1");
  });

  test("understands a whole URL as target", async () => {
    const { url } = await open(1);
    const { status, text } = await sendRaw(url, raw(["GET http://a.example/whoami HTTP/1.1", "Host: a.example"]));
    expect(status).toBe(200);
    expect(text).toContain('"name":"node-1"');
  });
}
