import { request as openRequest } from "node:http";
import { startCluster, type TestCluster } from "@switchyard/testkit";
import { beforeAll, expect, test } from "vitest";
import { ReverseProxy } from "../src/reverse-proxy.ts";

let cluster: TestCluster;
let url: string;
beforeAll(async () => {
  cluster = await startCluster({ matchmakers: 0, environment: { LEASE_MS: 60_000 } });
  const nodes = cluster.nodes.map(({ id, port }) => ({ name: id, host: "127.0.0.1", port }));
  const proxy = new ReverseProxy({ nodes, nodeTimeoutMs: 60_000, log: (text) => expect.fail(text) });
  url = `http://127.0.0.1:${await proxy.listen(0, "127.0.0.1")}`;
  return async () => {
    proxy.close();
    await cluster.stop();
  };
});

test("Socket.IO's client for pages comes through from any node, and is asked for again by its version", async () => {
  for (const file of ["socket.io.js", "socket.io.min.js.map", "socket.io.esm.min.js", "socket.io.msgpack.min.js"]) {
    for (let i = 0; i < 4; i += 1) {
      const answer = await fetch(`${url}/socket.io/${file}`);
      expect([answer.status, answer.headers.get("content-encoding")], file).toEqual([200, "gzip"]);
      expect((await answer.text()).length).toBeGreaterThan(30_000);
      const headers = { "if-none-match": String(answer.headers.get("etag")) };
      expect((await fetch(`${url}/socket.io/${file}`, { headers })).status, file).toBe(304);
    }
  }
});

test("a client of Socket.IO 1 or 2 reads the node's refusal", async () => {
  const headers = { Connection: "Upgrade", Upgrade: "websocket", "Sec-WebSocket-Version": "13" };
  const answer = await new Promise<[number | undefined, unknown]>((resolve, reject) => {
    const request = openRequest(`${url}/socket.io/?EIO=3&transport=websocket`, {
      headers: { ...headers, "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==" },
    });
    request.on("response", async (response) =>
      resolve([response.statusCode, JSON.parse(Buffer.concat(await response.toArray()).toString())]),
    );
    request.on("upgrade", () => reject(new Error("it was let in")));
    request.on("error", reject).end();
  });
  expect(answer).toEqual([400, { code: 5, message: "Unsupported protocol version" }]);
});
