import { fork } from "node:child_process";
import { randomBytes } from "node:crypto";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { TimerWheel } from "@switchyard/load";
import { asker } from "../calls.ts";
import { cleanUpAtExit, end, own } from "../children.ts";
import { readFlags } from "../flags.ts";
import { createLatency, type Latency } from "../latency.ts";
import { startRedisServer } from "../redis-server.ts";
import { type NodeProcess, startNode } from "../relay/node-process.ts";
import { measuredSettings, serviceScript } from "../services.ts";
import { figure, table } from "../table.ts";
import type { CrowdCalls } from "./crowd-process.ts";
import { Operator, type Way, ways } from "./operator.ts";
import { arriveAll, Target, USERS_OF_A_NETWORK } from "./target.ts";

/** By then 99 of 100 who are banned are to be gone. */
const WANTED_MS = 1000;
const RARELY_MS = "300000";
const SESSIONS_AT_A_TIME = 1000;
const BANS_BETWEEN_LINES = 50;
const NS_PER_MS = 1e6;
const EVERYBODY = "all";
const crowdScript = fileURLToPath(new URL("./crowd-process.ts", import.meta.url));

const flags = readFlags("pnpm bench:bans", {
  sessions: { default: 10_000, least: 40, meaning: "how many are connected, each as a user of its own" },
  nodes: { default: 3, least: 1, meaning: "over how many nodes" },
  bans: {
    default: 200,
    least: 2,
    meaning: "how many users are banned, one after the other, every second one by a node",
  },
  networks: { default: 20, least: 1, meaning: `how many networks are banned, each with ${USERS_OF_A_NETWORK} users` },
  pause: { default: 10, least: 0, meaning: "ms between two bans" },
});

const banned = flags.bans + flags.networks * USERS_OF_A_NETWORK;
if (flags.sessions < banned) throw new RangeError(`--sessions must be at least ${banned}, with these bans`);
cleanUpAtExit();
const print = (text: string) => process.stdout.write(`${text}\n`);
const adminToken = randomBytes(16).toString("hex");
const redis = await startRedisServer({ appendOnly: false });
const environment = {
  ...measuredSettings,
  ...{ REDIS_URL: redis.url, PING_INTERVAL_MS: RARELY_MS, ADMIN_TOKEN: adminToken, ADDRESS_RATE_LIMIT_USERS: "0" },
};
const nodes: NodeProcess[] = [];
for (let i = 1; i <= flags.nodes; i += 1) {
  nodes.push(await startNode(`bans-${i}`, serviceScript("signaling"), environment));
}
const urls = nodes.map(({ url }) => url);
const wheel = new TimerWheel();
wheel.start();
/** Those that are banned are clients of this process, the others of one of their own. */
const users = await gather(0, flags.bans);
const firstInNetworks = USERS_OF_A_NETWORK * Math.ceil(flags.bans / USERS_OF_A_NETWORK);
const neighbours = await gather(firstInNetworks, flags.networks * USERS_OF_A_NETWORK);
const targets = [...users, ...neighbours];
const crowd = own(fork(crowdScript, { execArgv: ["--conditions=source"], stdio: ["ignore", 2, 2, "ipc"] }));
const askCrowd = asker<CrowdCalls>(crowd, "the crowd");
await gatherCrowd();
print(`${flags.sessions} sessions are connected to ${nodes.length} nodes`);
const standstill = monitorEventLoopDelay({ resolution: 1 });
standstill.enable();
const { latencies, untold, unbanned } = await banSome();
standstill.disable();
for (const target of targets) target.close();
await askCrowd("leave");
await end(crowd);
wheel.stop();
await Promise.all(nodes.map((node) => node.stop()));
await redis.stop();
print("From the beginning of a ban until a client hears that its session has ended, in ms:");
const figures = [...latencies].map(([name, latency]) => ({ name, ...latency.percentiles() }));
const rows = figures.map(({ name, count, p50, p99, max }) => [
  ...[name, figure(count), figure(p50, 1), figure(p99, 1), figure(max, 1)],
]);
print(table(["banned", "sessions", "p50", "p99", "longest"], rows));
const [typical, longest] = [standstill.percentile(99), standstill.max].map((ns) => figure(ns / NS_PER_MS, 1));
print(`Meanwhile this process, which does almost nothing, stood still for ${typical} ms (p99), ${longest} ms at most.`);
if (unbanned > 0) print(`MISSED ${unbanned} sessions were still there after 30 s`);
if (untold > 0) print(`MISSED ${untold} sessions ended without the reason`);
for (const { name, p99 } of figures) {
  if (p99 > WANTED_MS) print(`MISSED p99 (${name}) is to be at most ${WANTED_MS} ms`);
}
const isRight = untold + unbanned === 0 && figures.every(({ p99 }) => p99 <= WANTED_MS);
if (isRight) print(`p99 is at most ${WANTED_MS} ms, and each client received the reason, as wanted`);
process.exit(isRight ? 0 : 1);

async function gather(first: number, count: number): Promise<Target[]> {
  const numbers = Array.from({ length: count }, (_, i) => first + i);
  const arriving = numbers.map((number) => new Target(urls[number % urls.length] ?? "", number, wheel));
  await arriveAll(arriving);
  return arriving;
}

/** All others, behind the networks that are banned. */
async function gatherCrowd(): Promise<void> {
  const from = performance.now();
  const first = firstInNetworks + neighbours.length;
  const all = flags.sessions - targets.length;
  for (let done = 0; done < all; done += SESSIONS_AT_A_TIME) {
    await askCrowd("arrive", { urls, first: first + done, count: Math.min(SESSIONS_AT_A_TIME, all - done) });
    print(
      `${targets.length + Math.min(done + SESSIONS_AT_A_TIME, all)} after ${figure((performance.now() - from) / 1000)} s`,
    );
  }
}

/** Bans users, and then networks. */
async function banSome() {
  const operator = await Operator.open(redis.client, adminToken);
  const latencies = new Map([...ways, EVERYBODY].map((name) => [name, createLatency()] as [string, Latency]));
  let untold = 0;
  let unbanned = 0;
  const banOne = async (way: Way, banned: readonly Target[], node: string) => {
    const [first] = banned;
    if (!first) return;
    const from = performance.now();
    const gone = Promise.all(banned.map((target) => target.departure()));
    const [departures] = await Promise.all([gone, operator.ban(way, first, node)]);
    for (const departure of departures) {
      if (!departure) unbanned += 1;
      else for (const name of [way, EVERYBODY]) latencies.get(name)?.record(departure.atMs - from);
      if (departure?.isTold === false) untold += 1;
    }
    await pause(flags.pause);
  };
  for (const [i, target] of users.entries()) {
    const way = i % 2 === 0 ? "user, as `sy ban` does" : "user, by a node's API";
    await banOne(way, [target], nodes[(i + 1) % nodes.length]?.url ?? ""); // another than the target's
    if ((i + 1) % BANS_BETWEEN_LINES === 0) print(`${i + 1} users are banned`);
  }
  for (const network of Map.groupBy(neighbours, (one) => one.network).values())
    await banOne("network, as `sy ban` does", network, "");
  return { latencies, untold, unbanned };
}
