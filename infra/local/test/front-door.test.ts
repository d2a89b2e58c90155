import { request as openRequest } from "node:http";
import { until } from "@switchyard/testkit";
import { afterEach, describe, expect, test } from "vitest";
import { FrontDoor } from "../src/front/door.ts";
import { enter, enterAll, headersSeen, whoAnswers } from "./front-door/clients.ts";
import type { OpenDoorWith } from "./front-door/door-under-test.ts";
import { describeProxying } from "./front-door/proxying.ts";
import { describeSessions } from "./front-door/sessions.ts";
import { startSocketNodes } from "./socket-node.ts";

const openLocal: OpenDoorWith = async (count, toClose) => {
  const running = await startSocketNodes(count, "127.0.0.1", toClose);
  const door = new FrontDoor({ nodes: running.nodes, nodeTimeoutMs: 10_000 });
  toClose.push(() => door.close());
  const port = await door.listen(0, "127.0.0.1");
  return { ...running, url: `http://127.0.0.1:${port}` };
};

describe("as any front door: sessions", () => describeSessions(openLocal));
describe("as any front door: proxying", () => describeProxying(openLocal));

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

  test("a draining node keeps its clients and gets no new ones", async () => {
    const { url, nodes } = await open(2);
    const { clients } = await enterAll(url, 6, ["polling"], toClose);
    nodes[0]?.setReady(false);
    await until("the drain to be noticed", async () => {
      const names = await Promise.all(Array.from({ length: 4 }, () => whoAnswers(url)));
      return names.every((name) => name === "node-2");
    });
    const { perNode } = await enterAll(url, 8, ["polling", "websocket"], toClose);
    expect([...perNode]).toEqual([["node-2", 8]]);
    for (const { socket } of clients) expect(await socket.emitWithAck("echo", 1)).toBe(1);
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
});
