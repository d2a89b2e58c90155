import { Channels, openStore } from "@switchyard/store";
import { explained } from "../calls.ts";
import { cleanUpAtExit } from "../children.ts";
import { readFlags } from "../flags.ts";
import type { Percentiles } from "../latency.ts";
import { startRedisServer } from "../redis-server.ts";
import { figure } from "../table.ts";
import { type Chaos, measureChaos } from "./chaos.ts";
import { measureSteady, type Steady } from "./steady.ts";
import { measureThroughput, type Throughput } from "./throughput.ts";
import { measureUnloaded } from "./unloaded.ts";
import { isPerfect } from "./verdict.ts";

/** The targets; with `--check` a miss is a failure. */
const WANTED = { unloadedP99Ms: 50, ticketsPerSecond: 5000 } as const;

const flags = readFlags("pnpm bench:match", {
  phases: { default: "unloaded,throughput,steady,chaos", meaning: "which to run" },
  pairs: { default: 300, least: 1, meaning: "pairs of stock clients in the unloaded phase" },
  tickets: { default: 30_000, least: 2, meaning: "tickets for one matchmaker in the throughput phase" },
  rate: { default: 1000, least: 1, meaning: "joins a second in the steady phase" },
  seconds: { default: 10, least: 1, meaning: "how long the steady phase lasts" },
  crowd: { default: 100_000, least: 2, meaning: "tickets in the chaos phase" },
  aof: { default: false, meaning: "let Redis write an append-only file" },
  json: { default: false, meaning: "print one line of JSON with everything at the end" },
  check: { default: false, meaning: "exit with 1 if what is wanted is missed" },
});

cleanUpAtExit();
const print = (text: string) => process.stdout.write(`${text}\n`);
const results: { unloaded?: Percentiles; throughput?: Throughput; steady?: Steady; chaos?: Chaos } = {};
const failures: string[] = [];

for (const phase of flags.phases.split(",")) {
  await run(phase).catch((error: Error) => failures.push(`${phase}: ${explained(error)}`));
}
for (const failure of failures) print(`FAILED ${failure}`);
if (flags.json) print(JSON.stringify({ flags, node: process.version, results }));
process.exit(failures.length > 0 ? 1 : 0);

/** Runs a phase on a Redis of its own. */
async function run(phase: string): Promise<void> {
  const redis = await startRedisServer({ appendOnly: flags.aof });
  const subscriber = redis.client.duplicate();
  subscriber.on("error", () => {}); // it connects again, as the other one does
  try {
    const store = await openStore(redis.client, {
      outbox: { events: 256, bytes: 1_048_576 },
      roomHistoryBytes: 524_288,
    });
    if (phase === "unloaded") await unloaded(redis.url);
    else if (phase === "throughput") report(await measureThroughput(store, redis.url, flags.tickets));
    else if (phase === "steady") await steady(store, new Channels(subscriber, () => {}), redis.url);
    else if (phase === "chaos") await chaos(store, redis.url);
    else throw new Error("there is no such phase");
  } finally {
    subscriber.disconnect();
    await redis.stop();
  }
}

async function unloaded(url: string): Promise<void> {
  const told = await measureUnloaded(url, flags.pairs);
  results.unloaded = told;
  print(`unloaded: two clients on two nodes told of each other: ${percentiles(told)}`);
  if (flags.check && told.p99 > WANTED.unloadedP99Ms) failures.push(`unloaded p99 over ${WANTED.unloadedP99Ms} ms`);
}

function report(throughput: Throughput): void {
  results.throughput = throughput;
  const { tickets, ticketsPerSecond, ticketsPerCpuSecond, verdict } = throughput;
  print(
    `throughput: ${figure(tickets)} tickets through one matchmaker: ${figure(ticketsPerSecond)} tickets/s, ${figure(ticketsPerCpuSecond)} per CPU second of it`,
  );
  if (!isPerfect(verdict)) failures.push(`throughput: ${JSON.stringify(verdict)}`);
  if (flags.check && !(ticketsPerSecond >= WANTED.ticketsPerSecond))
    failures.push(`under ${WANTED.ticketsPerSecond} tickets/s`);
}

async function steady(
  ...[store, channels, url]: [Parameters<typeof measureSteady>[0], Channels, string]
): Promise<void> {
  const { rate: joinsPerSecond, seconds } = flags;
  const measured = await measureSteady(store, channels, url, { joinsPerSecond, seconds });
  results.steady = measured;
  print(
    `steady: ${figure(joinsPerSecond)} joins/s for ${seconds} s: time to match ${percentiles(measured.timeToMatch)}`,
  );
  if (measured.unmatched > 0) failures.push(`steady: ${measured.unmatched} were not matched`);
}

async function chaos(store: Parameters<typeof measureChaos>[0], url: string): Promise<void> {
  const measured = await measureChaos(store, url, flags.crowd);
  results.chaos = measured;
  const { tickets, kills, leavers, seconds, verdict } = measured;
  print(
    `chaos: ${figure(tickets)} tickets, three matchmakers, ${kills} kills, ${figure(leavers)} left and came again, ${figure(seconds, 1)} s: ${JSON.stringify(verdict)}`,
  );
  if (!isPerfect(verdict)) failures.push("chaos: not everyone is in exactly one room with exactly one other");
}

function percentiles({ count, p50, p99, max }: Percentiles): string {
  return `p50 ${figure(p50, 1)} ms, p99 ${figure(p99, 1)} ms, longest ${figure(max, 1)} ms (${figure(count)} pairs)`;
}
