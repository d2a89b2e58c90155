import { startCluster, type TestCluster } from "@switchyard/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ReverseProxy } from "../src/reverse-proxy.ts";

/** Far more than the buffers of sockets hold, so that a node that closed the connection would break off the rest. */
const LARGE = "x".repeat(12_000_000);

let cluster: TestCluster;
let proxy: ReverseProxy;
let url: string;
beforeAll(async () => {
  cluster = await startCluster({ nodes: 1, matchmakers: 0, environment: { LEASE_MS: 60_000 } });
  const { hostname: host, port } = new URL(cluster.node(0).url);
  const nodes = [{ name: "node-1", host, port: Number(port) }];
  proxy = new ReverseProxy({ nodes, nodeTimeoutMs: 60_000, log: (text) => expect.fail(text) });
  url = `http://127.0.0.1:${await proxy.listen(0, "127.0.0.1")}`;
});
afterAll(async () => {
  proxy.close();
  await cluster.stop();
});

test.each(["all at once", "in chunks"])("the node's refusal of a body that is too large arrives: %s", async (way) => {
  const body = way === "in chunks" ? new Blob([LARGE]).stream() : LARGE;
  const headers = { "content-type": "application/json" };
  const answer = await fetch(`${url}/api/auth/login`, { method: "POST", body, headers, duplex: "half" });
  expect(answer.status).toBe(413);
  expect(await answer.json()).toEqual({ error: expect.any(String), code: "payload_too_large" });
});

test("and so does that of a polling client's packets", async () => {
  const polling = `${url}/socket.io/?EIO=4&transport=polling`;
  const { sid } = JSON.parse((await (await fetch(polling)).text()).slice(1)) as { sid: string };
  const headers = { "content-type": "text/plain" };
  expect((await fetch(`${polling}&sid=${sid}`, { method: "POST", body: LARGE, headers })).status).toBe(413);
});
