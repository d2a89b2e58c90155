import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { until } from "@switchyard/testkit";
import { afterEach, expect, test } from "vitest";
import { whoAnswers } from "./clients.ts";
import type { OpenProxyWith } from "./proxy-under-test.ts";

/** Requests that somebody begins, and never ends. */
const halves = {
  nothing: "",
  "two letters": "GE",
  "half a head": "GET /whoami HTTP/1.1\r\nHost: a\r\nX-Slow",
  "half a body": "POST /whole HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhello",
  "half a handshake": "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n",
} as const;
const OF_EACH = 20;

/** Opens a connection and sends that; `isClosed` once the other side has ended it. */
export async function begin(url: string, bytes: string): Promise<{ readonly socket: Socket; isClosed: boolean }> {
  const { hostname, port } = new URL(url);
  const socket = connect({ port: Number(port), host: hostname });
  const begun = { socket, isClosed: false };
  socket
    .on("error", () => {})
    .on("close", () => {
      begun.isClosed = true;
    });
  socket.resume();
  await once(socket, "connect");
  socket.write(bytes);
  return begun;
}

/** Somebody who sends half a request keeps a connection for a while, and nobody else out. */
export function describeSlowRequests(openWith: OpenProxyWith): void {
  const toClose: (() => unknown)[] = [];
  afterEach(async () => {
    for (const close of toClose.splice(0).reverse()) await close();
  });

  test("gives up requests that never end, and serves others meanwhile", async () => {
    const { url } = await openWith(1, toClose);
    const all = Object.entries(halves).flatMap(([what, half]) => Array.from({ length: OF_EACH }, () => [what, half]));
    const begun = await Promise.all(
      all.map(async ([what = "", half = ""]) => Object.assign(await begin(url, half), { what })),
    );
    toClose.push(() => begun.forEach(({ socket }) => void socket.destroy()));
    await until("others to be served", async () => (await whoAnswers(url)) === "node-1");
    const left = () => [...new Set(begun.filter(({ isClosed }) => !isClosed).map(({ what }) => what))];
    await until("all to be given up", () => left().length === 0).catch(() => expect(left()).toEqual([]));
    expect(await whoAnswers(url)).toBe("node-1");
  });
}
