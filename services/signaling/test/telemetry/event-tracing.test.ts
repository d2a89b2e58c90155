import { randomUUID } from "node:crypto";
import { keys } from "@switchyard/store";
import { pairClients, startCluster, type TestClient, type TestCluster, until } from "@switchyard/testkit";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { tokenFor } from "../admission/tokens.ts";
import { patient } from "../patient.ts";
import { type Fields, lineIn } from "./log-lines.ts";

const secret = "a secret that no line of a log may have";
/** More than any delivery on one machine takes; clocks that are not compared would be off by far more. */
const MOST_SECONDS = 30;

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ nodes: 2, environment: { ...patient, LOG_LEVEL: "debug", JWT_SECRET: secret } });
  return cluster.stop;
});
afterEach(() => cluster.empty());

const lineOf = (wanted: Fields) => lineIn(cluster, wanted);
const idOf = ({ socket }: TestClient) => String(socket.id);
const nodeId = (index: number) => cluster.node(index).id;

/** How many deliveries a node has measured, and how long they took together. */
async function delivered(node: number, way: "session" | "feed", from: "same" | "other") {
  const text = await (await fetch(`${cluster.node(node).url}/metrics`)).text();
  const value = (name: string) =>
    Number(
      new RegExp(`^switchyard_delivery_seconds_${name}\\{way="${way}",from="${from}",.*\\} (\\S+)$`, "m").exec(
        text,
      )?.[1] ?? 0,
    );
  return { count: value("count"), sum: value("sum") };
}

async function attendChat(node: number): Promise<TestClient> {
  const token = tokenFor(secret, { sub: `user-${randomUUID()}` });
  return cluster.connect(node, { namespace: "/chat", auth: { token } });
}

