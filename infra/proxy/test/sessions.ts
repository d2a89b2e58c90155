import { until } from "@switchyard/testkit";
import { afterEach, describe, expect, test } from "vitest";
import { enter, enterAll, handshake, post, upgradeStatus } from "./clients.ts";
import type { OpenProxyWith } from "./proxy-under-test.ts";

const ways = [["polling"], ["websocket"], ["polling", "websocket"]].map((transports) => {
  return { way: transports.join(" then "), transports };
});

/** The way any reverse proxy treats Engine.IO sessions: each stays on its node, new ones are spread, nothing is repeated. */
export function describeSessions(openWith: OpenProxyWith): void {
  const toClose: (() => unknown)[] = [];
  const open = (nodes: number) => openWith(nodes, toClose);
  afterEach(async () => {
    for (const close of toClose.splice(0).reverse()) await close();
  });

  describe("sticky by sid", () => {
    test("a polling client stays on its node, whatever else arrives meanwhile", async () => {
      const { url, nodes } = await open(3);
      const { clients } = await enterAll(url, 30, ["polling"], toClose);
      for (let round = 0; round < 5; round += 1) {
        const echoes = clients.map(({ socket }) => socket.emitWithAck("echo", round));
        expect(await Promise.all(echoes)).toEqual(clients.map(() => round));
      }
      expect(clients.every(({ socket }) => socket.connected)).toBe(true);
      const held = await Promise.all(nodes.map(async ({ io }) => (await io.fetchSockets()).length));
      expect(held).toEqual([10, 10, 10]);
    });

    test("a client that starts polling is upgraded on the same node", async () => {
      const { url, nodes } = await open(3);
      const { clients } = await enterAll(url, 12, ["polling", "websocket"], toClose);
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
      const { url } = await open(1);
      const text = "x".repeat(700_000);
      for (const transports of [["polling"], ["websocket"]]) {
        const { socket } = await enter(url, transports, toClose);
        expect(await socket.emitWithAck("echo", text)).toBe(text);
      }
    });
  });

  describe("spread", () => {
    test.for(ways)("60 clients by $way are on 3 nodes within 15 %", async ({ transports }) => {
      const { url } = await open(3);
      const { perNode } = await enterAll(url, 60, transports, toClose);
      for (const count of perNode.values()) expect(Math.abs(count - 20)).toBeLessThanOrEqual(3);
      expect(perNode.size).toBe(3);
    });

    test("what else a page asks for doesn't get the spread out of step", async () => {
      const { url } = await open(3);
      const perNode = new Map<string, number>();
      for (let visit = 0; visit < 12; visit += 1) {
        for (const path of ["/whoami", "/whoami"]) await fetch(url + path);
        const { node } = await enter(url, ["websocket"], toClose);
        perNode.set(node, (perNode.get(node) ?? 0) + 1);
      }
      expect([...perNode.values()]).toEqual([4, 4, 4]);
    });
  });

  test("a node that is not ready keeps its clients and gets no new ones", async () => {
    const { url, nodes } = await open(2);
    const { clients } = await enterAll(url, 6, ["polling"], toClose);
    nodes[0]?.setReady(false);
    await until("that to be noticed", async () => (await enterAll(url, 2, ["polling"], toClose)).perNode.size === 1);
    const { perNode } = await enterAll(url, 8, ["polling", "websocket"], toClose);
    expect([...perNode]).toEqual([["node-2", 8]]);
    for (const { socket } of clients) expect(await socket.emitWithAck("echo", 1)).toBe(1);
  });

  describe("a node dies", () => {
    test("its clients lose their connection, and come back on another node", async () => {
      const { url, nodes } = await open(2);
      const { clients } = await enterAll(url, 8, ["websocket"], toClose);
      const lost = clients.filter(({ node }) => node === "node-1");
      const drops = lost.map(({ socket }) => new Promise((dropped) => socket.once("disconnect", dropped)));
      await nodes[0]?.crash();
      expect(await Promise.all(drops)).toEqual(lost.map(() => "transport close"));
      const { perNode } = await enterAll(url, 4, ["polling", "websocket"], toClose);
      expect([...perNode]).toEqual([["node-2", 4]]);
      expect(clients.filter(({ socket }) => socket.connected)).toHaveLength(4);
    });

    test("a poll with its sid is answered 502, one without goes to the next node at once", async () => {
      const { url, nodes } = await open(2);
      const sids = await Promise.all([handshake(url), handshake(url)]);
      await nodes[0]?.crash();
      const polls = await Promise.all(sids.map((sid) => post(url, sid)));
      expect(polls.map(({ status }) => status).toSorted()).toEqual([200, 502]);
      const refused = polls.find(({ status }) => status === 502);
      expect(await refused?.json()).toEqual({ error: expect.any(String), code: "node_gone" });
      const answers = await Promise.all(Array.from({ length: 6 }, () => fetch(`${url}/whoami`)));
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    });

    test("a node that is back takes clients again", async () => {
      const { url, nodes, revive } = await open(1);
      await nodes[0]?.crash();
      await expect(enter(url, ["websocket"], toClose)).rejects.toThrow();
      await revive(0);
      await until("it to be used", async () => (await fetch(`${url}/whoami`)).status === 200);
      expect((await enter(url, ["polling"], toClose)).node).toBe("node-1");
    });
  });

  test("events that a node may have accepted are not sent again, to it or another", async () => {
    const { url, nodes } = await open(3);
    const sids = await Promise.all(Array.from({ length: 9 }, () => handshake(url)));
    let heard = 0;
    for (const { io } of nodes) {
      io.httpServer.prependListener("request", (request) => {
        if (!request.url?.includes("broken-off")) return;
        heard += 1;
        request.socket.destroy();
      });
    }
    for (const _ of [1, 2]) {
      const answers = await Promise.all(sids.map((sid) => post(url, sid, "&broken-off")));
      expect(answers.map(({ status }) => status)).toEqual(sids.map(() => 502));
    }
    expect(heard).toBe(2 * sids.length);
  });

  test("nobody left: 503 with a code, for requests, handshakes and WebSockets", async () => {
    const { url, nodes } = await open(2);
    await Promise.all(nodes.map((node) => node.crash()));
    for (const path of ["/", "/socket.io/?EIO=4&transport=polling"]) {
      const answer = await fetch(url + path);
      expect(answer.status).toBe(503);
      expect(answer.headers.get("retry-after")).toBe("1");
      expect(await answer.json()).toEqual({ error: expect.any(String), code: "unavailable" });
    }
    expect(await upgradeStatus(`${url}/socket.io/?EIO=4&transport=websocket`)).toBe(503);
  });
}
