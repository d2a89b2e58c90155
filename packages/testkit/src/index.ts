export { CleanUp } from "./clean-up.ts";
export { type ClusterOptions, startCluster, type TestCluster } from "./cluster.ts";
export type { Deployed } from "./deployed.ts";
export { type Door, openDoor } from "./door.ts";
export { expectHealthy } from "./health.ts";
export { type LastingRedis, startLastingRedis } from "./lasting-redis.ts";
export { meet, nothingMore } from "./meeting.ts";
export { openMonitor } from "./monitor.ts";
export { freePort } from "./ports.ts";
export { openRawSocket, type RawSocket } from "./raw-socket.ts";
export { startLocalRedis, startRedis, type TestRedis, type TestRedisOptions } from "./redis.ts";
export { startRedisCluster, type TestRedisCluster } from "./redis-cluster.ts";
export { dumpRedis } from "./redis-dump.ts";
export { type RedisProcess, startRedisProcess } from "./redis-process.ts";
export { startSentinels, type TestSentinels } from "./redis-sentinels.ts";
export { asUser } from "./redis-users.ts";
export { expectNothingRefused } from "./refusals.ts";
export {
  type Ended,
  type Environment,
  type LogLine,
  runService,
  type ServiceName,
  type ServiceProcess,
  startService,
} from "./service-process.ts";
export { openTestStore, type TestStore } from "./store.ts";
export { type Answer, type ClientOptions, type Heard, TestClient } from "./test-client.ts";
export { until } from "./until.ts";
export { type Way, waysTo } from "./ways.ts";
