import { z } from "zod";
import { secret } from "./value-types.ts";

const wanted = "must look like redis://host:6379 or rediss://host:6379, with commas between several";
const servers = z
  .string()
  .regex(/^rediss?:\/\/[^\s,]+(?:\s*,\s*rediss?:\/\/[^\s,]+)*$/, wanted)
  .refine((text) => text.split(",").every((url) => URL.canParse(url.trim())), wanted);

/** Where Redis is, and how to get in. */
export const redisSettings = {
  REDIS_URL: servers.default("redis://127.0.0.1:6379").meta({
    secret: true,
    description:
      "Redis 7 or newer, or Valkey 8 or newer: `redis://host:6379`, or `rediss://…` for TLS. Of a Redis Cluster one or more of its " +
      "servers, of Sentinel one or more sentinels, with commas between them; which it is, it says itself. " +
      "With `npm start`, leaving it out starts a private one.",
  }),
  REDIS_USERNAME: z.string().optional().meta({
    description: "As whom to connect to Redis, where `REDIS_URL` does not say (`redis://user:password@host`).",
  }),
  REDIS_PASSWORD: secret.meta({
    secret: true,
    description: "Redis's password, where `REDIS_URL` holds none.",
  }),
  REDIS_MASTER: z.string().optional().meta({
    description: "Which master to use, where `REDIS_URL` names sentinels that watch several.",
  }),
  REDIS_CA: secret.meta({
    secret: true,
    description:
      "The certificates (PEM) of those who may vouch for Redis's, with `rediss://`. Default: those that Node knows.",
  }),
} as const satisfies Record<string, z.ZodType>;

/** What every process that connects to Redis reads. */
export const redisSettingNames = [
  "REDIS_URL",
  "REDIS_USERNAME",
  "REDIS_PASSWORD",
  "REDIS_MASTER",
  "REDIS_CA",
] as const satisfies readonly (keyof typeof redisSettings)[];
