import { request as openRequest } from "node:http";
import { connect as connectSocket, type Socket as TcpSocket } from "node:net";
import { until } from "@switchyard/testkit";
import { io as connect, type Socket } from "socket.io-client";
import { afterEach, describe, expect, test } from "vitest";
import { FrontDoor } from "../src/front/door.ts";
import { type SocketNode, startSocketNode } from "./socket-node.ts";

const toClose: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of toClose.splice(0).reverse()) await close();
});

async function openDoor(count: number): Promise<{ nodes: SocketNode[]; door: FrontDoor; url: string }> {
  const nodes = await Promise.all(Array.from({ length: count }, (_, index) => startSocketNode(`node-${index + 1}`)));
  toClose.push(...nodes.map((node) => () => node.crash().catch(() => {})));
  const door = new FrontDoor({ nodes, nodeTimeoutMs: 10_000 });
  toClose.push(() => door.close());
  const port = await door.listen(0, "127.0.0.1");
  return { nodes, door, url: `http://127.0.0.1:${port}` };
}

/** A stock client, once the node it reached has said its name. */
async function enter(url: string, transports: string[]): Promise<{ socket: Socket; node: string }> {
  const socket = connect(url, { transports, forceNew: true, reconnection: false });
  toClose.push(() => socket.disconnect());
  const node = await new Promise<string>((resolve, reject) => {
    socket.once("hello", resolve);
    socket.once("connect_error", reject);
    socket.io.once("close", (reason) => reject(new Error(reason)));
  });
  return { socket, node };
}

async function enterAll(url: string, count: number, transports: string[]) {
  const clients = await Promise.all(Array.from({ length: count }, () => enter(url, transports)));
  const perNode = new Map<string, number>();
  for (const { node } of clients) perNode.set(node, (perNode.get(node) ?? 0) + 1);
  return { clients, perNode };
}

describe("sticky by sid", () => {
  test("a polling client stays on its node, whatever else arrives meanwhile", async () => {
    const { url, nodes } = await openDoor(3);
    const { clients } = await enterAll(url, 30, ["polling"]);
    for (let round = 0; round < 5; round += 1) {
      await Promise.all(clients.map(async ({ socket }) => expect(await socket.emitWithAck("echo", round)).toBe(round)));
    }
    expect(clients.every(({ socket }) => socket.connected)).toBe(true);
    const held = await Promise.all(nodes.map(async ({ io }) => (await io.fetchSockets()).length));
    expect(held).toEqual([10, 10, 10]);
  });

  test("a client that starts polling is upgraded on the same node", async () => {
    const { url, nodes } = await openDoor(3);
    const { clients } = await enterAll(url, 12, ["polling", "websocket"]);
    await until("every client to be upgraded", () =>
      clients.every(({ socket }) => socket.io.engine.transport.name === "websocket"),
    );
    for (const { socket, node } of clients) {
      expect(await socket.emitWithAck("echo", node)).toBe(node);
      const home = nodes.find(({ name }) => name === node);
      expect(home?.io.sockets.sockets.has(socket.id ?? "")).toBe(true);
    }
  });

  test("large messages pass both ways, whole", async () => {
    const { url } = await openDoor(1);
    const text = "x".repeat(700_000);
    for (const transports of [["polling"], ["websocket"]]) {
      const { socket } = await enter(url, transports);
      expect(await socket.emitWithAck("echo", text)).toBe(text);
    }
  });
});

describe("spread", () => {
  for (const transports of [["polling"], ["websocket"], ["polling", "websocket"]]) {
    test(`60 clients by ${transports.join(" then ")} are on 3 nodes within 15 %`, async () => {
      const { url } = await openDoor(3);
      const { perNode } = await enterAll(url, 60, transports);
      for (const count of perNode.values()) expect(Math.abs(count - 20)).toBeLessThanOrEqual(3);
      expect(perNode.size).toBe(3);
    });
  }

  test("new clients fill the node that the others have left", async () => {
    const { url } = await openDoor(2);
    const { clients } = await enterAll(url, 10, ["websocket"]);
    const left = clients.filter(({ node }) => node === "node-1");
    for (const { socket } of left) socket.disconnect();
    await until("the front door to have noticed", async () => (await enter(url, ["websocket"])).node === "node-1");
  });
});

describe("a node dies", () => {
  test("its clients lose their connection, and come back on another node", async () => {
    const { url, nodes } = await openDoor(2);
    const { clients } = await enterAll(url, 8, ["websocket"]);
    const lost = clients.filter(({ node }) => node === "node-1");
    const drops = lost.map(({ socket }) => new Promise((dropped) => socket.once("disconnect", dropped)));
    await nodes[0]?.crash();
    expect(await Promise.all(drops)).toEqual(lost.map(() => "transport close"));
    const { perNode } = await enterAll(url, 4, ["polling", "websocket"]);
    expect([...perNode]).toEqual([["node-2", 4]]);
    expect(clients.filter(({ socket }) => socket.connected)).toHaveLength(4);
  });

  test("a poll with its sid is answered 502, one without goes to the next node at once", async () => {
    const { url, nodes } = await openDoor(2);
    const sids = await Promise.all([handshake(url), handshake(url)]);
    await nodes[0]?.crash();
    const polls = await Promise.all(
      sids.map((sid) => fetch(`${url}/socket.io/?EIO=4&transport=polling&sid=${sid}`, { method: "POST", body: "3" })),
    );
    expect(polls.map(({ status }) => status).toSorted()).toEqual([200, 502]);
    const refused = polls.find(({ status }) => status === 502);
    expect(await refused?.json()).toEqual({ error: expect.any(String), code: "node_gone" });
    const answers = await Promise.all(Array.from({ length: 6 }, () => fetch(`${url}/whoami`)));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
  });

  test("a node that breaks off in mid-answer does not pass for one that has finished", async () => {
    const { url } = await openDoor(1);
    const answer = await fetch(`${url}/break`);
    await expect(answer.text()).rejects.toThrow();
    expect((await fetch(`${url}/whoami`)).status).toBe(200);
  });

  test("a node that is back takes clients again", async () => {
    const { url, nodes } = await openDoor(1);
    const [first] = nodes;
    await first?.crash();
    await expect(enter(url, ["websocket"])).rejects.toThrow();
    const again = await startSocketNode("node-1", first?.port);
    toClose.push(() => again.crash());
    await until("it to be used", async () => (await fetch(`${url}/whoami`)).status === 200);
    expect((await enter(url, ["polling"])).node).toBe("node-1");
  });
});

