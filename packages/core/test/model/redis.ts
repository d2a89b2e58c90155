import { openStore, type Store } from "@switchyard/store";
import { openTestStore, startRedis, storeBounds, type TestStore } from "@switchyard/testkit";

export type Redis = TestStore["redis"];

/** A Redis of the test's own, whose time can be moved on, with connections that serve one world after another. */
export interface Connections {
  readonly redis: Redis;
  readonly store: Store;
  readonly subscriber: Redis;
  readonly reader: Redis;
  readonly time: Time;
  close(): Promise<void>;
}

/** How far the time that Redis tells is ahead. */
interface Time {
  aheadMs: number;
}

/** Of its own, since sweeps deal with every node there is. */
export async function connect(): Promise<Connections> {
  const server = await startRedis();
  const { redis, close } = await openTestStore(server.url);
  const [subscriber, reader] = [redis.duplicate(), redis.duplicate()];
  const time = { aheadMs: 0 };
  const shifted = withTime(redis, time);
  const store = await openStore(shifted, storeBounds);
  return {
    redis: shifted,
    store,
    subscriber,
    reader: impatient(reader, redis),
    time,
    close: async () => {
      subscriber.disconnect();
      reader.disconnect();
      await close();
      await server.stop();
    },
  };
}

/** Every key of that pattern. */
export async function keysLike(redis: Redis, pattern: string): Promise<string[]> {
  const found = new Set<string>();
  let cursor = "0";
  do {
    const [next, batch] = await redis.scan(cursor, "MATCH", pattern, "COUNT", 1000);
    for (const key of batch) found.add(key);
    cursor = next;
  } while (cursor !== "0");
  return [...found];
}

function withTime(redis: Redis, ahead: Time): Redis {
  const time = async () => {
    const [seconds, microseconds] = await redis.time();
    return [Number(seconds) + ahead.aheadMs / 1000, Number(microseconds)];
  };
  return withMethod(redis, "time", time);
}

/** Redis looks at how long a call has waited only when it has something else to do. */
function impatient(reader: Redis, redis: Redis): Redis {
  return withMethod(reader, "xreadgroup", async (...args: Parameters<Redis["xreadgroup"]>) => {
    const nudge = setInterval(() => void redis.ping(), 1);
    return reader.xreadgroup(...args).finally(() => clearInterval(nudge));
  });
}

function withMethod(redis: Redis, name: string, method: unknown): Redis {
  return new Proxy(redis, {
    get(target, property) {
      if (property === name) return method;
      const value = Reflect.get(target, property, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}
