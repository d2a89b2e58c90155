import { type Config, readConfig } from "@switchyard/runtime";

/** The settings that a signaling node reads. */
export const signalingSettings = [
  "PORT",
  "HOST",
  "APP_NAME",
  "NODE_ENV",
  "NODE_NAME",
  "LOG_LEVEL",
  "REDIS_URL",
  "CORS_ORIGIN",
  "FRONTEND_URL",
  "CLIENT_URL",
  "AVARI_FRONTEND_URL",
  "ROOT_DIALECT",
  "RECONNECT_GRACE_MS",
  "LEASE_MS",
  "PING_INTERVAL_MS",
  "PING_TIMEOUT_MS",
  "MAX_EVENT_BYTES",
  "OUTBOX_EVENTS",
  "SEND_BUFFER_BYTES",
  "SHUTDOWN_MS",
] as const;

export type SignalingConfig = Config<(typeof signalingSettings)[number]>;

/** @throws ConfigError */
export function readSignalingConfig(): SignalingConfig {
  return readConfig(signalingSettings);
}

/** The origins whose pages may connect: all that are named; any, where none is and this is not production. */
export function allowedOrigins(config: SignalingConfig): string[] | "*" {
  const named = [config.CORS_ORIGIN, config.FRONTEND_URL, config.CLIENT_URL, config.AVARI_FRONTEND_URL].flat();
  if (config.NODE_ENV === "production") return named.filter((origin) => origin !== "*");
  return named.length === 0 || named.includes("*") ? "*" : named;
}
