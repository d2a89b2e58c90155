import { beforeAll, beforeEach, expect, test } from "vitest";
import {
  pairClients,
  startCluster,
  startLastingRedis,
  type TestCluster,
  until,
} from "../../../packages/testkit/src/index.ts";
import { expressions } from "./files.ts";
import { selectorsOf } from "./promql.ts";
import { hasPrometheus, type RunningPrometheus, startPrometheus } from "./running-prometheus.ts";

/** What a cluster that is well, and has hardly been used, has nothing to say of. */
const nothingYet = [
  "ALERTS",
  "switchyard_connections_refused_total",
  "switchyard_limits_hit_total",
  "switchyard_refusals_total",
  "switchyard_sessions_ended_total",
  "switchyard_feed_late_total",
  "switchyard_redis_errors_total",
  "switchyard_redis_replica_lag_bytes",
  "switchyard_redis_memory_max_bytes",
  "switchyard:redis_memory_used:ratio",
];

interface Rule {
  readonly name: string;
  readonly health: string;
  readonly state?: string;
}

let cluster: TestCluster;
let prometheus: RunningPrometheus;
beforeAll(async () => {
  if (!hasPrometheus) return;
  const redis = await startLastingRedis();
  try {
    cluster = await startCluster({ redis, environment: { LEASE_MS: 60_000, RECONNECT_GRACE_MS: 600_000 } });
  } catch (error) {
    await redis.stop();
    throw error;
  }
  return async () => {
    await cluster.stop();
    await redis.stop();
  };
});
beforeAll(async () => {
  if (!hasPrometheus) return;
  const addresses = (list: readonly { readonly port: number }[]) => list.map(({ port }) => `127.0.0.1:${port}`);
  const targets = { signaling: addresses(cluster.nodes), matchmaker: addresses(cluster.matchmakers) };
  prometheus = await startPrometheus(targets);
  return prometheus.stop;
});
beforeEach(({ skip }) => {
  if (!hasPrometheus) skip("prometheus is not installed; Debian's package prometheus has it");
});

/** Every kind of thing that is counted happens, again and again, so that it grows while Prometheus looks. */
async function beBusy(): Promise<void> {
  const [ann, bob] = [await cluster.connect(0), await cluster.connect(1)];
  const roomId = await pairClients(ann, bob);
  for (const client of [ann, bob]) await client.request("offer", { roomId, offer: {} });
  ann.cut();
  await ann.connected(2);
  await cluster.empty();
}

async function withoutData(): Promise<string[]> {
  const empty: string[] = [];
  for (const { where, expr } of dashboardQueries) {
    const query = expr.replaceAll("$__rate_interval", "20s").replaceAll("$node", ".*");
    const { result } = await prometheus.ask<{ result: unknown[] }>("query", { query });
    if (result.length === 0) empty.push(`${where}: ${expr}`);
  }
  return empty;
}

const dashboardQueries = expressions.filter(({ where, expr }) => {
  if (!where.includes(".json") || expr.includes('outcome="failed"')) return false;
  return !selectorsOf(expr).some(({ metric }) => nothingYet.includes(metric));
});

test("every target is up, every rule can be judged, and no alert fires that says that people can't connect", async () => {
  await until("all to be scraped", async () => {
    const { activeTargets } = await prometheus.ask<{ activeTargets: { health: string }[] }>("targets");
    return activeTargets.length === 3 && activeTargets.every(({ health }) => health === "up");
  });
  const { groups } = await until("all rules to be judged", async () => {
    const judged = await prometheus.ask<{ groups: { rules: Rule[] }[] }>("rules");
    return judged.groups.every(({ rules }) => rules.every(({ health }) => health !== "unknown")) && judged;
  });
  const rules = groups.flatMap((group) => group.rules);
  expect(rules.length).toBe(expressions.filter(({ where }) => !where.includes(".json")).length);
  expect(rules.filter(({ health }) => health !== "ok")).toEqual([]);
  const firing = rules.filter(({ state }) => state === "firing").map(({ name }) => name);
  expect(firing.filter((name) => /NoNodeReady|NoMatchmaker|RedisUnreachable|QueueNotPaired/.test(name))).toEqual([]);
});

test("every panel has something to show once there is traffic", async () => {
  expect(dashboardQueries.length).toBeGreaterThan(70);
  await until("all panels to have data", async () => {
    await beBusy();
    expect((await withoutData()).join("\n")).toBe("");
    return true;
  });
});
