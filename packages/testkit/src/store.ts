import { openStore, type Store, type StoreOptions } from "@switchyard/store";
import { Redis } from "ioredis";

/** A store on the test run's Redis, with the connection behind it. */
export interface TestStore {
  readonly store: Store;
  readonly redis: Redis;
  close(): Promise<void>;
}

/** The bounds of a test's store. */
export const storeBounds = { outbox: { events: 256, bytes: 1_048_576 }, roomHistoryBytes: 524_288 } as const;

/** @param bounds what it keeps, where that is not the usual */
export async function openTestStore(url: string, bounds: Partial<StoreOptions> = {}): Promise<TestStore> {
  const redis = new Redis(url);
  const store = await openStore(redis, { ...storeBounds, ...bounds });
  return { store, redis, close: async () => void (await redis.quit()) };
}
