import { existsSync } from "node:fs";
import { join } from "node:path";
import { loadEnvFile } from "node:process";
import { type Config, readConfig, redisSettingNames } from "@switchyard/runtime";

/** The settings that the launcher reads. */
export const launcherSettings = [
  ...(["PORT", "HOST", "NODES", "MATCHMAKERS", "RUN_DIR"] as const),
  ...redisSettingNames,
  ...(["PING_INTERVAL_MS", "PING_TIMEOUT_MS", "TRUST_PROXY"] as const),
];

const HIGHEST_PORT = 65_535;

/** The settings of the launcher itself; the services read the rest from the same environment. */
export type LauncherConfig = Config<(typeof launcherSettings)[number]> & {
  /** Whether a Redis was given, so that none is to be started. */
  readonly redisGiven: boolean;
  readonly ports: { readonly front: number; readonly nodes: readonly number[] };
};

/**
 * Reads `.env` in `root` into the environment, which wins, and then the settings.
 * @throws Error with one sentence for each value that can't be used
 */
export function readLauncherConfig(root: string): LauncherConfig {
  const file = join(root, ".env");
  if (existsSync(file)) loadEnvFile(file);
  const config = readConfig(launcherSettings);
  const { PORT: front, NODES } = config;
  const last = front + NODES;
  if (front === 0)
    throw new Error("PORT must be a fixed port for `npm start`, since the nodes follow on the next ones.");
  if (last > HIGHEST_PORT) throw new Error(`PORT is too high: the cluster needs the ports ${front} to ${last}.`);
  const nodes = Array.from({ length: NODES }, (_, index) => front + 1 + index);
  const given = (name: string) => Boolean(process.env[name]?.trim());
  const redisGiven = given("REDIS_URL") || given("REDIS_URL_FILE");
  return { ...config, redisGiven, ports: { front, nodes } };
}

/**
 * The `TRUST_PROXY` of nodes behind the reverse proxy: that proxy, which is on this machine, and the proxies before it.
 * @param further the proxies that the reverse proxy itself is behind: addresses and networks, or how many there are
 */
export function behindReverseProxy(further: readonly string[] | number): string {
  return typeof further === "number" ? String(further + 1) : ["loopback", ...further].join(",");
}
