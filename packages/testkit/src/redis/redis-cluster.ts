import { Cluster, type Redis } from "ioredis";
import type { CleanUp } from "../clean-up.ts";
import { onFreePort } from "../ports.ts";
import { until } from "../until.ts";
import { userFlags } from "./redis-access.ts";
import { type RedisProcess, startRedisProcess } from "./redis-process.ts";
import type { TestRedis } from "./redis-program.ts";

const MASTERS = 3;
const SLOTS = 16_384;
/** A server that stands still for a moment is not to lose its part, if there is a replica that could have it. */
const FAIL_OVER_AFTER_MS = 2000;
const NEVER_MS = 600_000;
/** After this long they are introduced again: an introduction is forgotten where a server stood still meanwhile. */
const INTRODUCE_EVERY_MS = 5000;

/** Three masters that share the slots, and their replicas in the same order, of which there may be none. */
export interface TestRedisCluster extends TestRedis {
  readonly masters: readonly RedisProcess[];
  readonly replicas: readonly RedisProcess[];
}

/** Starts a Redis Cluster whose servers have the users that services have; `cleanUp` stops it. */
export async function startRedisCluster(cleanUp: CleanUp, { replicas = false } = {}): Promise<TestRedisCluster> {
  const count = replicas ? 2 * MASTERS : MASTERS;
  const servers = await Promise.all(Array.from({ length: count }, () => startMember(cleanUp, replicas)));
  const masters = servers.slice(0, MASTERS);
  await Promise.all(masters.map(({ redis }, i) => redis.call("CLUSTER", "ADDSLOTSRANGE", ...slotsOf(i))));
  await introduce(servers);
  for (const [i, { redis }] of servers.slice(MASTERS).entries()) {
    const id = await masters[i]?.redis.call("CLUSTER", "MYID");
    await redis.call("CLUSTER", "REPLICATE", String(id));
  }
  await Promise.all(servers.map((server) => serves(server, count)));
  const addresses = masters.map(({ port }) => ({ host: "127.0.0.1", port }));
  return {
    masters,
    replicas: servers.slice(MASTERS),
    url: addresses.map(({ host, port }) => `redis://${host}:${port}`).join(","),
    port: masters[0]?.port ?? 0,
    pid: undefined,
    stop: async () => {},
    open: () => new Cluster(addresses) as unknown as Redis,
  };
}

interface Member extends RedisProcess {
  readonly bus: string;
}

function startMember(cleanUp: CleanUp, failsOver: boolean): Promise<Member> {
  return onFreePort((bus) => startWithBus(String(bus), cleanUp, failsOver));
}

async function startWithBus(bus: string, cleanUp: CleanUp, failsOver: boolean): Promise<Member> {
  const cluster = [
    "--cluster-enabled",
    "yes",
    "--cluster-port",
    bus,
    "--cluster-node-timeout",
    String(failsOver ? FAIL_OVER_AFTER_MS : NEVER_MS),
  ];
  const files = [
    "--save",
    "",
    "--appendonly",
    "no",
    "--repl-diskless-sync-delay",
    "0",
    "--repl-ping-replica-period",
    "1",
  ];
  return { ...(await startRedisProcess(cleanUp, [...files, ...cluster, ...userFlags()])), bus };
}

function slotsOf(master: number): [from: string, to: string] {
  const [from = 0, to = 0] = [master, master + 1].map((part) => Math.floor((part * SLOTS) / MASTERS));
  return [String(from), String(to - 1)];
}

async function introduce(servers: readonly Member[]): Promise<void> {
  const [first, ...others] = servers;
  let introduceAt = 0;
  await until("all servers to know each other", async () => {
    if (performance.now() > introduceAt) {
      introduceAt = performance.now() + INTRODUCE_EVERY_MS;
      for (const { port, bus } of others) await first?.redis.call("CLUSTER", "MEET", "127.0.0.1", String(port), bus);
    }
    const infos = await Promise.all(servers.map(({ redis }) => redis.cluster("INFO")));
    return infos.every((info) => String(info).includes(`cluster_known_nodes:${servers.length}\r`));
  });
}

/** Whether the cluster works, and each server with slots has its replica, as far as this server knows. */
function serves({ redis }: RedisProcess, count: number): Promise<unknown> {
  return until("the cluster to be ready", async () => {
    if (!String(await redis.cluster("INFO")).includes("cluster_state:ok")) return false;
    const ranges = (await redis.cluster("SLOTS")) as unknown[][];
    if (ranges.flatMap((range) => range.slice(2)).length !== count) return false;
    const info = await redis.info("replication");
    return info.includes("role:master") || info.includes("master_link_status:up");
  });
}
