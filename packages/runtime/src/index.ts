export { type Config, ConfigError, isSecret, readConfig } from "./config.ts";
export { HotCounter, HotHistogram, type MetricDescription } from "./hot-metrics.ts";
export { processId } from "./identity.ts";
export { createLogger, type Logger } from "./logger.ts";
export { stopWithParent } from "./parent.ts";
export { connectRedis, openRedis, UnusableRedisError, versionProblem } from "./redis.ts";
export { type SettingName, settings } from "./settings.ts";
export { startOrExit, stopOnSignals } from "./shutdown.ts";
