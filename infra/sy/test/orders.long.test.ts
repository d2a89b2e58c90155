import { pairClients, startCluster, type TestClient, type TestCluster, until } from "@switchyard/testkit";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startNodeProcess } from "./node-process.ts";
import { sy, syJson } from "./sy.ts";

const settings = { LEASE_MS: 60_000, RECONNECT_GRACE_MS: 3000 };
let cluster: TestCluster;
let environment: Record<string, string>;
beforeAll(async () => {
  cluster = await startCluster({ environment: settings });
  environment = { REDIS_URL: cluster.redisServer.url };
  return cluster.stop;
});
beforeEach(() => cluster.empty());

const idOf = ({ socket }: TestClient): string => socket.id ?? "";

test("a drain of a node that is dead already waits until it was cleared up after", async () => {
  const node = await startNodeProcess(cluster, { ...settings, LEASE_MS: 1000 });
  await cluster.connect(node);
  await node.kill();
  await cluster.store.nodes.describe(node.id, { noticeMs: "0" }); // its client needs no time to notice it
  await until("its lease to be over", async () => (await cluster.store.nodes.expired()).includes(node.id));
  const { code, aside } = await sy(environment, "drain", node.id);
  expect([code, aside]).toEqual([0, expect.stringContaining("is dead already")]);
});

describe("kick", () => {
  test("also when its node stands still; its connection is closed when that goes on", async () => {
    const node = await startNodeProcess(cluster, settings);
    const [own, other] = [await cluster.connect(node), await cluster.connect(1)];
    await pairClients(own, other);
    const session = idOf(own);
    node.signal("SIGSTOP");
    try {
      expect(await syJson(environment, "kick", session)).toMatchObject({ session, endedBy: "sy" });
      await other.receive("partner_disconnected");
      expect(await cluster.store.sessions.exists(session)).toBe(false);
    } finally {
      node.signal("SIGCONT");
    }
    await until("it to be disconnected", () => own.connections.length > 1 || !own.socket.connected);
  });

  test("also when its node is dead", async () => {
    const node = await startNodeProcess(cluster, settings);
    const [own, other] = [await cluster.connect(node), await cluster.connect(1)];
    await pairClients(own, other);
    const session = idOf(own);
    own.socket.io.reconnection(false);
    await node.kill();
    expect(await syJson(environment, "kick", session)).toMatchObject({ session, endedBy: "sy" });
    await other.receive("partner_disconnected");
    await until("the session to be gone", async () => !(await cluster.store.sessions.exists(session)));
  });
});

test("afterwards the keyspace is healthy", async () => {
  expect((await sy(environment, "doctor", "--settle", "1000")).text).toContain("Healthy");
});
