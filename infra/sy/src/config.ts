import { readFileSync } from "node:fs";
import { join } from "node:path";
import { limitSettings } from "@switchyard/dialects";
import { type Config, readConfig, redisSettingNames } from "@switchyard/runtime";

/** The settings that `sy` reads: those by which nodes and matchmakers do what it does in their place. */
const sySettings = [...redisSettingNames, "RECONNECT_GRACE_MS", "LEASE_MS", "OUTBOX_EVENTS", ...limitSettings] as const;

export type SyConfig = Config<(typeof sySettings)[number]>;
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Without a `REDIS_URL`, what `npm start` runs here is meant, if it runs.
 * @throws ConfigError
 */
export function readSyConfig(environment: Environment): SyConfig {
  if (environment["REDIS_URL"] || environment["REDIS_URL_FILE"]) return readConfig(sySettings, environment);
  return readConfig(sySettings, { ...environment, REDIS_URL: localRedis(environment) });
}

function localRedis(environment: Environment): string | undefined {
  const { RUN_DIR } = readConfig(["RUN_DIR"], environment);
  try {
    const state = JSON.parse(readFileSync(join(RUN_DIR, "state.json"), "utf8")) as { redis?: { url?: string } };
    return state.redis?.url;
  } catch {
    return undefined; // nothing runs here
  }
}
