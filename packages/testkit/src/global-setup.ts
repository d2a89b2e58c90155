import { openStore } from "@switchyard/store";
import { Redis } from "ioredis";
import type { TestProject } from "vitest/node";
import { expectKnownKeys } from "./health.ts";
import { startRedis } from "./redis/redis.ts";
import { expectNoAclDenials } from "./redis/redis-access.ts";
import { storeBounds } from "./store.ts";

declare module "vitest" {
  export interface ProvidedContext {
    redisUrl: string;
  }
}

/** One Redis for a whole test run, in single-node cluster mode; tests keep apart by random ids. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startRedis();
  project.provide("redisUrl", server.url);
  return async () => {
    const redis = new Redis(server.url);
    try {
      await expectKnownKeys({ redis, store: await openStore(redis, storeBounds) });
      await expectNoAclDenials(redis);
    } finally {
      redis.disconnect();
      await server.stop();
    }
  };
}
