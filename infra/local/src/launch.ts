import { resolve } from "node:path";
import { nodeTimeoutOf } from "@switchyard/proxy";
import { stopWithParent } from "@switchyard/runtime";
import type { RedisUserName } from "@switchyard/store/access";
import { Cluster } from "./cluster.ts";
import { checkFrontPort, checkInnerPorts } from "./ports.ts";
import { givenRedis, ownRedis } from "./redis/choose.ts";
import { type RunDirectory, takeRunDirectory } from "./run-directory.ts";
import { ignoreClosedScreen, print, readable } from "./screen.ts";
import { nodeService, service } from "./service.ts";
import { behindReverseProxy, type LauncherConfig, readLauncherConfig } from "./settings.ts";

/** How long the parts of a launcher that was killed may take to end by themselves. */
const LEFTOVER_LIMIT_MS = 12_000;
/** Nothing that the launcher or its parts write is for others. */
const OWNER_ONLY_UMASK = 0o077;

/** The services' `main.ts`, as paths. */
export interface Services {
  readonly signaling: string;
  readonly matchmaker: string;
}

/**
 * Runs a cluster until a signal ends it and the process with it.
 * @param root where `.env` is, and what `RUN_DIR` is relative to
 * @throws Error with one sentence when it can't be started; nothing is left running then
 */
export async function launch(root: string, services: Services): Promise<void> {
  ignoreClosedScreen();
  process.umask(OWNER_ONLY_UMASK); // Redis's files are its own doing
  const config = readLauncherConfig(root);
  const { ports } = config;
  await checkFrontPort(ports.front, config.HOST);
  const directory = await takeRunDirectory(resolve(root, config.RUN_DIR));
  try {
    await checkInnerPorts(ports.nodes, directory.wasKilled ? LEFTOVER_LIMIT_MS : 0);
    await run(config, services, directory);
  } catch (error) {
    if (!directory.wasKilled) directory.release();
    throw error;
  }
}

async function run(config: LauncherConfig, services: Services, directory: RunDirectory): Promise<void> {
  const { ports, HOST: host } = config;
  const redis = config.redisGiven ? await givenRedis(config) : await ownRedis(directory, print);
  const TRUST_PROXY = behindReverseProxy(config.TRUST_PROXY);
  const settingsFor = (user: RedisUserName) => ({ REDIS_URL: redis.urlFor(user), TRUST_PROXY });
  const { signaling, matchmaker } = services;
  const cluster = new Cluster({
    front: { port: ports.front, host },
    nodes: ports.nodes.map((port, index) =>
      nodeService(`node-${index + 1}`, port, signaling, settingsFor("signaling")),
    ),
    matchmakers: Array.from({ length: config.MATCHMAKERS }, (_, index) =>
      service(`matchmaker-${index + 1}`, 0, matchmaker, settingsFor("matchmaker")),
    ),
    redis: { ...redis, users: { observer: redis.urlFor("observer"), operator: redis.urlFor("operator") } },
    nodeTimeoutMs: nodeTimeoutOf(config),
    state: directory.state,
    print: (name, text) => print(name, readable(text)),
  });
  const stopping = endOnSignals(cluster, directory.release);
  stopWithParent();
  await cluster.start().catch(async (error: unknown) => {
    if (stopping()) return; // the signal's handler ends the process
    await cluster.stop();
    throw error;
  });
}

/**
 * Stops the cluster on the first SIGTERM or SIGINT, and ends it at once on the second. Unlike the services'
 * `stopOnSignals` it must take its children along.
 * @returns whether a signal has come
 */
function endOnSignals(cluster: Cluster, released: () => void): () => boolean {
  let stopping = false;
  const onSignal = async (signal: NodeJS.Signals) => {
    print(
      "launcher",
      `${signal}${stopping ? " again: ending everything at once" : ": stopping, again to end at once"}`,
    );
    if (stopping) {
      cluster.kill();
      process.exit(1);
    }
    stopping = true;
    await cluster.stop();
    released();
    print("launcher", "stopped");
    process.exit(0);
  };
  process.on("SIGTERM", onSignal).on("SIGINT", onSignal);
  return () => stopping;
}
