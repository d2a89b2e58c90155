import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CleanUp, freePort, until } from "@switchyard/testkit";
import { Redis } from "ioredis";

/** A server of this machine, and a connection to it. */
export interface Server {
  readonly port: number;
  readonly redis: Redis;
  /** Ends it at once. */
  kill(): Promise<void>;
}

/** Starts a `redis-server` with further arguments, or with the lines of a configuration file of its own. */
async function startServer(
  cleanUp: CleanUp,
  args: (port: number) => readonly string[],
  lines?: (port: number) => readonly string[],
): Promise<Server> {
  const port = await freePort();
  const directory = await mkdtemp(join(tmpdir(), "switchyard-sy-"));
  cleanUp.add(() => rm(directory, { recursive: true, force: true }));
  const file = join(directory, "server.conf");
  if (lines) await writeFile(file, lines(port).join("\n"));
  const place = ["--port", String(port), "--bind", "127.0.0.1", "--dir", directory];
  const child = spawn("redis-server", [...(lines ? [file] : []), ...place, ...args(port)], { stdio: "ignore" });
  const ended = new Promise<void>((done) => child.once("exit", () => done()));
  const redis = new Redis(port, "127.0.0.1", { lazyConnect: true, retryStrategy: () => 100 });
  redis.on("error", () => {});
  const kill = async () => {
    redis.disconnect();
    child.kill("SIGKILL");
    await ended;
  };
  cleanUp.add(kill);
  await until("the server to answer", async () => {
    if (redis.status === "wait" || redis.status === "end") await redis.connect();
    return (await redis.ping()) === "PONG";
  });
  return { port, redis, kill };
}

const noFiles = ["--save", "", "--appendonly", "no"];
const SLOTS = 16_384;

/** Three masters that share the slots. */
export async function startRedisCluster(cleanUp: CleanUp): Promise<Server[]> {
  const servers: Server[] = [];
  for (let i = 0; i < 3; i += 1) {
    const bus = String(await freePort());
    const flags = [...noFiles, "--cluster-enabled", "yes", "--cluster-port", bus];
    const server = await startServer(cleanUp, () => flags);
    const [from, to] = [i, i + 1].map((part) => Math.floor((part * SLOTS) / 3)) as [number, number];
    await server.redis.call("CLUSTER", "ADDSLOTSRANGE", String(from), String(to - 1));
    for (const one of servers) await meet(server, one);
    servers.push(server);
  }
  for (const { redis } of servers) {
    await until("the cluster to be ready", async () => {
      const info = String(await redis.cluster("INFO"));
      return info.includes("cluster_state:ok") && info.includes("cluster_known_nodes:3");
    });
  }
  return servers;
}

async function meet({ redis }: Server, other: Server): Promise<void> {
  const bus = /@(\d+)/.exec(String(await other.redis.cluster("NODES")))?.[1] ?? "";
  await redis.call("CLUSTER", "MEET", "127.0.0.1", String(other.port), bus);
}

/** A master, a replica, and a sentinel that alone decides when the replica takes over. */
export async function startSentinel(cleanUp: CleanUp): Promise<{ sentinel: Server; master: Server; replica: Server }> {
  const master = await startServer(cleanUp, () => noFiles);
  const replica = await startServer(cleanUp, () => [...noFiles, "--replicaof", "127.0.0.1", String(master.port)]);
  await until("the replica to follow", async () =>
    (await replica.redis.info("replication")).includes("link_status:up"),
  );
  const sentinel = await startServer(
    cleanUp,
    () => ["--sentinel"],
    () => [
      `sentinel monitor first 127.0.0.1 ${master.port} 1`,
      ...["sentinel down-after-milliseconds first 500", "sentinel failover-timeout first 2000"],
    ],
  );
  await until("the sentinel to know the replica", async () =>
    String(await sentinel.redis.call("SENTINEL", "REPLICAS", "first")).includes(String(replica.port)),
  );
  return { sentinel, master, replica };
}
