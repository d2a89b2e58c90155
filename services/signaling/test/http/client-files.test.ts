import { get as openGet } from "node:http";
import { gunzipSync } from "node:zlib";
import { startCluster, type TestCluster } from "@switchyard/testkit";
import { beforeAll, expect, test } from "vitest";
import { clientFiles } from "../../src/http/client-files.ts";
import { patient } from "../patient.ts";

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ nodes: 1, matchmakers: 0, environment: patient });
  return cluster.stop;
});

const urlOf = (file: string) => `${cluster.node(0).url}/socket.io/${file}`;
const get = (file: string, headers: Record<string, string> = {}) => fetch(urlOf(file), { headers });

test("they are Socket.IO's own builds, and their maps", () => {
  expect(clientFiles).toHaveLength(8);
  expect(clientFiles).toContain("socket.io.esm.min.js.map");
});

test.each(clientFiles)("%s is served as a stock server serves it", async (file) => {
  const answer = await get(file);
  expect(answer.status).toBe(200);
  const isMap = file.endsWith(".map");
  expect(answer.headers.get("content-type")).toBe(`application/${isMap ? "json" : "javascript"}; charset=utf-8`);
  expect(answer.headers.get("cache-control")).toBe("public, max-age=0");
  expect(answer.headers.get("cross-origin-resource-policy")).toBe("cross-origin");
  const text = await answer.text();
  if (isMap) expect(JSON.parse(text)).toMatchObject({ version: 3 });
  else expect(text).toMatch(/Socket\.IO v4\.\d+\.\d+/);
});

test("a client that has it is told so, and asks for nothing else", async () => {
  const etag = String((await get("socket.io.js")).headers.get("etag"));
  expect(etag).toMatch(/^W\/"4\.\d+\.\d+"$/);
  for (const known of [etag, etag.slice(2)]) {
    const again = await get("socket.io.js?v=2", { "if-none-match": known });
    expect([again.status, await again.text()]).toEqual([304, ""]);
    expect(again.headers.get("etag")).toBe(etag);
  }
  expect((await get("socket.io.js", { "if-none-match": '"3.0.0"' })).status).toBe(200);
});

test("it is compressed for those who can read that", async () => {
  const gzipped = await new Promise<{ encoding: string | undefined; body: Buffer }>((resolve, reject) => {
    openGet(urlOf("socket.io.min.js"), { headers: { "accept-encoding": "gzip, br" } }, async (answer) =>
      resolve({ encoding: answer.headers["content-encoding"], body: Buffer.concat(await answer.toArray()) }),
    ).on("error", reject);
  });
  const plain = await (await get("socket.io.min.js", { "accept-encoding": "identity" })).text();
  expect(gzipped.encoding).toBe("gzip");
  expect(gunzipSync(gzipped.body).toString()).toBe(plain);
  expect(gzipped.body.length).toBeLessThan(plain.length / 2);
});

test("a HEAD request is answered without a body, and other paths stay Engine.IO's", async () => {
  const head = await fetch(urlOf("socket.io.js"), { method: "HEAD" });
  expect([head.status, await head.text()]).toEqual([200, ""]);
  const other = await get("socket.io.secret.js");
  expect([other.status, await other.json()]).toEqual([400, { code: 0, message: "Transport unknown" }]);
  expect((await cluster.connect(0)).socket.connected).toBe(true);
});
