import { once } from "node:events";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { startCluster, type TestCluster } from "@switchyard/testkit";
import { beforeAll, expect, test } from "vitest";
import { patient } from "../patient.ts";

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ nodes: 1, matchmakers: 0, environment: patient });
  return cluster.stop;
});

const ask = async (path: string, init: RequestInit = {}) => {
  const response = await fetch(cluster.node(0).url + path, init);
  return [response.status, await response.json()] as const;
};
const json = { "content-type": "application/json" };
const post = (body: string, headers: Record<string, string>) => ({ method: "POST", body, headers });

test.each<[string, string, RequestInit, number, string]>([
  ["an unknown route", "/nothing", {}, 404, "not_found"],
  ["a known route with another method", "/api/auth/login", {}, 404, "not_found"],
  ["a text body", "/api/auth/login", post("hello", { "content-type": "text/plain" }), 415, "unsupported_media_type"],
  [
    "a form",
    "/api/auth/login",
    { method: "POST", body: new URLSearchParams({ a: "b" }) },
    415,
    "unsupported_media_type",
  ],
  [
    "a body without a type",
    "/api/auth/login",
    { method: "POST", body: new Blob(["{}"]) },
    415,
    "unsupported_media_type",
  ],
  ["half a JSON text", "/api/auth/login", post('{"a', json), 400, "validation"],
  ["no body", "/api/auth/login", { method: "POST" }, 400, "validation"],
  ["an empty JSON body", "/api/auth/login", post("", json), 400, "validation"],
  ["an empty JSON body for an unknown route", "/api/nothing", post("", json), 404, "not_found"],
  ["a body that is too large", "/api/auth/login", post(`"${"x".repeat(70_000)}"`, json), 413, "payload_too_large"],
  ["an address that is none", "/api/room/%zz", {}, 400, "validation"],
  ["a path longer than any file's", `/${"x".repeat(5000)}`, {}, 404, "not_found"],
  ["a path of slashes", "////", {}, 404, "not_found"],
  ["the page by its file's name, to be kept for good", "/index.html", {}, 404, "not_found"],
])("%s is answered with a sentence and a code", async (_, path, init, status, code) => {
  const answer = await ask(path, init);
  expect(answer).toEqual([status, { error: expect.stringMatching(/^\S.*\S$/), code }]);
  expect(JSON.stringify(answer)).not.toMatch(/FST_|at .*:\d+|ioredis/);
});

test.each([
  ["no HTTP", "hello\r\n\r\n", 400, "bad_request"],
  ["an unknown method", "FETCH / HTTP/1.1\r\nHost: localhost\r\n\r\n", 400, "bad_request"],
  ["two lengths", "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400, "bad_request"],
  ["endless headers", `GET / HTTP/1.1\r\nHost: a\r\nX: ${"x".repeat(17_000)}\r\n\r\n`, 431, "headers_too_large"],
])("%s is answered so too, and the connection closed", async (_, request, status, code) => {
  const socket = connect(Number(new URL(cluster.node(0).url).port), "127.0.0.1");
  await once(socket, "connect");
  socket.write(request);
  const [head, body] = (await text(socket)).split("\r\n\r\n");
  expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} [^]*application/json[^]*Connection: close`));
  expect(JSON.parse(body ?? "")).toEqual({ error: expect.stringMatching(/^[A-Z].*\.$/), code });
});

test("while Redis is away it is said that it is not possible now, and nothing else", async () => {
  const alone = await startCluster({ nodes: 1, matchmakers: 0, environment: patient });
  try {
    await alone.redisServer.stop();
    for (const [path, init] of [
      ["/health", {}],
      ["/api/stats", {}],
      ["/api/room/any", {}],
      ["/api/create-room", { method: "POST" }],
      ["/api/auth/login", post('{"username":"ann","password":"correct horse"}', json)],
      ["/api/auth/register", post('{"username":"ann","password":"correct horse"}', json)],
    ] as const) {
      const response = await fetch(alone.node(0).url + path, init);
      const problem = { error: "The server can't do that right now; try again.", code: "server_error" };
      expect([path, response.status, await response.json()]).toEqual([path, 503, problem]);
    }
    expect((await fetch(`${alone.node(0).url}/api/ice-servers`)).status).toBe(200);
  } finally {
    await alone.stop();
  }
});

test("a body over the limit is answered before it has come, and its rest is dropped", async () => {
  const socket = connect(Number(new URL(cluster.node(0).url).port), "127.0.0.1");
  await once(socket, "connect");
  const answer = async () => String(await Promise.race([once(socket, "data"), once(socket, "close")]));
  const body = "x".repeat(70_000);
  const head = ["POST /api/auth/login HTTP/1.1", "Host: a", `Content-Type: ${json["content-type"]}`];
  socket.write(`${head.join("\r\n")}\r\nContent-Length: ${body.length}\r\n\r\n`);
  expect(await answer()).toMatch(/^HTTP\/1\.1 413 .*"payload_too_large"/s);
  socket.write(`${body}GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`);
  expect(await answer()).toMatch(/^HTTP\/1\.1 200 /);
  socket.destroy();
});
