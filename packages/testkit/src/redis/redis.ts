import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { freePort, onFreePort } from "../ports.ts";
import { until } from "../until.ts";
import { userFlags } from "./redis-access.ts";
import { redisInContainer } from "./redis-container.ts";
import { runRedisServer, type TestRedis } from "./redis-program.ts";

export interface TestRedisOptions {
  /** Single-node cluster mode (the default): a script with keys of two slots fails as it would on a real cluster. */
  readonly cluster?: boolean;
  /** With an append-only file, so that its data survives `restart`. */
  readonly appendOnly?: boolean;
  readonly port?: number;
  readonly directory?: string;
}

/** Starts a real Redis: in a container where there is Docker with an image of it, else a `redis-server` of this machine. */
export async function startRedis(options: TestRedisOptions = {}): Promise<TestRedis> {
  const container = options.directory ? undefined : await redisInContainer(flags(options));
  const redis = container ?? (await onThisMachine(options));
  if (options.cluster ?? true) await formCluster(redis.url);
  return redis;
}

/**
 * Starts a local `redis-server`, which a test can also stop, continue and kill by its pid. Where there is none, the test
 * that wants it is skipped, and says why.
 */
export async function startLocalRedis(options: TestRedisOptions = {}): Promise<TestRedis> {
  const redis = await onThisMachine(options);
  if (options.cluster ?? true) await formCluster(redis.url);
  return redis;
}

function flags({ cluster = true, appendOnly = false }: TestRedisOptions): string[] {
  return [
    "--save",
    "",
    "--appendonly",
    appendOnly ? "yes" : "no",
    "--appendfsync",
    "everysec",
    ...(cluster ? ["--cluster-enabled", "yes"] : []),
    ...userFlags(),
  ];
}

function onThisMachine(options: TestRedisOptions): Promise<TestRedis> {
  const start = (port: number) => startOn(port, options);
  return options.port === undefined ? onFreePort(start) : start(options.port);
}

async function startOn(port: number, options: TestRedisOptions): Promise<TestRedis> {
  const directory = options.directory ?? (await mkdtemp(join(tmpdir(), "switchyard-redis-")));
  const bus = (options.cluster ?? true) ? ["--cluster-port", String(await freePort())] : [];
  const args = ["--port", String(port), "--bind", "127.0.0.1", "--dir", directory, ...bus, ...flags(options)];
  const url = `redis://127.0.0.1:${port}`;
  const server = await runRedisServer(args, () => infoOf(url), options.directory === undefined ? directory : undefined);
  const stop = async () => {
    await server.kill();
    if (!options.directory) await rm(directory, { recursive: true, force: true });
  };
  return { url, port, pid: server.pid, stop };
}

function infoOf(url: string): Promise<string> {
  return withRedis(url, (redis) => redis.info());
}

async function formCluster(url: string): Promise<void> {
  await withRedis(url, async (redis) => {
    if (!(await redis.cluster("INFO")).toString().includes("cluster_slots_assigned:16384")) {
      await redis.call("CLUSTER", "ADDSLOTSRANGE", "0", "16383");
    }
    await until("the cluster to be ready", async () =>
      String(await redis.cluster("INFO")).includes("cluster_state:ok"),
    );
  });
}

async function withRedis<T>(url: string, use: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(url, { lazyConnect: true, retryStrategy: () => null, maxRetriesPerRequest: 0 });
  redis.on("error", () => {});
  try {
    await redis.connect();
    return await use(redis);
  } finally {
    redis.disconnect();
  }
}
