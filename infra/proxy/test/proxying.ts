import { connect as connectSocket, type Socket as TcpSocket } from "node:net";
import { until } from "@switchyard/testkit";
import { afterEach, expect, test } from "vitest";
import { enterAll, handshake, headersSeen, upgradeStatus } from "./clients.ts";
import type { OpenProxyWith } from "./proxy-under-test.ts";

/** Things that no reverse proxy may get wrong. */
export function describeProxying(openWith: OpenProxyWith): void {
  const toClose: (() => unknown)[] = [];
  const open = (nodes: number) => openWith(nodes, toClose);
  afterEach(async () => {
    for (const close of toClose.splice(0).reverse()) await close();
  });

  test("says where a request came from last, whatever the client says", async () => {
    const { url } = await open(1);
    const plain = await headersSeen(url, {});
    expect(plain).toMatchObject({ "x-forwarded-proto": "http", "x-forwarded-host": new URL(url).host });
    const own = plain["x-forwarded-for"]?.split(", ").at(-1);
    const claiming = await headersSeen(url, { "X-Forwarded-For": "203.0.113.9" });
    expect(claiming["x-forwarded-for"]?.split(", ").at(-1)).toBe(own);
    expect(own).not.toBe("203.0.113.9");
  });

  test("a node that breaks off in mid-answer does not pass for one that has finished", async () => {
    const { url } = await open(1);
    const answer = await fetch(`${url}/break`);
    await expect(answer.text()).rejects.toThrow();
    expect((await fetch(`${url}/whoami`)).status).toBe(200);
  });

  test("a body that a dead node never took goes to the next one, whole", async () => {
    const { url, nodes } = await open(2);
    await nodes[0]?.crash();
    const bodies = Array.from({ length: 6 }, (_, index) => `${index}`.repeat(300_000));
    const answers = await Promise.all(bodies.map((body) => fetch(`${url}/whole`, { method: "POST", body })));
    expect(await Promise.all(answers.map((answer) => answer.text()))).toEqual(bodies);
  });

  test("a node's refusal of a body that is too large reaches the client, and others go on", async () => {
    const { url } = await open(1);
    for (const megabytes of [1.1, 5, 20]) {
      const path = `${url}/socket.io/?EIO=4&transport=polling&sid=${await handshake(url)}`;
      const answer = await fetch(path, { method: "POST", body: "x".repeat(megabytes * 1_000_000) });
      expect.soft(answer.status, `${megabytes} MB`).toBe(413);
      expect((await fetch(`${url}/whoami`)).status).toBe(200);
    }
  });

  test("a node's refusal of a WebSocket reaches the client", async () => {
    const { url } = await open(1);
    expect(await upgradeStatus(`${url}/socket.io/?EIO=4&transport=websocket&sid=unknown`)).toBe(400);
    expect(await upgradeStatus(`${url}/elsewhere`)).not.toBe(101);
  });

  test("outlives clients and nodes that break off at any point, and forgets them", async () => {
    const { url, nodes } = await open(2);
    const breakSome = (socket: TcpSocket) => sometimes(0.2, () => socket.destroy());
    for (const { io } of nodes) io.httpServer.on("connection", breakSome);
    await Promise.all(Array.from({ length: 400 }, (_, index) => breakOff(url, index)));
    for (const { io } of nodes) io.httpServer.off("connection", breakSome);
    await until("both nodes to be in use again, evenly", async () => {
      const { perNode, clients } = await enterAll(url, 10, ["websocket"], toClose);
      for (const { socket } of clients) socket.disconnect();
      return [...perNode.values()].every((count) => count === 5);
    });
  });
}

/** Does something at a random moment within the next few milliseconds, or not at all. */
function sometimes(share: number, what: () => void): void {
  if (Math.random() < share) setTimeout(what, Math.random() * 20);
}

/** One client of many kinds that leaves, whole or by halves, before, while or after it is answered. */
function breakOff(url: string, index: number): Promise<void> {
  const { hostname, port } = new URL(url);
  const upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n";
  const requests = [
    "GET /whoami HTTP/1.1\r\nHost: x\r\n\r\n",
    "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\npart of it",
    "GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: x\r\n\r\n",
    `GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\n${upgrade}Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`,
  ];
  return new Promise((resolve) => {
    const socket = connectSocket(Number(port), hostname, () => socket.write(requests[index % requests.length] ?? ""));
    socket.on("error", () => {});
    socket.resume();
    if (index % 3 === 0) sometimes(0.5, () => socket.end());
    else sometimes(0.5, () => socket.resetAndDestroy());
    setTimeout(() => socket.destroy(), 25);
    socket.once("close", () => resolve());
  });
}
