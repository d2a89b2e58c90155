import { until } from "@switchyard/testkit";
import type { Redis } from "ioredis";
import type { Host } from "../hosts/host.ts";
import { disconnect, serverArguments, startServer } from "./redis.ts";

/** The name under which sentinels watch the master. */
export const MASTER = "switchyard";
const [PORT, SENTINEL_PORT] = [6379, 26_379];
const QUORUM = 2;
const lines = [
  `sentinel down-after-milliseconds ${MASTER} 2000`,
  `sentinel failover-timeout ${MASTER} 10000`,
  `sentinel parallel-syncs ${MASTER} 1`,
];

/** A master on the first host, a replica on each of the others, and a sentinel on all of them. Resolves to the `REDIS_URL`. */
export async function arrangeSentinel(hosts: readonly Host[], directory: string): Promise<string> {
  const [first, ...others] = hosts;
  if (!first) throw new Error("there is no host for Redis");
  const master = await startServer({ host: first, port: PORT, directory, args: serverArguments });
  const following = [...serverArguments, "--replicaof", first.address, String(PORT)];
  const replicas = await Promise.all(
    others.map((host) => startServer({ host, port: PORT, directory, args: following })),
  );
  await Promise.all(replicas.map(follows));
  const monitor = `sentinel monitor ${MASTER} ${first.address} ${PORT} ${QUORUM}`;
  const sentinels = await Promise.all(
    hosts.map((host) =>
      startServer({ host, port: SENTINEL_PORT, directory, args: ["--sentinel"], lines: [monitor, ...lines] }),
    ),
  );
  await Promise.all(sentinels.map((sentinel) => knowsAll(sentinel, hosts.length)));
  disconnect([master, ...replicas, ...sentinels]);
  return hosts.map(({ address }) => `redis://${address}:${SENTINEL_PORT}`).join(",");
}

function follows(replica: Redis): Promise<unknown> {
  return until("a replica to follow", async () =>
    (await replica.info("replication")).includes("master_link_status:up"),
  );
}

function knowsAll(sentinel: Redis, count: number): Promise<unknown> {
  return until("a sentinel to know the others and the replicas", async () => {
    const [replicas, others] = await Promise.all([
      sentinel.call("SENTINEL", "REPLICAS", MASTER),
      sentinel.call("SENTINEL", "SENTINELS", MASTER),
    ]);
    return [replicas, others].every((known) => (known as unknown[]).length === count - 1);
  });
}
