import { Redis } from "ioredis";
import { batchWrites } from "../batched-writes.ts";
import { watchHeartbeat } from "../heartbeat.ts";
import type { ServerOptions } from "./server-address.ts";

/** Time between two attempts to connect. */
export const retryAfter = (attempt: number) => Math.min(50 * attempt, 1000);

/**
 * The options of a connection that fails fast. A command that can't be sent now, or whose answer was lost, is rejected
 * and never sent again without the caller: a repeated `deliver` would deliver a message twice.
 * @param name shown by Redis in `CLIENT LIST`
 */
export function strict(name: string) {
  return {
    connectionName: name,
    disableClientInfo: true,
    lazyConnect: true,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    autoResubscribe: false, // the subscriber does it itself, since it needs to know when it is done
    retryStrategy: retryAfter,
    reconnectOnError: ({ message }: Error) => message.startsWith("READONLY"), // another server is the master now
  } as const satisfies ServerOptions;
}

/** Opens one connection, to one server or to the master that sentinels name, that fails fast. It is not connected yet. */
export function openStrict(options: ServerOptions, name: string): Redis {
  const redis = new Redis({ ...options, ...strict(name) });
  batchWrites(redis);
  watchHeartbeat(redis);
  redis.on("error", () => {}); // logged by the watcher of readiness; without a listener it would end the process
  return redis;
}

/**
 * Connects and makes sure that this is Redis 7 or newer (sharded pub/sub, `#!lua` scripts), or Valkey 8 or newer.
 * @throws UnusableRedisError
 */
export async function connectStrict(redis: Redis): Promise<Redis> {
  const address = `${redis.options.host}:${redis.options.port}`;
  let cause: unknown;
  const note = (error: unknown) => {
    cause = error;
  };
  redis.on("error", note); // the error of `connect` only says that the connection was closed
  try {
    await redis.connect();
  } catch (error) {
    redis.disconnect();
    throw unreachable(address, cause ?? error);
  } finally {
    redis.off("error", note);
  }
  const problem = versionProblem(String(await redis.info("server")));
  if (problem === undefined) return redis;
  redis.disconnect();
  throw new UnusableRedisError(`Redis at ${address} is too old: ${problem}`);
}

/** Thrown at the start if the configured Redis can't be used; `message` says what to do. */
export class UnusableRedisError extends Error {
  override readonly name = "UnusableRedisError";
}

/** The problem with the server that returned this `INFO server`; `undefined` if there is none. */
export function versionProblem(info: string): string | undefined {
  const field = (name: string) => new RegExp(`^${name}:(\\S+)`, "m").exec(info)?.[1];
  const valkey = field("valkey_version");
  const version = valkey ?? field("redis_version") ?? "unknown";
  const needed = valkey === undefined ? 7 : 8;
  if (Number.parseInt(version, 10) >= needed) return undefined;
  const product = valkey === undefined ? "Redis" : "Valkey";
  return `it is ${product} ${version}, and Switchyard needs Redis 7 or newer, or Valkey 8 or newer.`;
}

/** @param address `host:port` */
export function unreachable(address: string, error: unknown): UnusableRedisError {
  const { code, message } = error as NodeJS.ErrnoException; // where a name has several addresses there is only a code
  const reason = message || code;
  return new UnusableRedisError(`Redis at ${address} can't be reached (${reason}): start it, or set REDIS_URL.`);
}
