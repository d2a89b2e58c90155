import { openStore, type Store } from "@switchyard/store";
import { Redis } from "ioredis";

/** A store on the test run's Redis, with the connection behind it. */
export interface TestStore {
  readonly store: Store;
  readonly redis: Redis;
  close(): Promise<void>;
}

/** @param outboxEvents how many events a session keeps for recovery */
export async function openTestStore(url: string, outboxEvents = 256): Promise<TestStore> {
  const redis = new Redis(url);
  const store = await openStore(redis, { outboxEvents });
  return { store, redis, close: async () => void (await redis.quit()) };
}
