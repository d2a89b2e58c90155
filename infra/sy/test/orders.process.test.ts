import { pairClients, startCluster, type TestCluster } from "@switchyard/testkit";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startNodeProcess } from "./node-process.ts";
import { sy, syJson } from "./sy.ts";

const settings = { LEASE_MS: 60_000, RECONNECT_GRACE_MS: 600_000 };
/** A node that has stopped is there until its lease has run out. */
const ofWhatStops = { ...settings, LEASE_MS: 3000, SHUTDOWN_MS: 200 };
let cluster: TestCluster;
let environment: Record<string, string>;
beforeAll(async () => {
  cluster = await startCluster({ nodes: 1, environment: settings });
  environment = { REDIS_URL: cluster.redisServer.url };
  return cluster.stop;
});
beforeEach(() => cluster.empty());

describe("drain", () => {
  test("its clients go on at other nodes, it stops with 0, and nothing of it is left", async () => {
    const node = await startNodeProcess(cluster, ofWhatStops);
    const proxy = await cluster.proxy(node);
    const [own, other] = [await cluster.connect(proxy), await cluster.connect(0)];
    const room = await pairClients(own, other);
    proxy.routeTo(cluster.node(0).port);
    const draining = syJson<object>(environment, "drain", node.id);
    await own.connected(2);
    expect(own.connections[1]).toEqual({ id: own.connections[0]?.id, recovered: true });
    expect(await own.request("send_message", { roomId: room, message: "still here" })).toMatchObject({ ok: true });
    expect(await draining).toEqual({ node: node.id, drained: true, wasDead: false, tookMs: expect.any(Number) });
    expect(await node.ended).toMatchObject({ code: 0 });
    expect((await sy(environment, "drain", node.id)).code).toBe(1);
  });

  test("1 where it takes too long", async () => {
    const node = await startNodeProcess(cluster, { ...settings, SHUTDOWN_MS: 200 });
    node.signal("SIGSTOP"); // it will heed the order, and does not yet
    const { code, aside } = await sy(environment, "drain", node.id, "--timeout", "0");
    expect([code, aside]).toEqual([1, expect.stringContaining("is still there after 0 ms")]);
    node.signal("SIGCONT");
    expect(await node.ended).toMatchObject({ code: 0 });
  });
});
