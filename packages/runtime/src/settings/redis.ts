import { z } from "zod";
import { ratio, secret } from "./value-types.ts";

const wanted = "must look like redis://host:6379 or rediss://host:6379, with commas between several";
const servers = z
  .string()
  .regex(/^rediss?:\/\/[^\s,]+(?:\s*,\s*rediss?:\/\/[^\s,]+)*$/, wanted)
  .refine((text) => text.split(",").every((url) => URL.canParse(url.trim())), wanted);

/** The address of Redis, and the credentials for it. */
export const redisSettings = {
  REDIS_URL: servers.default("redis://127.0.0.1:6379").meta({
    secret: true,
    description:
      "Redis 7 or newer, or Valkey 8 or newer: `redis://host:6379`, or `rediss://…` for TLS. For a Redis Cluster: one or more of its " +
      "servers; for Sentinel: one or more sentinels, comma-separated. The kind is detected. " +
      "If it is not set, `npm start` runs a private Redis.",
  }),
  REDIS_USERNAME: z.string().optional().meta({
    description: "The user name at Redis, unless `REDIS_URL` holds one (`redis://user:password@host`).",
  }),
  REDIS_PASSWORD: secret.meta({
    secret: true,
    description: "The password at Redis, unless `REDIS_URL` holds one.",
  }),
  REDIS_PASSWORDS_DIR: z
    .string()
    .optional()
    .meta({
      description:
        "A directory with the passwords of Redis's users `observer` and `operator`, in files `redis_observer` and `redis_operator`: `sy` " +
        "connects as the one that a command needs, instead of `REDIS_USERNAME`.",
    }),
  REDIS_MASTER: z.string().optional().meta({
    description: "The name of the master to use, if `REDIS_URL` names sentinels that watch several.",
  }),
  REDIS_CA: secret.meta({
    secret: true,
    description:
      "The certificates (PEM) of the authorities that sign Redis's certificate, for `rediss://`. Default: those that Node knows.",
  }),
  REDIS_MEMORY_WATERMARK: ratio()
    .default(0.8)
    .meta({
      description:
        "Share of Redis's `maxmemory` (on a Cluster: of any primary's) from which on nodes take nothing new: no joins, meetings, accounts " +
        "and long texts, until it is below by two hundredths. 1: only what Redis itself refuses. Without `maxmemory` it has no effect.",
    }),
} as const satisfies Record<string, z.ZodType>;

/** The settings that every process that connects to Redis reads. */
export const redisSettingNames = [
  "REDIS_URL",
  "REDIS_USERNAME",
  "REDIS_PASSWORD",
  "REDIS_MASTER",
  "REDIS_CA",
] as const satisfies readonly (keyof typeof redisSettings)[];
