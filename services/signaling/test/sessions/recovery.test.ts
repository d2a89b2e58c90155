import {
  expectNothingMore,
  pairClients,
  startCluster,
  type TestClient,
  type TestCluster,
  until,
} from "@switchyard/testkit";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { patient } from "../patient.ts";

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ environment: { ...patient, MATCH_WIDEN_MS: 600_000 } });
  return cluster.stop;
});
afterEach(() => cluster.empty());

/** A client behind a door of its own, paired with one that stays where it is. */
async function pair(options: object = {}) {
  const proxy = await cluster.proxy(0);
  const [ann, bob] = await Promise.all([cluster.connect(proxy, options), cluster.connect(1)]);
  return { proxy, ann, bob, roomId: await pairClients(ann, bob), id: ann.socket.id };
}

const countOf = (received: unknown) => (received as { count: number } | undefined)?.count;
const nodeOf = async (client: TestClient) => (await client.request("where", {}))["node"];

describe.each([
  ["a WebSocket", { transports: ["websocket"] }],
  ["polling", { transports: ["polling"] }],
])("a connection over %s that drops", (_, options) => {
  test.each(["the client's transport", "the network"])(
    "(%s) goes on at another node, as if nothing was",
    async (what) => {
      const { proxy, ann, bob, roomId, id } = await pair(options);
      const { counts } = bob;
      const before = counts.length;
      proxy.routeTo(cluster.node(1).port);
      if (what === "the network") proxy.cut();
      else ann.cut();
      await ann.connected(2);
      expect(ann.socket.recovered).toBe(true);
      expect(ann.socket.id).toBe(id);
      expect(await nodeOf(ann)).toBe(cluster.node(1).id);
      await ann.request("send_message", { roomId, message: "here again" });
      expect(await bob.receive("new_message")).toMatchObject({ text: "here again", sender: ann.user });
      await expectNothingMore(ann, bob);
      expect(bob.counts.slice(before).filter((count) => countOf(count) !== 2)).toEqual([]);
    },
  );

  test("gets all it has missed, once, in order", async () => {
    const { proxy, ann, bob, roomId } = await pair(options);
    await bob.request("typing", { roomId, isTyping: true });
    await ann.receive("user_typing");
    proxy.routeTo(cluster.node(1).port);
    for (let round = 0; round < 3; round += 1) {
      ann.cut();
      const numbers = Array.from({ length: 40 }, (_, i) => i);
      await Promise.all(numbers.map((i) => bob.request("ice_candidate", { roomId, candidate: { round, i } })));
      for (const i of numbers) expect(await ann.receive("ice_candidate")).toEqual({ candidate: { round, i } });
      await ann.connected(round + 2);
      expect(ann.socket.recovered).toBe(true);
    }
    await expectNothingMore(ann, bob);
  });
});

