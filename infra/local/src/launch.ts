import { resolve } from "node:path";
import { stopWithParent } from "@switchyard/runtime";
import type { RedisUserName } from "@switchyard/store/access";
import { behindFrontDoor } from "./behind-front-door.ts";
import { Cluster } from "./cluster.ts";
import { checkFrontPort, checkInnerPorts } from "./ports.ts";
import { readable } from "./readable.ts";
import { givenRedis, ownRedis } from "./redis/choose.ts";
import { takeRunDirectory } from "./run-directory.ts";
import { ignoreClosedScreen, say } from "./screen.ts";
import { service } from "./service.ts";
import { readLauncherConfig } from "./settings.ts";
import { endOnSignals } from "./signals.ts";

/** How long the parts of a launcher that was killed may take to end by themselves. */
const LEFTOVER_LIMIT_MS = 12_000;
/** How long a node may be silent beyond the longest pause that Engine.IO's pings leave. */
const NODE_TIMEOUT_MARGIN_MS = 60_000;

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
  const config = readLauncherConfig(root);
  const { ports, HOST: host } = config;
  await checkFrontPort(ports.front, host);
  const directory = await takeRunDirectory(resolve(root, config.RUN_DIR));
  await checkInnerPorts([...ports.nodes, ...ports.matchmakers], directory.leftover ? LEFTOVER_LIMIT_MS : 0);
  const redis = config.redisGiven ? await givenRedis(config) : await ownRedis(directory, say);
  const TRUST_PROXY = behindFrontDoor(config.TRUST_PROXY);
  const named = (name: string, user: RedisUserName, script: string) => (port: number, index: number) =>
    service(`${name}-${index + 1}`, port, script, { REDIS_URL: redis.urlFor(user), TRUST_PROXY });
  const cluster = new Cluster({
    front: { port: ports.front, host },
    nodes: ports.nodes.map(named("node", "signaling", services.signaling)),
    matchmakers: ports.matchmakers.map(named("matchmaker", "matchmaker", services.matchmaker)),
    redis,
    nodeTimeoutMs: config.PING_INTERVAL_MS + config.PING_TIMEOUT_MS + NODE_TIMEOUT_MARGIN_MS,
    stateFile: directory.stateFile,
    say: (name, text) => say(name, readable(text)),
  });
  const stopping = endOnSignals(cluster, say, directory.release);
  stopWithParent();
  await cluster.start().catch(async (error: unknown) => {
    if (stopping()) return; // the signal's handler ends the process
    await cluster.stop();
    throw error;
  });
}
