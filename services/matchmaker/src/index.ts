export { type MatchmakerConfig, matchmakerSettings, readMatchmakerConfig } from "./config.ts";
export { Metrics } from "./metrics.ts";
export { type Matchmaker, startMatchmaker } from "./server.ts";