test("a draining node keeps its clients and gets no new ones", async () => {
  const { url, nodes } = await openDoor(2);
  const { clients } = await enterAll(url, 6, ["polling"]);
  nodes[0]?.setReady(false);
  await until("the drain to be noticed", async () => {
    const names = await Promise.all(Array.from({ length: 4 }, () => whoAnswers(url)));
    return names.every((name) => name === "node-2");
  });
  const { perNode } = await enterAll(url, 8, ["polling", "websocket"]);
  expect([...perNode]).toEqual([["node-2", 8]]);
  for (const { socket } of clients) expect(await socket.emitWithAck("echo", 1)).toBe(1);
});

test("nobody left: 503 with a code, for requests and for WebSockets", async () => {
  const { url, nodes } = await openDoor(2);
  await Promise.all(nodes.map((node) => node.crash()));
  const answer = await fetch(url);
  expect(answer.status).toBe(503);
  expect(answer.headers.get("retry-after")).toBe("1");
  expect(await answer.json()).toEqual({ error: expect.any(String), code: "unavailable" });
  expect(await upgradeStatus(`${url}/socket.io/?EIO=4&transport=websocket`)).toBe(503);
});

describe("what a proxy must not get wrong", () => {
  test("says where a request came from, and appends to what an outer proxy said", async () => {
    const { url } = await openDoor(1);
    const plain = await headersSeen(url, {});
    expect(plain).toMatchObject({
      "x-forwarded-for": "127.0.0.1",
      "x-forwarded-proto": "http",
      "x-forwarded-host": new URL(url).host,
    });
    const behind = await headersSeen(url, { "X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https" });
    expect(behind).toMatchObject({ "x-forwarded-for": "203.0.113.9, 127.0.0.1", "x-forwarded-proto": "https" });
  });

  test("streams a body as it comes, without waiting for its end", async () => {
    const { url } = await openDoor(1);
    const request = openRequest(`${url}/echo`, { method: "POST" });
    toClose.push(() => request.destroy());
    request.write("first");
    const seen = await new Promise<string>((resolve, reject) => {
      request.once("error", reject);
      request.once("response", (answer) => answer.once("data", (chunk: Buffer) => resolve(chunk.toString())));
    });
    expect(seen).toBe("first");
  });

  test("a body that a dead node never took goes to the next one, whole", async () => {
    const { url, nodes } = await openDoor(2);
    await nodes[0]?.crash();
    const bodies = Array.from({ length: 6 }, (_, index) => `${index}`.repeat(300_000));
    const answers = await Promise.all(bodies.map((body) => fetch(`${url}/echo`, { method: "POST", body })));
    expect(await Promise.all(answers.map((answer) => answer.text()))).toEqual(bodies);
  });

  test("a node's refusal of a WebSocket reaches the client", async () => {
    const { url } = await openDoor(1);
    expect(await upgradeStatus(`${url}/socket.io/?EIO=4&transport=websocket&sid=unknown`)).toBe(400);
    expect(await upgradeStatus(`${url}/elsewhere`)).not.toBe(101);
  });

  test("outlives clients and nodes that break off at any point, and forgets them", { timeout: 60_000 }, async () => {
    const { url, nodes } = await openDoor(2);
    const breakSome = (socket: TcpSocket) => sometimes(0.2, () => socket.destroy());
    for (const { io } of nodes) io.httpServer.on("connection", breakSome);
    await Promise.all(Array.from({ length: 400 }, (_, index) => breakOff(url, index)));
    for (const { io } of nodes) io.httpServer.off("connection", breakSome);
    await until("both nodes to be in use again, evenly", async () => {
      const { perNode, clients } = await enterAll(url, 10, ["websocket"]);
      for (const { socket } of clients) socket.disconnect();
      return [...perNode.values()].every((count) => count === 5);
    });
  });
});

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

async function handshake(url: string): Promise<string> {
  const answer = await fetch(`${url}/socket.io/?EIO=4&transport=polling`);
  const { sid } = JSON.parse((await answer.text()).slice(1)) as { sid: string };
  return sid;
}

async function whoAnswers(url: string): Promise<string> {
  const { name } = (await (await fetch(`${url}/whoami`)).json()) as { name: string };
  return name;
}

async function headersSeen(url: string, headers: Record<string, string>): Promise<Record<string, string>> {
  const answer = await fetch(`${url}/whoami`, { headers });
  return ((await answer.json()) as { headers: Record<string, string> }).headers;
}

function upgradeStatus(url: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const request = openRequest(url, {
      headers: {
        Connection: "Upgrade",
        Upgrade: "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
      },
    });
    request.on("response", (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    request.on("upgrade", (_answer, socket) => {
      socket.destroy();
      resolve(101);
    });
    request.on("error", reject);
    request.end();
  });
}
