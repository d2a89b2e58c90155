import type { RedisOptions } from "ioredis";
import type { Config } from "../config.ts";
import type { redisSettingNames } from "../settings/redis.ts";

/** The settings with Redis's address and credentials. */
export type RedisConfig = Partial<Config<(typeof redisSettingNames)[number]>> & { readonly REDIS_URL: string };

/** The address of a server. */
export interface ServerAddress {
  readonly host: string;
  readonly port: number;
}

/** A connection's options. The format of replies is always the same. */
export type ServerOptions = Omit<RedisOptions, "replyMapping">;

/** The options of a connection without its address. */
export type Access = Pick<ServerOptions, "username" | "password" | "tls" | "db">;

/** The servers that `REDIS_URL` names. */
export function addressesOf({ REDIS_URL }: RedisConfig): ServerAddress[] {
  return REDIS_URL.split(",").map((text) => {
    const { hostname, port } = new URL(text.trim());
    return { host: hostname.replace(/^\[|\]$/g, ""), port: Number(port || 6379) };
  });
}

/**
 * The credentials, which are the same at all servers. Those in the first URL take precedence over the other settings.
 */
export function accessOf({ REDIS_URL, REDIS_USERNAME, REDIS_PASSWORD, REDIS_CA }: RedisConfig): Access {
  const [first = ""] = REDIS_URL.split(",");
  const url = new URL(first.trim());
  const isNamed = url.username !== "" || url.password !== "";
  const username = isNamed ? decodeURIComponent(url.username) : REDIS_USERNAME;
  const password = isNamed && url.password !== "" ? decodeURIComponent(url.password) : REDIS_PASSWORD;
  const db = Number(url.pathname.slice(1) || 0);
  return {
    ...(username ? { username } : {}),
    ...(password === undefined ? {} : { password }),
    ...(url.protocol === "rediss:" ? { tls: REDIS_CA === undefined ? {} : { ca: REDIS_CA } } : {}),
    ...(db === 0 ? {} : { db }),
  };
}

export function nameOf({ host, port }: ServerAddress): string {
  return `${host}:${port}`;
}

/** @param name `host:port` */
export function addressNamed(name: string): ServerAddress {
  const colon = name.lastIndexOf(":");
  return { host: name.slice(0, colon), port: Number(name.slice(colon + 1)) };
}
