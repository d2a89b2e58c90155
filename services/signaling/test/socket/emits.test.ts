import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { createAdapter } from "@socket.io/redis-adapter";
import { Emitter } from "@socket.io/redis-emitter";
import { createEmitter } from "@switchyard/store/access";
import { CleanUp, startCluster, type TestClient, type TestCluster, until } from "@switchyard/testkit";
import { Redis } from "ioredis";
import { Server } from "socket.io";
import { afterEach, beforeAll, expect, onTestFinished, test } from "vitest";
import { patient } from "../patient.ts";

const EVENT = "app:sale";
const cleanUp = new CleanUp();
let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ matchmakers: 0, environment: { ...patient, SOCKET_IO_EMITS: "on" } });
  return async () => {
    await cleanUp.run();
    await cluster.stop();
  };
});
afterEach(() => cluster.empty());

async function enter(node: number, user: string = randomUUID()): Promise<TestClient> {
  const client = await cluster.connect(node, { namespace: "/match" });
  expect((await client.request("register", { userId: user, matchId: randomUUID() })).ok).toBe(true);
  await client.receive("joined");
  return client;
}
const got = (client: TestClient) => client.received.filter(({ name }) => name === EVENT).map(({ args }) => args[0]);

/** A connection as the user of Redis that back ends get. */
async function openEmitter(): Promise<Redis> {
  const [, , ...rules] = createEmitter.replace(/'.*'/, ">secret").split(" ");
  await cluster.redis.call("ACL", "SETUSER", ...rules);
  const { hostname, port } = new URL(cluster.redisServer.url);
  const options = { username: "emitter", password: "secret", enableReadyCheck: false, disableClientInfo: true };
  const redis = new Redis(Number(port), hostname, options);
  cleanUp.add(async () => redis.disconnect());
  return redis;
}

test("an emitter reaches a user, a session, and everyone in a namespace, at whichever node, and nobody else", async () => {
  const emitter = new Emitter(await openEmitter(), {}, "/match");
  const [ann, bob] = [await enter(0), await enter(1, "bob")];
  emitter.to("user:bob").emit(EVENT, 1);
  emitter.to(`session:${ann.socket.id}`).emit(EVENT, 2);
  emitter.emit(EVENT, 3);
  for (const client of [ann, bob]) await until("all to arrive", () => got(client).includes(3));
  expect([ann, bob].map(got)).toEqual([
    [2, 3],
    [1, 3],
  ]);
  await bob.request("register", { userId: "cem", matchId: randomUUID() });
  const newer = await enter(0, "bob"); // bob is here now
  emitter.to("user:bob").emit(EVENT, 4);
  emitter.to("user:cem").emit(EVENT, 5);
  emitter.emit(EVENT, 6);
  for (const client of [bob, newer]) await until("all to arrive", () => got(client).includes(6));
  expect([bob, newer].map(got)).toEqual([
    [1, 3, 5, 6],
    [4, 6],
  ]);
});

test("a session that was replaced by a newer one of its user no longer receives what is for the user", async () => {
  const emitter = new Emitter(await openEmitter(), {}, "/match");
  const user = randomUUID();
  const older = await enter(0, user);
  const newer = await enter(1, user);
  await until("it to be replaced", () => older.received.some(({ name }) => name === "error"));
  emitter.to(`user:${user}`).emit(EVENT, 1);
  emitter.emit(EVENT, 2);
  for (const client of [older, newer]) await until("it to arrive", () => got(client).includes(2));
  expect([older, newer].map(got)).toEqual([[2], [1, 2]]);
});

test("a server with the stock adapter sees and disconnects the sockets of all nodes, and no secret of theirs", async () => {
  const [publisher, subscriber] = [new Redis(cluster.redisServer.url), new Redis(cluster.redisServer.url)];
  const io = new Server(createServer(), { adapter: createAdapter(publisher, subscriber) });
  // now, and not at the end: what ends no node of ours ends a stock server
  onTestFinished(async () => {
    await io.close();
    for (const redis of [publisher, subscriber]) redis.disconnect();
  });
  const match = io.of("/match");
  const clients = [await enter(0), await enter(1)];
  const ids = clients.map(({ socket }) => socket.id).sort();
  await until("it to see them", async () => (await match.fetchSockets()).length === 2);
  const sockets = await match.fetchSockets();
  expect(sockets.map(({ id }) => id).sort()).toEqual(ids);
  for (const { id, data, handshake } of sockets) {
    expect([data, handshake]).toEqual([{ session: id, user: expect.any(String) }, {}]);
  }
  match.in(`session:${ids[0]}`).disconnectSockets();
  await until("one to be disconnected", () => clients.some(({ socket }) => !socket.connected));
  expect(await match.fetchSockets()).toHaveLength(1);
});

test("whatever is published, no node ends; and the emitter's user may do nothing but emit", async () => {
  const redis = await openEmitter();
  for (const garbage of ["", "{", "\xc1\xff", '["x"]', "null"]) await redis.publish("socket.io#/match#", garbage);
  for (const refused of [
    ["publish", "socket.io-request#/match#", "{}"],
    ["publish", "sy:{session:x}:out", "1"],
    ["spublish", "sy:{session:x}:out", "1"],
    ["psubscribe", "socket.io#*"],
    ["get", "socket.io#"],
    ["set", "x", "1"],
    ["keys", "*"],
    ["info"],
  ] as const) {
    const [command, ...args] = refused;
    await expect(redis.call(command, ...args), command).rejects.toThrow("NOPERM");
  }
  await cluster.redis.call("ACL", "LOG", "RESET"); // these refusals were wanted
  const ann = await enter(0);
  new Emitter(redis, {}, "/match").to(`session:${ann.socket.id}`).emit(EVENT, "still here");
  await until("it to arrive", () => got(ann).includes("still here"));
});
