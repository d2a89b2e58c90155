export { CheckReport } from "./check-report.ts";
export { CleanUp } from "./clean-up.ts";
export { insist, pairClients } from "./client/insist.ts";
export { openRawSocket, type RawSocket } from "./client/raw-socket.ts";
export { openTcpProxy, type TcpProxy } from "./client/tcp-proxy.ts";
export {
  type Acknowledgement,
  type ClientOptions,
  expectNothingMore,
  type ReceivedEvent,
  TestClient,
} from "./client/test-client.ts";

export { allWaysTo, type Way, waysTo } from "./client/ways.ts";
export type { ClusterOptions, TestCluster } from "./cluster.ts";
export { ARRIVED_WITHIN_MS, BACK_WITHIN_MS, Crowd, type CrowdFigures } from "./crowd/crowd.ts";
export {
  judgeMessages,
  judgeReturns,
  judgeShareRecovered,
  judgeWaits,
  RECOVERED_SHARE,
  spreadOf,
  type Verdict,
} from "./crowd/judge.ts";
export { isWithin, type Span } from "./crowd/ledger.ts";
export { Newcomers } from "./crowd/newcomers.ts";
export { type Gap, Talker } from "./crowd/talker.ts";
export { expectHealthy } from "./health.ts";
export { freePort, freePorts, onFreePort } from "./ports.ts";
export { type LastingRedis, startLastingRedis } from "./redis/lasting-redis.ts";
export { openMonitor } from "./redis/monitor.ts";
export { startLocalRedis, startRedis, type TestRedisOptions } from "./redis/redis.ts";
export { asUser, expectNoAclDenials, passwordOf } from "./redis/redis-access.ts";
export { startRedisCluster, type TestRedisCluster } from "./redis/redis-cluster.ts";
export { dumpRedis } from "./redis/redis-dump.ts";
export { type RedisProcess, startRedisProcess } from "./redis/redis-process.ts";
export type { TestRedis } from "./redis/redis-program.ts";
export { startSentinels, type TestSentinels } from "./redis/redis-sentinels.ts";

export { Search, type SearchOptions } from "./search.ts";
export type { Deployed } from "./service/deployed.ts";
export type { Environment, LogLine, Service, ServiceName } from "./service/service.ts";
export { startServiceHere } from "./service/service-in-process.ts";
export { type Ended, runService, type ServiceProcess, startService } from "./service/service-process.ts";
export { skipCaller } from "./skip.ts";
export { startCluster, startProcessCluster } from "./start-cluster.ts";
export { openTestStore, storeBounds, type TestStore } from "./store.ts";
export { until } from "./until.ts";
