import type { TestRedis } from "../redis/redis-program.ts";
import type { Environment, Service } from "./service.ts";

/** The id of a reverse proxy that stands for a node. */
export const DEPLOYED = "deployed";

/** A deployment that runs: where clients reach it, and its Redis. */
export interface Deployed {
  readonly url: string;
  readonly redisUrl: string;
  /** How many nodes are behind the URL. */
  readonly nodes: number;
}

/** The parts of a deployment that a test gets instead of processes of its own. */
export interface DeployedParts {
  readonly redis: TestRedis;
  readonly nodes: readonly Service[];
}

/**
 * The deployment that SWITCHYARD_DEPLOYMENT stands for, with these settings: the path of a module whose `deploy` brings
 * it about. `undefined` where that is not set. Each "node" is its reverse proxy, so a test that stops or asks a single
 * node can't use it.
 */
export async function deployedWith(environment: Environment): Promise<DeployedParts | undefined> {
  const module = process.env["SWITCHYARD_DEPLOYMENT"];
  if (!module) return undefined;
  const { deploy } = (await import(module)) as { deploy(settings: Record<string, string>): Promise<Deployed> };
  const settings = Object.entries(environment).map(([name, value]) => [name, String(value)] as const);
  const { url, redisUrl, nodes } = await deploy(Object.fromEntries(settings));
  const redis = { url: redisUrl, port: Number(new URL(redisUrl).port), pid: undefined, stop: async () => {} };
  return { redis, nodes: Array.from({ length: nodes }, () => reverseProxy(url)) };
}

function reverseProxy(url: string): Service {
  const notHere = () => {
    throw new Error("a node of a deployment is not this test's to ask or to stop");
  };
  return {
    id: DEPLOYED,
    port: Number(new URL(url).port),
    url,
    logs: () => [],
    errors: () => [],
    metric: notHere,
    stop: notHere,
  };
}
