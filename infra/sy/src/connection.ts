import { connectRedis, openRedis, UnusableRedisError } from "@switchyard/runtime";
import { Cluster, Redis } from "ioredis";

/** How Redis is run. */
type Arrangement = "single" | "cluster" | "sentinel";

export interface Connection {
  readonly arrangement: Arrangement;
  readonly redis: Redis;
  /** The servers that have keys. */
  masters(): readonly Redis[];
  close(): void;
}

const NAME = "sy";
const ATTEMPTS = 5;

/**
 * Connects to whatever stands behind `REDIS_URL`: a server, a cluster (one or more of its servers), or sentinels (one or more of them).
 * @param urls with commas between, where there are several
 * @param master which of the masters that the sentinels watch; needed where there are several
 * @throws UnusableRedisError
 */
export async function connect(urls: string, master?: string): Promise<Connection> {
  const addresses = urls.split(",").map((url) => url.trim());
  const first = await firstThatAnswers(addresses);
  const mode = /^(?:redis|server)_mode:(\w+)/m.exec(String(await first.info("server")))?.[1];
  if (mode === "sentinel") return behindSentinels(first, addresses, master);
  if (mode === "cluster" && (await mastersOf(first)) > 1) return inCluster(first, addresses);
  return { arrangement: "single", redis: first, masters: () => [first], close: () => first.disconnect() };
}

async function firstThatAnswers(addresses: readonly string[]): Promise<Redis> {
  let failure: unknown;
  for (const address of addresses) {
    try {
      return await connectRedis(openRedis(address, NAME));
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}

async function mastersOf(redis: Redis): Promise<number> {
  const nodes = String(await redis.cluster("NODES")).split("\n");
  return nodes.filter((line) => /^\S+ \S+ \S*master/.test(line)).length;
}

async function inCluster(first: Redis, addresses: readonly string[]): Promise<Connection> {
  first.disconnect();
  const cluster = new Cluster(addresses.map(placeOf), {
    lazyConnect: true,
    redisOptions: { ...credentialsOf(addresses), connectionName: NAME, maxRetriesPerRequest: 1 },
    clusterRetryStrategy: (attempt) => (attempt > ATTEMPTS ? null : 100 * attempt),
  });
  cluster.on("error", () => {}); // the command that needs it fails
  await reached(cluster, () => cluster.disconnect());
  return {
    arrangement: "cluster",
    redis: cluster as unknown as Redis, // it takes the same commands, and sends each to the server of its keys
    masters: () => cluster.nodes("master"),
    close: () => cluster.disconnect(),
  };
}

async function behindSentinels(
  first: Redis,
  addresses: readonly string[],
  wanted: string | undefined,
): Promise<Connection> {
  const name = chosen(await namesOf(first), wanted);
  first.disconnect();
  const credentials = credentialsOf(addresses);
  const redis = new Redis({
    ...credentials,
    ...(credentials.password === undefined ? {} : { sentinelPassword: credentials.password }),
    ...{ sentinels: addresses.map(placeOf), name, connectionName: NAME, lazyConnect: true },
    ...{ maxRetriesPerRequest: 1, retryStrategy: later, sentinelRetryStrategy: later },
  });
  redis.on("error", () => {});
  await reached(redis, () => redis.disconnect());
  return { arrangement: "sentinel", redis, masters: () => [redis], close: () => redis.disconnect() };
}

async function namesOf(sentinel: Redis): Promise<string[]> {
  const masters = (await sentinel.call("SENTINEL", "MASTERS")) as string[][];
  return masters.flatMap((fields) => fields[fields.indexOf("name") + 1] ?? []);
}

function chosen(names: readonly string[], wanted: string | undefined): string {
  const [only, ...others] = names;
  if (wanted !== undefined && names.includes(wanted)) return wanted;
  if (wanted === undefined && only !== undefined && others.length === 0) return only;
  const known = names.join(", ") || "none";
  throw new UnusableRedisError(`The sentinels watch these masters: ${known}. Name one of them with --master.`);
}

async function reached(client: Redis | Cluster, giveUp: () => void): Promise<void> {
  try {
    await client.connect();
    await client.ping();
  } catch (error) {
    giveUp();
    throw new UnusableRedisError(`Redis can't be reached (${error instanceof Error ? error.message : String(error)}).`);
  }
}

const later = (attempt: number) => (attempt > ATTEMPTS ? null : 100 * attempt);

function placeOf(address: string): { host: string; port: number } {
  const { hostname, port } = new URL(address);
  return { host: hostname.replace(/^\[|\]$/g, ""), port: Number(port || 6379) };
}

interface Credentials {
  readonly username?: string;
  readonly password?: string;
  readonly tls?: object;
}

/** All servers take the same. */
function credentialsOf([first = ""]: readonly string[]): Credentials {
  const { protocol, username, password } = new URL(first);
  return {
    ...(username === "" ? {} : { username: decodeURIComponent(username) }),
    ...(password === "" ? {} : { password: decodeURIComponent(password) }),
    ...(protocol === "rediss:" ? { tls: {} } : {}),
  };
}
