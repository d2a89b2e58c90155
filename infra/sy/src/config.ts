import { readFileSync } from "node:fs";
import { join } from "node:path";
import { limitSettings } from "@switchyard/dialects";
import { type Config, readConfig, redisSettingNames } from "@switchyard/runtime";
import type { RedisUserName } from "@switchyard/store/access";

/** The settings that `sy` alone reads. */
export const ownSettings = ["REDIS_PASSWORDS_DIR"] as const;
/** The settings that `sy` reads: those by which nodes and matchmakers do what it does in their place. */
export const sySettings = [
  ...redisSettingNames,
  "REDIS_MEMORY_WATERMARK",
  "RECONNECT_GRACE_MS",
  "LEASE_MS",
  ...limitSettings,
] as const;

/** The user of Redis that a command needs. */
export type SyUser = Extract<RedisUserName, "observer" | "operator">;

export type SyConfig = Config<(typeof sySettings)[number]>;
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Without a `REDIS_URL`, what `npm start` runs here is meant, if it runs. Where it has passwords for several users,
 * `sy` is the one that a command needs.
 * @throws ConfigError
 */
export function readSyConfig(environment: Environment, user: SyUser): SyConfig {
  const own = { ...environment, ...credentials(environment, user) };
  if (own["REDIS_URL"] || own["REDIS_URL_FILE"]) return readConfig(sySettings, own);
  return readConfig(sySettings, { ...own, REDIS_URL: localRedis(environment, user) });
}

function credentials(environment: Environment, user: SyUser): Environment {
  const { REDIS_PASSWORDS_DIR: directory } = readConfig(ownSettings, environment);
  if (directory === undefined) return {};
  const REDIS_PASSWORD_FILE = join(directory, `redis_${user}`);
  return { REDIS_USERNAME: user, REDIS_PASSWORD: undefined, REDIS_PASSWORD_FILE };
}

function localRedis(environment: Environment, user: SyUser): string | undefined {
  const { RUN_DIR } = readConfig(["RUN_DIR"], environment);
  try {
    const state = JSON.parse(readFileSync(join(RUN_DIR, "state.json"), "utf8")) as {
      redis?: { url?: string; users?: Partial<Record<SyUser, string>> };
    };
    return state.redis?.users?.[user] ?? state.redis?.url;
  } catch {
    return undefined; // nothing runs here
  }
}
