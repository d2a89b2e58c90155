import { randomUUID } from "node:crypto";
import { enter, join, Participant } from "@switchyard/core";
import { keys } from "@switchyard/store";
import { asUser, CleanUp, startRedisCluster, startSentinels, until } from "@switchyard/testkit";
import { afterEach, describe, expect, test } from "vitest";
import { readSyConfig } from "../src/config.ts";
import { openOperator } from "../src/operator.ts";
import { sy, syJson } from "./sy.ts";

const cleanUp = new CleanUp();
afterEach(cleanUp.run);

type Answer = Record<string, unknown>;

/** People on a node that is alive and does nothing: one who waits, and two in a meeting. */
async function populate(environment: { REDIS_URL: string }) {
  const operator = await openOperator(
    readSyConfig({ REDIS_URL: asUser(environment.REDIS_URL, "operator") }, "operator"),
  );
  cleanUp.add(() => operator.connection.close());
  const { store, cluster } = operator;
  const node = `node-${randomUUID().slice(0, 8)}`;
  await store.nodes.describe(node, { service: "signaling" });
  await store.nodes.renew(node, 600_000);
  const connect = async (dialect: "random" | "rooms") => {
    const session = randomUUID();
    await store.nodes.expect(node, session);
    await store.sessions.open(session, dialect, "secret", node);
    await store.presence.add(dialect, session);
    const context = cluster.contexts.get(dialect);
    if (!context) throw new Error(`${dialect} is not there`);
    return { context, participant: new Participant(session, dialect, 1) };
  };
  const waiting = await connect("random");
  const wish = { user: "ann", queue: "chat", interests: [], language: undefined, region: undefined, avoid: [] };
  await join(waiting.context, waiting.participant, wish);
  for (let i = 0; i < 2; i += 1) {
    const { context, participant } = await connect("rooms");
    const user: string = participant.session;
    await enter(context, participant, { room: "rooms:kitchen", user, profile: { userName: "Ann" } });
  }
  return { operator, node, session: waiting.participant.session };
}

/** Every command that needs a Redis, where nobody but `sy` does anything. */
async function useAll(environment: { REDIS_URL: string }, arrangement: string, servers: number): Promise<void> {
  const { operator, node, session } = await populate(environment);
  const answer = (...args: string[]) => syJson<Answer>(environment, ...args);
  const status = await sy(environment, "status", "--json");
  expect(JSON.parse(status.text)).toMatchObject({ redis: { arrangement }, nodes: [{ id: node, connected: 3 }] });
  expect(JSON.parse(status.text).redis.servers).toHaveLength(servers);
  expect(await answer("rooms")).toMatchObject({ rooms: [{ id: "rooms:kitchen", people: 2 }], total: 1 });
  expect(await answer("room", "rooms:kitchen")).toMatchObject({ kind: "meeting", state: "open" });
  expect((await answer("sessions"))["sessions"]).toHaveLength(3);
  expect(await answer("session", session)).toMatchObject({ waiting: { queue: "chat", position: 1 } });
  expect(await answer("queues")).toMatchObject({ queues: [{ name: "chat", waiting: 1 }, { name: "video" }] });
  const { kinds } = (await answer("keys")) as { kinds: { kind: string; count: number; bytes: number }[] };
  expect(kinds.find(({ kind }) => kind === "session")).toMatchObject({ count: 3, bytes: expect.any(Number) });
  expect(await answer("doctor", "--settle", "100")).toMatchObject({ healthy: true, findings: [] });
  await operator.store.presence.add("random", "ghost");
  const { code } = await sy(environment, "doctor", "--settle", "100");
  expect(code).toBe(1);
  expect(await answer("doctor", "--settle", "100", "--repair")).toMatchObject({ healthy: true });
  expect((await sy(environment, "drain", node)).aside).toContain("does not listen");
  expect(await answer("kick", session)).toMatchObject({ endedBy: "sy" });
  expect((await answer("close", "rooms:kitchen"))["out"]).toHaveLength(2);
  expect(await sy(environment, "token", "--user", "ann")).toMatchObject({
    code: 1,
    aside: expect.stringContaining("no node has made a secret yet"),
  });
  expect(await answer("doctor", "--settle", "100")).toMatchObject({ healthy: true });
}

describe("a Redis Cluster of three masters", () => {
  test("every command, by the address of one server", async () => {
    const { masters } = await startRedisCluster(cleanUp);
    const environment = { REDIS_URL: `redis://127.0.0.1:${masters[0]?.port}`, LEASE_MS: "500" };
    await useAll(environment, "cluster", 3);
    const counts = await Promise.all(masters.map(({ redis }) => redis.dbsize()));
    expect(Math.min(...counts)).toBeGreaterThan(0); // it was a matter of all three
  });

  test("by several addresses, of which the first may be down", async () => {
    const { url } = await startRedisCluster(cleanUp);
    const environment = { REDIS_URL: `redis://127.0.0.1:1,${url}` };
    const { text } = await sy(environment, "status", "--json");
    expect(JSON.parse(text).redis).toMatchObject({ arrangement: "cluster" });
  });
});

describe("a sentinel", () => {
  test("every command, and still after the replica took over", async () => {
    const { url, master, replica } = await startSentinels(cleanUp, 1);
    const environment = { REDIS_URL: url, LEASE_MS: "500" };
    await useAll(environment, "sentinel", 1);
    expect(await master.redis.exists(keys.leases())).toBe(1);
    await master.kill();
    await until("the replica to be asked", async () => {
      const { text } = await sy(environment, "status", "--json");
      return JSON.parse(text).redis?.servers[0].address.endsWith(`:${replica.port}`);
    });
    expect(await syJson(environment, "sessions")).toMatchObject({ more: false });
  });

  test("3, and which there are, where it watches no such master", async () => {
    const { url } = await startSentinels(cleanUp, 1);
    const environment = { REDIS_URL: url };
    const { code, aside } = await sy(environment, "status", "--master", "second");
    expect([code, aside]).toEqual([3, expect.stringContaining("these masters: first")]);
    expect((await sy(environment, "rooms", "--master", "first")).code).toBe(0);
  });
});
