import { until } from "@switchyard/testkit";
import { afterEach, describe, expect, test } from "vitest";
import type { NodeAddress } from "../src/backend.ts";
import { describeBrokenRequests } from "./broken-requests.ts";
import { handshake, headersSeen, post, upgradeStatus } from "./clients.ts";
import { describeFraming } from "./framing.ts";
import { describeFrozenNodes } from "./frozen-nodes.ts";
import { hostAddress, type NginxOptions, reasonAgainstNginx, startNginx } from "./nginx-container.ts";
import type { OpenProxyWith } from "./proxy-under-test.ts";
import { describeProxying } from "./proxying.ts";
import { describeSessions } from "./sessions.ts";
import { describeSlowRequests } from "./slow-requests.ts";
import { startSocketNodes } from "./socket-node.ts";

const STORY = "nginx, as it is deployed";
const reason = await reasonAgainstNginx();

if (reason === undefined) describe(STORY, describeNginx);
else test(STORY, ({ skip }) => skip(reason));

function describeNginx(): void {
  const toClose: (() => unknown)[] = [];
  afterEach(async () => {
    for (const close of toClose.splice(0).reverse()) await close();
  });
  const start = async (options: Partial<NginxOptions> = {}) => {
    const { nodes } = await startSocketNodes(1, await hostAddress(), toClose);
    const nginx = await startNginx({ nodes: nodes.map(({ host, port }) => `${host}:${port}`), ...options });
    toClose.push(nginx.remove);
    return { ...nginx, nodes, url: `http://${nginx.address}:8080` };
  };

  describe("as any front door: sessions", () => describeSessions(openNginx));
  describe("as any front door: proxying", () => describeProxying(openNginx));
  describe("as any front door: broken requests", () => describeBrokenRequests(openNginx));
  describe("as any front door: framing", () => describeFraming(openNginx));
  describe("as any front door: a node stands still", () => describeFrozenNodes(hostAddress, openBefore));
  describe("as any front door: slow requests", () => describeSlowRequests(openNginx));

  test("believes an outer proxy that it is told of, and passes on one address", async () => {
    const { url } = await start({ environment: { NGINX_TRUSTED_PROXY: await hostAddress() } });
    const claims = {
      "X-Forwarded-For": "198.51.100.7, 203.0.113.9",
      "X-Forwarded-Proto": "https",
      "X-Forwarded-Host": "a.example",
    };
    expect(await headersSeen(url, claims)).toMatchObject({
      "x-forwarded-for": "203.0.113.9",
      "x-forwarded-proto": "https",
      "x-forwarded-host": "a.example",
    });
  });

  test("believes nobody else", async () => {
    const { url } = await start();
    const claims = { "X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "a.example" };
    expect(await headersSeen(url, claims)).toMatchObject({
      "x-forwarded-for": await hostAddress(),
      "x-forwarded-proto": "http",
      "x-forwarded-host": new URL(url).host,
    });
  });

  test("logs requests as JSON: what for, and what came of it", async () => {
    const { url, log } = await start();
    await handshake(url);
    const line = await until("the request to be logged", async () => (await log()).match(/^\{.*socket\.io.*$/m)?.[0]);
    expect(JSON.parse(line)).toMatchObject({
      service: "nginx",
      method: "GET",
      path: "/socket.io/",
      transport: "polling",
      status: 200,
      nodeStatus: "200",
    });
  });

  test("says no session id, token or query in any log, whatever goes wrong", async () => {
    const { url, nodes, log } = await start({ environment: { NGINX_MAX_BODY_BYTES: "1000" } });
    const sid = await handshake(url);
    const hidden = "hidden-token";
    await post(url, sid, `&token=${hidden}`);
    await fetch(`${url}/whoami?token=${hidden}`, {
      headers: { Referer: `${url}/?token=${hidden}`, Authorization: `Bearer ${hidden}`, Cookie: `token=${hidden}` },
    });
    await fetch(`${url}/echo?token=${hidden}`, { method: "POST", body: "x".repeat(2000) });
    await upgradeStatus(`${url}/socket.io/?EIO=4&transport=websocket&sid=${sid}&token=${hidden}-unknown`);
    await fetch(`${url}/break?token=${hidden}`).then((answer) => answer.text().catch(() => {}));
    await nodes[0]?.crash();
    const answers = await Promise.all([post(url, sid, `&token=${hidden}`), fetch(`${url}/whoami?token=${hidden}`)]);
    expect(answers.map(({ status }) => status)).toEqual([502, 503]);
    const logged = await until("the last request to be logged", async () => {
      const all = await log();
      return all.includes('"status":503') && all.includes('"status":413') && all;
    });
    for (const secret of [sid, hidden, "sid=", "EIO=4"]) expect(logged).not.toContain(secret);
  });

  test("says the headers for browsers once, whether or not the node does", async () => {
    const { url, nodes } = await start();
    const plain = await fetch(`${url}/whoami`);
    expect(plain.headers.get("x-content-type-options")).toBe("nosniff");
    nodes[0]?.io.httpServer.prependListener("request", (_request, response) => {
      response.setHeader("X-Content-Type-Options", "nosniff");
      response.setHeader("Referrer-Policy", "same-origin");
    });
    const said = await fetch(`${url}/whoami`);
    expect(said.headers.get("x-content-type-options")).toBe("nosniff");
    expect(said.headers.get("referrer-policy")).toBe("same-origin");
  });

  test("keeps the nodes' figures to itself", async () => {
    const { url } = await start();
    const answer = await fetch(`${url}/metrics`);
    expect(answer.status).toBe(404);
    expect(await answer.json()).toEqual({ error: expect.any(String), code: "not_found" });
  });

  test("refuses what is too large, and too many connections", async () => {
    const { url } = await start({ environment: { NGINX_MAX_BODY_BYTES: "1000", NGINX_CONNECTIONS_PER_CLIENT: "1" } });
    const large = await fetch(`${url}/echo`, { method: "POST", body: "x".repeat(1001) });
    expect(large.status).toBe(413);
    expect(await large.json()).toEqual({ error: expect.any(String), code: "payload_too_large" });
    const sockets = [1, 2].map(
      () => new WebSocket(`${url.replace("http", "ws")}/socket.io/?EIO=4&transport=websocket`),
    );
    toClose.push(() => sockets.forEach((socket) => void socket.close()));
    const outcomes = await Promise.all(sockets.map(outcomeOf));
    expect(outcomes.toSorted()).toEqual(["error", "open"]);
  });
}

const openBefore = async (nodes: readonly NodeAddress[], toClose: (() => unknown)[]) => {
  const nginx = await startNginx({ nodes: nodes.map(({ host, port }) => `${host}:${port}`) });
  toClose.push(nginx.remove);
  return `http://${nginx.address}:8080`;
};

const openNginx: OpenProxyWith = async (count, toClose) => {
  const running = await startSocketNodes(count, await hostAddress(), toClose);
  return { ...running, url: await openBefore(running.nodes, toClose) };
};

function outcomeOf(socket: WebSocket): Promise<string> {
  return new Promise((resolve) => {
    for (const event of ["open", "error"]) socket.addEventListener(event, () => resolve(event));
  });
}
