export { freePort } from "./ports.ts";
export { startLocalRedis, startRedis, type TestRedis, type TestRedisOptions } from "./redis.ts";
export { openTestStore, type TestStore } from "./store.ts";
export { until } from "./until.ts";