describe("one trace finds everything about", () => {
  test("a signal, at both nodes", async () => {
    const [a, b] = [await cluster.connect(0), await cluster.connect(1)];
    const room = await pairClients(a, b);
    const before = await delivered(1, "session", "other");
    a.send("ice_candidate", { roomId: room, candidate: { candidate: "candidate:1", sdpMid: "0" } });
    await b.receive("ice_candidate");
    const [sender, receiver] = [
      { session: idOf(a), node: nodeId(0) },
      { session: idOf(b), node: nodeId(1) },
    ];
    const { trace } = await lineOf({ msg: "event in", event: "ice_candidate", dialect: "random", room, ...sender });
    expect(trace).toMatch(/^[0-9a-f]{32}$/);
    await lineOf({
      trace,
      msg: "event to a session",
      type: "signal",
      room,
      ...receiver,
      node: nodeId(0),
      outcome: "delivered",
    });
    const { number } = await lineOf({ trace, msg: "event out", event: "ice_candidate", room, ...receiver });
    expect(number).toBe(b.received.at(-1)?.number);
    const after = await until("the delivery to be measured", async () => {
      const now = await delivered(1, "session", "other");
      return now.count > before.count && now;
    });
    expect(after.sum - before.sum).toBeGreaterThanOrEqual(0);
    expect(after.sum - before.sum).toBeLessThan(MOST_SECONDS);
  });

  test("a message in a room, at the nodes of all who are there", async () => {
    const clients = [0, 1, 1].map((node) => cluster.client(node, { namespace: "/rooms" }));
    const roomId = `room-${randomUUID()}`;
    for (const client of clients) {
      await client.connected();
      expect(await client.request("join-room", { roomId, userName: client.user })).toMatchObject({ ok: true });
    }
    const [sender, ...others] = clients as [TestClient, ...TestClient[]];
    await sender.request("send-message", { roomId, message: "hello" });
    const { trace } = await lineOf({ msg: "event in", event: "send-message", session: idOf(sender), node: nodeId(0) });
    for (const [client, node] of [[sender, 0] as const, ...others.map((other) => [other, 1] as const)]) {
      const session = idOf(client);
      const { room } = await lineOf({ trace, msg: "event to a session", type: "said", session, outcome: "delivered" });
      await lineOf({ trace, msg: "event out", event: "new-message", session, room, node: nodeId(node) });
    }
  });

  test("a message to all, at every node", async () => {
    const [sender, other] = [await attendChat(0), await attendChat(1)];
    const before = await delivered(1, "feed", "other");
    const { id } = await sender.request("send_message", { text: "hello" });
    const { trace } = await lineOf({ msg: "event in", event: "send_message", session: idOf(sender), node: nodeId(0) });
    for (const [client, node] of [[sender, 0] as const, [other, 1] as const]) {
      await lineOf({
        trace,
        msg: "entry out",
        event: "new_message",
        session: idOf(client),
        entry: id,
        node: nodeId(node),
      });
    }
    const after = await until("the delivery to be measured", async () => {
      const now = await delivered(1, "feed", "other");
      return now.count > before.count && now;
    });
    expect(after.sum - before.sum).toBeGreaterThanOrEqual(0);
    expect(after.sum - before.sum).toBeLessThan(MOST_SECONDS);
  });

  test("a pairing, through the matchmaker", async () => {
    const [a, b] = [await cluster.connect(0), await cluster.connect(1)];
    const room = await pairClients(a, b);
    for (const [index, session] of [idOf(a), idOf(b)].entries()) {
      const { trace } = await lineOf({ msg: "event in", event: "join", session });
      const matchmaker = { trace, session, room, node: cluster.matchmakers[0]?.id };
      await lineOf({ ...matchmaker, msg: "a pairing", outcome: "paired", queue: "chat" });
      await lineOf({ ...matchmaker, msg: "an assignment was carried out", outcome: "paired", queue: "chat" });
      await lineOf({ ...matchmaker, msg: "event to a session", type: "paired", outcome: "delivered" });
      await lineOf({ trace, msg: "event out", event: "partner_found", session, room, node: nodeId(index) });
    }
  });

  test("what a client missed, at the node that it came back to, where it is not measured", async () => {
    const proxy = await cluster.proxy(1);
    const [a, b] = [await cluster.connect(0), await cluster.connect(proxy)];
    const room = await pairClients(a, b);
    const session = idOf(b);
    proxy.routeTo(1); // nobody listens there
    proxy.cut();
    const before = await delivered(0, "session", "same");
    await a.request("ice_candidate", { roomId: room, candidate: { candidate: "candidate:2" } });
    const { trace } = await lineOf({ msg: "event in", event: "ice_candidate", session: idOf(a) });
    proxy.routeTo(cluster.node(0).port);
    await b.receive("ice_candidate");
    const { number } = await lineOf({ trace, msg: "missed event out", session, room, node: nodeId(0) });
    expect(number).toBe(b.received.at(-1)?.number);
    expect(await delivered(0, "session", "same")).toEqual(before);
  });
});

test("what a node of an older version tells is heard, and recovered, without a trace", async () => {
  const client = await cluster.connect(0);
  const session = idOf(client);
  const tellAsBefore = async (packet: string) => {
    const number = Number(await cluster.redis.hget(keys.session(session), "number")) + 1;
    const at = keys.outbox(session);
    const publishing = cluster.redis
      .multi()
      .hset(keys.session(session), { number })
      .xadd(at, `0-${number}`, "p", packet);
    await publishing.spublish(at, `${number}\n\n${packet}`).exec(); // in one step, as a script does
  };
  await tellAsBefore('["news",{"from":"before"}]');
  expect(await client.receive("news")).toEqual({ from: "before" });
  const delivered = await lineOf({ msg: "event out", event: "news", session, number: 1 });
  expect(delivered).not.toHaveProperty("trace");
  client.cut();
  await tellAsBefore('["news",{"from":"meanwhile"}]');
  expect(await client.receive("news")).toEqual({ from: "meanwhile" });
});
