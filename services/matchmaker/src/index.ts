export { watchCluster } from "./cluster-metrics.ts";
export { type MatchmakerConfig, matchmakerSettings, readMatchmakerConfig } from "./config.ts";
export { Metrics } from "./metrics.ts";
export { watchRedis } from "./redis-metrics.ts";
export { type Matchmaker, startMatchmaker } from "./server.ts";
