import { setTimeout as pause } from "node:timers/promises";
import { ban, type Cluster } from "@switchyard/core";
import { openStore } from "@switchyard/store";
import { cleanUpAtExit } from "../children.ts";
import { readFlags } from "../flags.ts";
import { createLatency } from "../latency.ts";
import { contextOf } from "../match/crowd.ts";
import { startRedisServer } from "../redis-server.ts";
import { type NodeProcess, startNode } from "../relay/node-process.ts";
import { measuredSettings, serviceScript } from "../services.ts";
import { Target } from "./target.ts";

/** By then 99 of 100 who are banned are to be gone. */
const WANTED_MS = 1000;
const OPENED_AT_ONCE = 25;
const RARELY_MS = "300000";

const flags = readFlags("pnpm bench:bans", {
  sessions: { default: 10_000, least: 10, meaning: "how many are connected, each as a user of its own" },
  nodes: { default: 3, least: 1, meaning: "over how many nodes" },
  bans: { default: 500, least: 1, meaning: "how many of them are banned, one after the other" },
  pause: { default: 10, least: 0, meaning: "ms between two bans" },
});

cleanUpAtExit();
const print = (text: string) => process.stdout.write(`${text}\n`);
const redis = await startRedisServer({ appendOnly: false });
const environment = { ...measuredSettings, REDIS_URL: redis.url, PING_INTERVAL_MS: RARELY_MS };
const nodes: NodeProcess[] = [];
for (let i = 1; i <= flags.nodes; i += 1) {
  nodes.push(await startNode(`bans-${i}`, serviceScript("signaling"), environment));
}
const targets = await gather();
print(`${targets.length} sessions are connected to ${nodes.length} nodes`);
const { latency, untold } = await banSome();
for (const target of targets) target.close();
await Promise.all(nodes.map((node) => node.stop()));
await redis.stop();
const { count, p50, p99, max } = latency.percentiles();
print(`from the beginning of a ban until its session's connection is closed, ${count} of them, in ms:`);
print(
  `p50 ${p50.toFixed(1)}   p99 ${p99.toFixed(1)}   longest ${max.toFixed(1)}; closed without the reason: ${untold}`,
);
const isRight = p99 <= WANTED_MS && untold === 0;
print(
  isRight
    ? `p99 is at most ${WANTED_MS} ms, as wanted`
    : `MISSED p99 is to be at most ${WANTED_MS} ms, each with its reason`,
);
process.exit(isRight ? 0 : 1);

async function gather(): Promise<Target[]> {
  const all: Target[] = [];
  const lane = async () => {
    while (all.length < flags.sessions) {
      const target = new Target(nodes[all.length % nodes.length]?.url ?? "", `user-${all.length}`);
      all.push(target);
      await target.arrival();
    }
  };
  await Promise.all(Array.from({ length: OPENED_AT_ONCE }, lane));
  return all;
}

/** Bans users at even distances, and so at all nodes. */
async function banSome() {
  const store = await openStore(redis.client, {
    outbox: { events: 256, bytes: 1_048_576 },
    roomHistoryBytes: 524_288,
  });
  const cluster: Cluster = { store, contexts: new Map([["random", contextOf(store)]]), graceMs: 0 };
  const latency = createLatency();
  const step = Math.max(1, Math.floor(targets.length / flags.bans));
  let untold = 0;
  for (const target of targets.filter((_, i) => i % step === 0).slice(0, flags.bans)) {
    const from = performance.now();
    const [{ atMs, isTold }] = await Promise.all([
      target.gone,
      ban(cluster, { kind: "user", whom: target.user, reason: "Spam", by: "bench" }),
    ]);
    latency.record(atMs - from);
    if (!isTold) untold += 1;
    await pause(flags.pause);
  }
  return { latency, untold };
}
