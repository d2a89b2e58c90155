import { randomBytes } from "node:crypto";
import { cpuMs, machineCpuMs } from "../cpu-time.ts";
import { type RedisServer, startRedisServer } from "../redis-server.ts";
import { type NodeProcess, startNode } from "../relay/node-process.ts";
import { measuredSettings, serviceScript } from "../services.ts";
import { type Crowds, openCrowds } from "./crowds.ts";
import type { Tally } from "./guest.ts";
import type { PresenceDialect } from "./manners.ts";

/** Connections are checked so rarely that it is not seen: what is measured is presence. */
const RARELY_MS = "300000";

const housekeeping = /^(ping|hello|auth|select|info|client|command|config)(\||$)/;

/** Counters at one moment, all since the start. */
export interface Reading extends Tally {
  readonly atMs: number;
  readonly nodeCpuMs: number;
  readonly redisCpuMs: number;
  /** Of processes that have nothing to do with the benchmark. */
  readonly othersCpuMs: number;
  /** Those inside of scripts included, connections being kept alive not. */
  readonly redisCommands: number;
}

/** Two nodes, their Redis, and everybody who comes. */
export interface Cluster {
  readonly nodes: readonly NodeProcess[];
  readonly crowds: Crowds;
  /** @throws Error if a client received an event that it must not receive, or was closed */
  read(): Promise<Reading>;
  stop(): Promise<void>;
}

/**
 * Starts all parts, on free loopback ports. After a failure the parts already started are stopped again.
 * @param listed most people in a list
 */
export async function startCluster(dialect: PresenceDialect, listed: number): Promise<Cluster> {
  const redis = await startRedisServer({ appendOnly: false });
  const nodes: NodeProcess[] = [];
  const secret = randomBytes(32).toString("hex");
  const environment = {
    ...measuredSettings,
    REDIS_URL: redis.url,
    JWT_SECRET: secret,
    PING_INTERVAL_MS: RARELY_MS,
    PEOPLE_LISTED: String(listed),
  };
  try {
    for (const name of ["presence-1", "presence-2"])
      nodes.push(await startNode(name, serviceScript("signaling"), environment));
    return clusterOf(redis, nodes, await openCrowds({ dialect, secret, urls: nodes.map(({ url }) => url) }));
  } catch (error) {
    for (const node of nodes) await node.stop();
    await redis.stop();
    throw error;
  }
}

function clusterOf(redis: RedisServer, nodes: readonly NodeProcess[], crowds: Crowds): Cluster {
  const nodePids = nodes.map(({ pid }) => pid);
  const cpuMsOf = (pids: readonly number[]) => pids.reduce((total, pid) => total + cpuMs(pid), 0);
  return {
    nodes,
    crowds,
    read: async () => {
      const tally = await crowds.tally();
      const { calls, cpuMs: redisCpuMs } = await redis.read();
      const nodeCpuMs = cpuMsOf(nodePids);
      const othersCpuMs = machineCpuMs() - nodeCpuMs - redisCpuMs - cpuMsOf([...crowds.pids, process.pid]);
      return {
        ...tally,
        atMs: performance.now(),
        nodeCpuMs,
        redisCpuMs,
        othersCpuMs,
        redisCommands: commandsOf(calls),
      };
    },
    stop: async () => {
      await crowds.stop();
      await Promise.all(nodes.map((node) => node.stop()));
      await redis.stop();
    },
  };
}

function commandsOf(calls: ReadonlyMap<string, number>): number {
  return [...calls].reduce((total, [name, count]) => total + (housekeeping.test(name) ? 0 : count), 0);
}
