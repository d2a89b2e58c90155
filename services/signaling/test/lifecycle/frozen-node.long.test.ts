import { settings } from "@switchyard/runtime";
import { expectNothingMore, pairClients, startCluster, until } from "@switchyard/testkit";
import { expect, onTestFinished, test } from "vitest";
import { startProcess } from "../processes.ts";

/** The times that a deployment has, and not those of other tests. */
const defaults = {
  RECONNECT_GRACE_MS: settings.RECONNECT_GRACE_MS.parse(undefined),
  LEASE_MS: settings.LEASE_MS.parse(undefined),
  PING_INTERVAL_MS: settings.PING_INTERVAL_MS.parse(undefined),
  PING_TIMEOUT_MS: settings.PING_TIMEOUT_MS.parse(undefined),
};
/** A stock client's; clients of other tests come back sooner. */
const stock = { reconnectionDelay: 1000, reconnectionDelayMax: 5000, timeout: 20_000 };
const PAIRS = 20;
const MESSAGES = 20;

test("a node stands still, with the default times: all of its stock clients go on elsewhere, and nobody is announced as gone", async () => {
  const cluster = await startCluster({ nodes: 1, environment: { ...defaults, MATCH_WIDEN_MS: 600_000 } });
  onTestFinished(cluster.stop);
  const frozen = await startProcess(cluster, { ...defaults });
  const pairs = [];
  for (let i = 0; i < PAIRS; i += 1) {
    const proxy = await cluster.proxy(frozen);
    const [ann, bob] = await Promise.all([cluster.connect(proxy, stock), cluster.connect(0)]);
    pairs.push({ proxy, ann, bob, id: ann.socket.id, roomId: await pairClients(ann, bob) });
  }
  const connects = pairs.map(({ ann }) => ann.connects);
  frozen.signal("SIGSTOP");
  onTestFinished(() => frozen.signal("SIGCONT"));
  for (const { proxy } of pairs) proxy.routeTo(cluster.node(0).port); // as a load balancer does with what comes anew
  for (let i = 0; i < MESSAGES; i += 1) {
    const sent = pairs.map(({ bob, roomId }) => bob.request("ice_candidate", { roomId, candidate: { i } }));
    expect((await Promise.all(sent)).filter(({ ok }) => !ok)).toEqual([]);
  }
  for (const [index, { ann, id }] of pairs.entries()) {
    await ann.connected((connects[index] ?? 1) + 1);
    expect(ann.connections.map(({ id, recovered }, i) => [id, i === 0 || recovered])).toEqual(
      ann.connections.map(() => [id, true]),
    );
  }
  const isListed = async () => (await cluster.redis.zscore("sy:{nodes}:leases", frozen.id)) !== null;
  await until("the node that stands still to be given up", async () => !(await isListed()));
  frozen.signal("SIGCONT");
  await until("it to be back", isListed);
  await until("it to have let go", async () => (await frozen.metric("switchyard_connections")) === 0);
  const candidates = Array.from({ length: MESSAGES }, (_, i) => ["ice_candidate", { candidate: { i } }]);
  for (const { ann, bob } of pairs) {
    await ann.caughtUp();
    expect(ann.unread()).toEqual(candidates);
    await expectNothingMore(bob);
  }
});