describe("a connection that drops", () => {
  test("what the client wanted to send meanwhile is sent when it is back", async () => {
    const { proxy, ann, bob, roomId } = await pair();
    proxy.routeTo(cluster.node(1).port);
    ann.cut();
    for (let i = 0; i < 20; i += 1) ann.send("ice_candidate", { roomId, candidate: { i } });
    for (let i = 0; i < 20; i += 1) expect(await bob.receive("ice_candidate")).toEqual({ candidate: { i } });
    await expectNothingMore(ann, bob);
  });

  test("before it ever heard anything that is kept, it recovers too", async () => {
    const proxy = await cluster.proxy(0);
    const ann = await cluster.connect(proxy);
    const { id } = ann.socket;
    proxy.routeTo(cluster.node(1).port);
    ann.cut();
    await ann.connected(2);
    expect([ann.socket.recovered, ann.socket.id]).toEqual([true, id]);
    await expectNothingMore(ann);
  });

  test("the opening event again after a recovery: its reply again, and nobody else hears anything", async () => {
    const { proxy, ann, bob } = await pair();
    const found = ann.received.at(-1)?.args[0];
    proxy.routeTo(cluster.node(1).port);
    proxy.cut();
    await ann.connected(2);
    expect(await ann.join()).toEqual({ ok: true });
    expect(await ann.receive("partner_found")).toEqual(found);
    await expectNothingMore(ann, bob);
  });

  test("while it waits: keeps its place, and is not paired until it is back", async () => {
    const proxy = await cluster.proxy(0);
    const [ann, bob, cem] = await Promise.all([cluster.connect(proxy), cluster.connect(1), cluster.connect(1)]);
    await ann.join({ preferences: { language: "de" } });
    await ann.receive("waiting_for_partner");
    proxy.routeTo(1); // nobody listens there
    const id = String(ann.socket.id);
    ann.cut();
    await until("it to be gone", async () => (await cluster.store.sessions.read(id))?.state === "detached");
    await bob.join({ preferences: { language: "de" } });
    expect(await bob.receive("waiting_for_partner")).toMatchObject({ position: 2 });
    await expectNothingMore(bob);
    await cem.join({ preferences: { language: "fr" } });
    await cem.receive("waiting_for_partner");
    proxy.routeTo(cluster.node(1).port);
    await ann.connected(2);
    expect(ann.socket.recovered).toBe(true);
    expect(await ann.receive("partner_found")).toMatchObject({ partnerId: bob.user });
    expect(await bob.receive("partner_found")).toMatchObject({ partnerId: ann.user });
    await expectNothingMore(ann, bob, cem);
  });

  test("the old connection of a client that is back already is closed, and costs it nothing", async () => {
    const { ann, bob, roomId } = await pair();
    const { id } = ann.socket;
    const { _pid: pid, _lastOffset: offset } = ann.socket as unknown as { _pid: string; _lastOffset: string };
    ann.socket.io.reconnection(false);
    const raw = await cluster.rawSocket(1);
    raw.sendText(`40/random,${JSON.stringify({ pid, offset })}`);
    const reason = await new Promise((done) => ann.socket.once("disconnect", done));
    expect(reason).toMatch(/transport/);
    await bob.request("typing", { roomId, isTyping: true });
    await expectNothingMore(bob);
    expect(raw.received.find((text) => text.startsWith("40/random,"))).toContain(`"${id}"`);
    raw.sendText("41/random,");
    await bob.receive("partner_disconnected");
  });

  test("the goodbye of a client that is back before it is read ends what it has come back to", async () => {
    const { ann, bob } = await pair();
    const { id } = ann.socket;
    const { _pid: pid, _lastOffset: offset } = ann.socket as unknown as { _pid: string; _lastOffset: string };
    const raw = await cluster.rawSocket(1);
    raw.sendText(`40/random,${JSON.stringify({ pid, offset })}`);
    await until("the other node to have it", () => raw.received.some((text) => text.includes(`"${id}"`)));
    ann.socket.disconnect();
    await bob.receive("partner_disconnected");
    await until("its new connection to be closed", () => raw.isClosed);
    await expectNothingMore(bob);
    await until("its keys to be gone", async () => (await cluster.redis.keys(`sy:{session:${id}}*`)).length === 0);
    const index = () => Promise.all([0, 1].map((node) => cluster.store.nodes.held(cluster.node(node).id)));
    await until("both nodes to have forgotten it", async () => !(await index()).flat().includes(String(id)));
  });

  test("disconnect() and connect() in one breath: the others hear that it left, and it starts anew", async () => {
    for (let round = 0; round < 10; round += 1) {
      const { proxy, ann, bob, roomId, id } = await pair();
      proxy.routeTo(cluster.node(1).port);
      ann.socket.disconnect().connect();
      await bob.receive("partner_disconnected");
      await until("it to be there anew", () => ann.socket.connected && ann.socket.id !== id);
      expect(ann.socket.recovered).toBe(false);
      expect((await ann.request("typing", { roomId, isTyping: true })).error?.code).toBe("not_joined");
      await expectNothingMore(bob);
      await cluster.empty();
    }
  });
});
