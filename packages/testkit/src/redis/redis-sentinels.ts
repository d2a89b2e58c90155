import { Redis } from "ioredis";
import type { CleanUp } from "../clean-up.ts";
import { until } from "../until.ts";
import { userFlags } from "./redis-access.ts";
import { type RedisProcess, startRedisProcess } from "./redis-process.ts";
import type { TestRedis } from "./redis-program.ts";

/** A master and a replica that have the users that services have, watched by sentinels. */
export interface TestSentinels extends TestRedis {
  readonly sentinels: readonly RedisProcess[];
  readonly master: RedisProcess;
  readonly replica: RedisProcess;
}

const MASTER = "first";
/** A server that stands still for a moment is not to lose its part. */
const DOWN_AFTER_MS = 2000;

/**
 * `cleanUp` stops it.
 * @param count how many sentinels; most of them must agree that the master is down
 */
export async function startSentinels(cleanUp: CleanUp, count = 3): Promise<TestSentinels> {
  const flags = ["--save", "", "--appendonly", "no", "--repl-diskless-sync-delay", "0", ...userFlags()];
  const master = await startRedisProcess(cleanUp, flags);
  const replica = await startRedisProcess(cleanUp, [...flags, "--replicaof", "127.0.0.1", String(master.port)]);
  await until("the replica to follow", async () =>
    (await replica.redis.info("replication")).includes("link_status:up"),
  );
  const quorum = Math.floor(count / 2) + 1;
  const lines = [
    `sentinel monitor ${MASTER} 127.0.0.1 ${master.port} ${quorum}`,
    `sentinel down-after-milliseconds ${MASTER} ${DOWN_AFTER_MS}`,
    `sentinel failover-timeout ${MASTER} 4000`,
  ];
  const start = () => startRedisProcess(cleanUp, ["--sentinel"], lines);
  const sentinels = await Promise.all(Array.from({ length: count }, start));
  await Promise.all(sentinels.map((sentinel) => knows(sentinel, replica, count)));
  const addresses = sentinels.map(({ port }) => ({ host: "127.0.0.1", port }));
  return {
    sentinels,
    master,
    replica,
    url: addresses.map(({ host, port }) => `redis://${host}:${port}`).join(","),
    port: master.port,
    pid: undefined,
    stop: async () => {},
    open: () => new Redis({ sentinels: addresses, name: MASTER }),
  };
}

function knows({ redis }: RedisProcess, replica: RedisProcess, count: number): Promise<unknown> {
  return until("a sentinel to know the replica and the other sentinels", async () => {
    const replicas = JSON.stringify(await redis.call("SENTINEL", "REPLICAS", MASTER));
    const others = (await redis.call("SENTINEL", "SENTINELS", MASTER)) as unknown[];
    return replicas.includes(String(replica.port)) && others.length === count - 1;
  });
}
