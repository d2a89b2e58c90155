import { limitSettings } from "@switchyard/dialects";
import { type Config, packageVersion, readConfig, redisSettingNames } from "@switchyard/runtime";

/** The settings that a matchmaker reads. */
export const matchmakerSettings = [
  "PORT",
  "HOST",
  "APP_NAME",
  "NODE_NAME",
  "LOG_LEVEL",
  ...redisSettingNames,
  "RECONNECT_GRACE_MS",
  "MATCH_WIDEN_MS",
  "AUDIT_RETENTION_DAYS",
  ...limitSettings,
] as const;

export type MatchmakerConfig = Config<(typeof matchmakerSettings)[number]>;

/** @throws ConfigError */
export function readMatchmakerConfig(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): MatchmakerConfig {
  return readConfig(matchmakerSettings, environment);
}

/** The version of this service. */
export const version: string = packageVersion(import.meta.url);
