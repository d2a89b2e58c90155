export { type MatchmakerConfig, readMatchmakerConfig } from "./config.ts";
export { type Matchmaker, startMatchmaker } from "./server.ts";
