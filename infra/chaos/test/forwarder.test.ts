import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { until } from "@switchyard/testkit";
import { describe, expect, onTestFinished, test } from "vitest";
import { Forwarder } from "../src/target/forwarder.ts";

/** A server that keeps its connections and what it was sent, and sends everything back. */
async function openEcho() {
  const sockets: Socket[] = [];
  const received: string[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on("error", () => {});
    socket.on("data", (chunk) => {
      received.push(String(chunk));
      socket.write(chunk);
    });
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, sockets, received };
}

async function openForwarder(ports: Readonly<Record<string, number>>) {
  const forwarder = new Forwarder(() => Object.entries(ports).map(([name, port]) => ({ name, port })));
  const port = await forwarder.listen();
  onTestFinished(() => forwarder.close());
  const client = async () => {
    const socket = connect(port, "127.0.0.1");
    const heard = { text: "", isClosed: false };
    socket
      .on("error", () => {})
      .on("data", (chunk) => {
        heard.text += chunk;
      });
    socket.on("close", () => {
      heard.isClosed = true;
    });
    await once(socket, "connect");
    onTestFinished(() => void socket.destroy());
    return Object.assign(heard, { say: (text: string) => void socket.write(text) });
  };
  return { forwarder, client };
}

describe("a forwarder", () => {
  test("spreads connections evenly, passes over what does not listen, and cuts those of one destination", async () => {
    const [one, two] = [await openEcho(), await openEcho()];
    const { forwarder, client } = await openForwarder({ one: one.port, gone: 1, two: two.port });
    const clients = [await client(), await client(), await client(), await client()];
    for (const each of clients) each.say("hello");
    await until("all to hear it back", () => clients.every(({ text }) => text === "hello"));
    expect([one.sockets.length, two.sockets.length]).toEqual([2, 2]);
    expect(forwarder.cut("one")).toBe(2);
    await until("two to be closed", () => clients.filter(({ isClosed }) => isClosed).length === 2);
    expect(two.sockets.every(({ destroyed }) => !destroyed)).toBe(true);
  });

  test("holds what passes between a destination and its clients, sends new ones elsewhere, and loses nothing", async () => {
    const [one, two] = [await openEcho(), await openEcho()];
    const { forwarder, client } = await openForwarder({ one: one.port, two: two.port });
    const first = await client();
    first.say("a");
    await until("it to be heard", () => first.text === "a");
    const release = forwarder.hold("one");
    first.say("b");
    const others = [await client(), await client()];
    for (const other of others) other.say("c");
    await until("the others to be heard", () => others.every(({ text }) => text === "c"));
    expect([first.text, one.received, two.sockets.length]).toEqual(["a", ["a"], 2]);
    release();
    await until("what was held", () => first.text === "ab");
  });

  test("makes a connection wait for its only destination", async () => {
    const one = await openEcho();
    const { forwarder, client } = await openForwarder({ one: one.port });
    const release = forwarder.hold("one");
    const waiting = await client();
    waiting.say("a");
    expect(one.sockets).toEqual([]);
    release();
    await until("it to be heard", () => waiting.text === "a");
  });

  test("delays in both directions, and keeps the order also when that ends", async () => {
    const one = await openEcho();
    const { forwarder, client } = await openForwarder({ one: one.port });
    const slow = await client();
    const end = forwarder.delay("one", 50);
    const from = performance.now();
    for (const text of ["a", "b"]) slow.say(text);
    await until("the first to arrive", () => one.received.length > 0);
    expect(performance.now() - from).toBeGreaterThanOrEqual(49);
    slow.say("c");
    end();
    slow.say("d");
    await until("all to be heard", () => slow.text.length === 4);
    expect(slow.text).toBe("abcd");
  });

  test("abandons a destination: the clients' sides are broken, and the other sides only when that ends", async () => {
    const one = await openEcho();
    const { forwarder, client } = await openForwarder({ one: one.port });
    const abandoned = await client();
    abandoned.say("a");
    await until("it to be heard", () => abandoned.text === "a");
    const end = forwarder.abandon("one");
    await until("the client to be cut off", () => abandoned.isClosed);
    const later = await client();
    later.say("b");
    await until("another one to be heard", () => later.text === "b");
    expect(one.sockets.map(({ destroyed }) => destroyed)).toEqual([false, false]);
    end();
    await until("the other side to be closed", () => one.sockets[0]?.destroyed === true);
    expect(later.isClosed).toBe(false);
  });
});
