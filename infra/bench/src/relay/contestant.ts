import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { asker } from "../calls.ts";
import { end, own } from "../children.ts";
import { type RedisServer, startRedisServer } from "../redis-server.ts";
import { memoryPerConnection } from "./idle-memory.ts";
import type { LoadCalls, Rally, Window } from "./load-process.ts";
import type { Memory } from "./node-hook.ts";
import type { NodeProcess } from "./node-process.ts";
import type { RallyWithRedis } from "./round-figures.ts";
import type { RunningSystem, System } from "./systems.ts";

/** A system that is up, with a Redis, nodes and clients of its own. */
export interface Contestant {
  readonly nodes: readonly NodeProcess[];
  memoryPerConnection(count: number): Promise<Memory>;
  openPairs(count: number): Promise<void>;
  /** Keeps `inFlight` candidates in play in each pair. */
  rally(phase: Window & { readonly inFlight: number }): Promise<RallyWithRedis>;
  /** Sends candidates at a given rate, each answered by one. */
  paced(phase: Window & { readonly perSecond: number }): Promise<RallyWithRedis>;
  /** Keeps one single candidate in play. */
  turns(phase: Window): Promise<Rally>;
  stop(): Promise<void>;
}

const loadScript = fileURLToPath(new URL("./load-process.ts", import.meta.url));

/** Starts a system. After a failure the parts already started are stopped again. */
export async function startContestant(system: System, appendOnly: boolean): Promise<Contestant> {
  const redis = await startRedisServer({ appendOnly });
  try {
    return contestantOf(system, redis, await system.start(redis.url));
  } catch (error) {
    await redis.stop();
    throw error;
  }
}

function contestantOf({ clients: kind }: System, redis: RedisServer, { nodes, stop }: RunningSystem): Contestant {
  const clients = own(fork(loadScript, { execArgv: ["--conditions=source"], stdio: ["ignore", 2, 2, "ipc"] }));
  const load = asker<LoadCalls>(clients, "the clients");
  const target = { kind, urls: [nodes[0].url, nodes[1].url] as const };
  const pids = nodes.map(({ pid }) => pid);
  return {
    nodes,
    memoryPerConnection: (count) =>
      memoryPerConnection(nodes, count, {
        open: (opened) => load("openIdle", { ...target, count: opened }),
        close: () => load("closeIdle"),
      }),
    openPairs: (count) => load("openPairs", { ...target, count }),
    rally: (phase) => withRedis(redis, () => load("rally", { ...phase, pids })),
    paced: (phase) => withRedis(redis, () => load("paced", { ...phase, pids })),
    turns: (phase) => load("turns", { ...phase, pids }),
    stop: async () => {
      await end(clients);
      await stop();
      await redis.stop();
    },
  };
}

async function withRedis(redis: RedisServer, rally: () => Promise<Rally>): Promise<RallyWithRedis> {
  const before = await redis.read();
  const result = await rally();
  const after = await redis.read();
  const calls = [...after.calls].map(([name, count]) => [name, count - (before.calls.get(name) ?? 0)] as const);
  const redisSeconds = (after.atMs - before.atMs) / 1000;
  return { ...result, redisSeconds, redisCpuMs: after.cpuMs - before.cpuMs, redisCalls: new Map(calls) };
}
