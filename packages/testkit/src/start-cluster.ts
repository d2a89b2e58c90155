import { openStore } from "@switchyard/store";
import { Redis } from "ioredis";
import { CleanUp } from "./clean-up.ts";
import { type ClusterOptions, type Start, TestCluster } from "./cluster.ts";
import type { TestRedis } from "./redis/redis-program.ts";
import { borrowRedis } from "./redis/spare-redis.ts";
import { deployedWith } from "./service/deployed.ts";
import { type Service, unlimited } from "./service/service.ts";
import { startServiceHere } from "./service/service-in-process.ts";
import { type ServiceProcess, startService } from "./service/service-process.ts";
import { storeBounds } from "./store.ts";

/** A cluster of processes, each of which a test may stop, continue and kill. Each costs a second of CPU to start. */
export function startProcessCluster(options: ClusterOptions = {}): Promise<TestCluster<ServiceProcess>> {
  return startClusterOf(startService, options);
}

/**
 * A cluster whose nodes and matchmakers run in this process; or that stands for the deployment which
 * SWITCHYARD_DEPLOYMENT names.
 */
export async function startCluster(options: ClusterOptions = {}): Promise<TestCluster> {
  const { environment = {} } = options;
  const deployed = await deployedWith({ ...unlimited, ...environment });
  if (!deployed) return startClusterOf(startServiceHere, options);
  const cluster = await startClusterOf(startServiceHere, {
    ...options,
    redis: deployed.redis,
    nodes: 0,
    matchmakers: 0,
  });
  cluster.nodes.push(...deployed.nodes);
  return cluster;
}

/** Starts everything at once; what was started is stopped again if something can't be. */
async function startClusterOf<Kind extends Service>(
  start: Start<Kind>,
  options: ClusterOptions,
): Promise<TestCluster<Kind>> {
  const { nodes = 2, matchmakers = 1 } = options;
  const cleanUp = new CleanUp();
  try {
    const redisServer = options.redis ?? (await ownRedis(cleanUp));
    const redis = redisServer.open?.() ?? new Redis(redisServer.url);
    redis.on("error", () => {}); // it may be stopped by the test; it connects again
    cleanUp.add(() => redis.disconnect());
    const store = await openStore(redis, storeBounds);
    const cluster = new TestCluster(start, cleanUp, redisServer, redis, store, options);
    const wanted = [
      ...Array.from({ length: nodes }, () => "signaling" as const),
      ...Array.from({ length: matchmakers }, () => "matchmaker" as const),
    ];
    const started = await Promise.allSettled(wanted.map((name) => cluster.start(name)));
    for (const outcome of started) if (outcome.status === "rejected") throw outcome.reason;
    return cluster;
  } catch (error) {
    await cleanUp.run();
    throw error;
  }
}

/** A Redis that nobody else uses, until `cleanUp` gives it back. */
async function ownRedis(cleanUp: CleanUp): Promise<TestRedis> {
  const { server, giveBack } = await borrowRedis();
  cleanUp.add(giveBack);
  return server;
}
