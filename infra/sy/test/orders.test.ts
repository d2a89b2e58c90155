import { pairClients, startCluster, type TestClient, type TestCluster, until } from "@switchyard/testkit";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { sy, syJson } from "./sy.ts";

let cluster: TestCluster;
let environment: Record<string, string>;
beforeAll(async () => {
  cluster = await startCluster({ environment: { LEASE_MS: 60_000, RECONNECT_GRACE_MS: 600_000 } });
  environment = { REDIS_URL: cluster.redisServer.url };
  return cluster.stop;
});
beforeEach(() => cluster.empty());

const idOf = ({ socket }: TestClient): string => socket.id ?? "";

describe("kick", () => {
  test("the client is told and disconnected for good, and the others hear at once that it is gone", async () => {
    const [own, other] = [await cluster.connect(0), await cluster.connect(1)];
    await pairClients(own, other);
    const session = idOf(own);
    const reason = new Promise((resolve) => own.socket.once("disconnect", resolve));
    const document = await syJson<object>(environment, "kick", session);
    const { user } = own;
    expect(document).toEqual({ session, dialect: "random", user, node: cluster.node(0).id, endedBy: "node" });
    expect(await reason).toBe("io server disconnect"); // a stock client does not come back by itself then
    expect(await own.receive("error")).toMatchObject({ type: "unauthorized" });
    await other.receive("partner_disconnected");
    // the others are told before the session itself is removed
    await until("the session to be gone", async () => !(await cluster.store.sessions.exists(session)));
    expect((await sy(environment, "kick", session)).code).toBe(1);
  });

  test("in a dialect and at a namespace of its own, and before it has said who it is", async () => {
    for (const namespace of ["/rooms", "/"]) {
      const client = await cluster.connect(0, { namespace });
      const reason = new Promise((resolve) => client.socket.once("disconnect", resolve));
      expect(await syJson(environment, "kick", idOf(client))).toMatchObject({ endedBy: "node" });
      expect(await reason).toBe("io server disconnect");
    }
  });

  test("one that is between two connections ends at once too, and can't come back", async () => {
    const proxy = await cluster.proxy(0);
    const [own, other] = [await cluster.connect(proxy), await cluster.connect(1)];
    await pairClients(own, other);
    const session = idOf(own);
    proxy.routeTo(1); // nobody listens there
    proxy.cut();
    await until("its grace to have begun", async () => !(await cluster.store.sessions.isConnected(session)));
    expect(await syJson(environment, "kick", session)).toMatchObject({ session, endedBy: "sy" });
    await other.receive("partner_disconnected");
    proxy.routeTo(cluster.node(0).port);
    await own.connected(2);
    expect(own.connections[1]).toMatchObject({ recovered: false });
  });
});

describe("close", () => {
  test("a pair: both hear that the other is gone, stay connected, and can be paired again", async () => {
    const clients = [await cluster.connect(0), await cluster.connect(1)] as const;
    const room = await pairClients(...clients);
    const document = await syJson<{ out: string[] }>(environment, "close", room);
    expect(document).toMatchObject({ id: room, kind: "pair", dialect: "random" });
    expect(document.out.toSorted()).toEqual(clients.map(idOf).toSorted());
    for (const client of clients) await client.receive("partner_disconnected");
    expect(await clients[0].request("send_message", { roomId: room, message: "x" })).toMatchObject({ ok: false });
    expect((await sy(environment, "close", room)).code).toBe(1);
    await cluster.empty();
  });

  test("a meeting: everyone is out of it and told so, and may come again", async () => {
    const clients: TestClient[] = [];
    for (const node of [0, 1, 0]) {
      const client = await cluster.connect(node, { namespace: "/rooms" });
      await client.request("join-room", { roomId: "kitchen", userName: "Ann" });
      clients.push(client);
    }
    expect(await syJson(environment, "close", "rooms:kitchen")).toMatchObject({ kind: "meeting", dialect: "rooms" });
    for (const client of clients) {
      await until("it to hear that it is out", () => client.received.some(({ name }) => name === "left-room"));
      const again = await client.request("send-message", { roomId: "kitchen", message: "x" });
      expect(again).toMatchObject({ error: { code: "room_not_found" } });
    }
    expect(await cluster.store.presence.rooms("rooms")).toBe(0);
    expect(await clients[0]?.request("join-room", { roomId: "kitchen", userName: "Ann" })).toMatchObject({ ok: true });
  });

  test("a match, whose dialect has no words for being out: who is left hears that the others left", async () => {
    const clients = [
      await cluster.connect(0, { namespace: "/match" }),
      await cluster.connect(1, { namespace: "/match" }),
    ];
    for (const client of clients) await client.request("register", { userId: client.user, matchId: "m1" });
    expect(await syJson(environment, "close", "match:m1")).toMatchObject({ kind: "match" });
    await until("somebody to hear that the other left", () =>
      clients.some(({ received }) => received.some(({ name }) => name === "user-left")),
    );
    expect(await cluster.store.memberships.size("match:m1")).toBe(0);
    const again = await clients[0]?.request("register", { userId: clients[0].user, matchId: "m1" });
    expect(again).toMatchObject({ ok: true });
  });

  test("1 for one that isn't there, and for the chatroom", async () => {
    expect((await sy(environment, "close", "rooms:nothing")).code).toBe(1);
    expect((await sy(environment, "close", "chat:all")).aside).toContain("always open");
  });
});

test("afterwards the keyspace is healthy", async () => {
  expect((await sy(environment, "doctor", "--settle", "1000")).text).toContain("Healthy");
});
