import { setTimeout } from "node:timers/promises";
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
import { connectStrict, openStrict, UnusableRedisError, unreachable } from "./strict.ts";

const NAME = "switchyard-start";
/** For one server, before the next one is asked as well. */
const HEAD_START_MS = 500;
const ANSWERS_WITHIN_MS = 10_000;

interface Answer {
  readonly address: ServerAddress;
  readonly redis: Redis;
}

/**
 * Detects the kind of deployment: asks the first server of `REDIS_URL` that answers whether it is a single server, part
 * of a cluster, or a sentinel.
 * @throws UnusableRedisError
 */
export async function findRedis(config: RedisConfig): Promise<RedisServers> {
  const addresses = addressesOf(config);
  const access = accessOf(config);
  const { address, redis: first } = await firstThatAnswers(addresses, access);
  try {
    const mode = /^(?:redis|server)_mode:(\w+)/m.exec(String(await first.info("server")))?.[1];
    if (mode === "sentinel") {
      const name = chosen(await mastersWatchedBy(first), config.REDIS_MASTER);
      const sentinels = [address, ...addresses.filter((other) => other !== address)]; // they are asked in this order
      return behindSentinels({ ...access, ...forSentinels(first.options), sentinels, name });
    }
    if (mode === "cluster" && (await serversKnownTo(first)) > 1) return inCluster(addresses, access);
    return singleServer({ ...access, ...address });
  } finally {
    first.disconnect();
  }
}

/** Asks each server a moment after the one before, or once that one has failed: a machine that is gone refuses nothing, it is silent. */
async function firstThatAnswers(addresses: readonly ServerAddress[], access: Access): Promise<Answer> {
  const asked: Promise<Answer>[] = [];
  const over = new AbortController();
  for (const address of addresses) {
    const answer = ask(address, access, over.signal);
    asked.push(answer);
    const answered = Promise.any(asked).then(() => over.abort());
    await Promise.race([answered, answer, setTimeout(HEAD_START_MS, undefined, over)]).catch(() => {});
    if (over.signal.aborted) break;
  }
  const winner = await Promise.any(asked).catch(({ errors: [failure] }: AggregateError) => Promise.reject(failure));
  over.abort();
  for (const answer of asked) {
    answer.then(({ redis }) => redis !== winner.redis && redis.disconnect()).catch(() => {}); // it was not needed
  }
  return winner;
}

async function ask(address: ServerAddress, access: Access, over: AbortSignal): Promise<Answer> {
  const late = AbortSignal.timeout(ANSWERS_WITHIN_MS);
  const end = AbortSignal.any([over, late]);
  try {
    return { address, redis: await connectUntil(end, openStrict({ ...access, ...address }, NAME)) };
  } catch (error) {
    if (late.aborted) throw unreachable(nameOf(address), new Error(`no answer within ${ANSWERS_WITHIN_MS} ms`));
    const redis = await openSentinel(address, access, end).catch(() => undefined);
    if (redis) return { address, redis };
    throw error;
  }
}

async function connectUntil(end: AbortSignal, redis: Redis): Promise<Redis> {
  const giveUp = () => redis.disconnect();
  end.addEventListener("abort", giveUp);
  try {
    return await connectStrict(redis);
  } finally {
    end.removeEventListener("abort", giveUp);
  }
}

/** Sentinels seldom have the users of the servers that they watch. */
async function openSentinel(
  address: ServerAddress,
  { username, password, ...access }: Access,
  end: AbortSignal,
): Promise<Redis | undefined> {
  if (password === undefined || end.aborted) return undefined;
  const redis = await connectUntil(end, openStrict({ ...access, ...address }, NAME));
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
