import type { Redis } from "ioredis";
import {
  type Access,
  accessOf,
  addressesOf,
  nameOf,
  type RedisConfig,
  type ServerAddress,
  type ServerOptions,
} from "./server-address.ts";
import { behindSentinels, inCluster, type RedisServers, singleServer } from "./servers.ts";
import { connectStrict, openStrict, UnusableRedisError } from "./strict.ts";

const NAME = "switchyard-start";

/**
 * Detects the kind of deployment: asks the first server of `REDIS_URL` that answers whether it is a single server, part
 * of a cluster, or a sentinel.
 * @throws UnusableRedisError
 */
export async function findRedis(config: RedisConfig): Promise<RedisServers> {
  const addresses = addressesOf(config);
  const access = accessOf(config);
  const first = await firstThatAnswers(addresses, access);
  try {
    const mode = /^(?:redis|server)_mode:(\w+)/m.exec(String(await first.info("server")))?.[1];
    if (mode === "sentinel") {
      const name = chosen(await mastersWatchedBy(first), config.REDIS_MASTER);
      return behindSentinels({ ...access, ...forSentinels(first.options), sentinels: addresses, name });
    }
    if (mode === "cluster" && (await serversKnownTo(first)) > 1) return inCluster(addresses, access);
    const { host, port } = first.options;
    return singleServer({ ...access, ...(host === undefined || port === undefined ? addresses[0] : { host, port }) });
  } finally {
    first.disconnect();
  }
}

async function firstThatAnswers(addresses: readonly ServerAddress[], access: Access): Promise<Redis> {
  let failure: unknown;
  for (const address of addresses) {
    try {
      return await connectStrict(openStrict({ ...access, ...address }, NAME));
    } catch (error) {
      failure ??= error;
      const sentinel = await openSentinel(address, access).catch(() => undefined);
      if (sentinel) return sentinel;
    }
  }
  throw failure;
}

/** Sentinels seldom have the users of the servers that they watch. */
async function openSentinel(
  address: ServerAddress,
  { username, password, ...access }: Access,
): Promise<Redis | undefined> {
  if (password === undefined) return undefined;
  const redis = await connectStrict(openStrict({ ...access, ...address }, NAME));
  if (/^(?:redis|server)_mode:sentinel/m.test(String(await redis.info("server")))) return redis;
  redis.disconnect();
  return undefined;
}

/** The credentials that the first sentinel accepted, for all of them. */
function forSentinels({ username, password, tls }: ServerOptions): ServerOptions {
  return {
    ...(username ? { sentinelUsername: username } : {}),
    ...(password ? { sentinelPassword: password } : {}),
    ...(tls ? { sentinelTLS: tls, enableTLSForSentinelMode: true } : {}),
  };
}

async function mastersWatchedBy(sentinel: Redis): Promise<string[]> {
  const masters = (await sentinel.call("SENTINEL", "MASTERS")) as unknown[];
  return masters.map((fields) =>
    String(Array.isArray(fields) ? fields[fields.indexOf("name") + 1] : fieldName(fields)),
  );
}

/** As RESP 3 sends it. */
function fieldName(fields: unknown): unknown {
  return (fields as { readonly name?: unknown }).name;
}

function chosen(names: readonly string[], wanted: string | undefined): string {
  const [only, ...others] = names;
  if (wanted !== undefined && names.includes(wanted)) return wanted;
  if (wanted === undefined && only !== undefined && others.length === 0) return only;
  const known = names.join(", ") || "none";
  throw new UnusableRedisError(`The sentinels watch these masters: ${known}. Name one of them with REDIS_MASTER.`);
}

/** The servers that have slots, and their replicas. */
async function serversKnownTo(redis: Redis): Promise<number> {
  type Range = readonly [from: number, to: number, ...servers: (readonly [host: string, port: number])[]];
  const ranges = (await redis.cluster("SLOTS")) as unknown as Range[];
  return new Set(ranges.flatMap(([, , ...servers]) => servers.map(([host, port]) => nameOf({ host, port })))).size;
}
