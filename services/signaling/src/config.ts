import { publicKey, UnusableKeyError, weaknessOf } from "@switchyard/auth";
import { limitSettings } from "@switchyard/dialects";
import { type Config, ConfigError, packageVersion, readConfig, redisSettingNames } from "@switchyard/runtime";

const accessNames = [
  "TOKEN_MODE",
  "REGISTRATION",
  "JWT_SECRET",
  "JWT_SECRETS_ACCEPTED",
  "JWT_EXPIRES_IN",
  "JWT_PUBLIC_KEY",
  "JWKS_URL",
  "ADMIN_TOKEN",
  "OBSERVER_TOKEN",
  "PASSWORD_MIN_SCORE",
  "DELETED_ACCOUNT_MESSAGES",
] as const;

const iceNames = [
  ...(["STUN_SERVERS", "STUN_SERVER_1", "STUN_SERVER_2", "STUN_SERVER_3", "STUN_SERVER_4", "STUN_SERVER_5"] as const),
  ...(["STUN_SERVER_6", "STUN_SERVER_7", "STUN_SERVER_8", "STUN_SERVER_9"] as const),
  ...(["TURN_SECRET", "TURN_URLS", "TURN_TTL", "METERED_USERNAME", "METERED_CREDENTIAL"] as const),
  ...(["TURN_SERVER_URL", "TURN_SERVER", "TURN_USERNAME", "TURN_CREDENTIAL"] as const),
] as const;

/** The settings that a signaling node reads. */
export const signalingSettings = [
  "PORT",
  "HOST",
  "APP_NAME",
  "NODE_ENV",
  "NODE_NAME",
  "NODE_ADDRESS",
  "LOG_LEVEL",
  ...redisSettingNames,
  "REDIS_MEMORY_WATERMARK",
  "CORS_ORIGIN",
  "FRONTEND_URL",
  "CLIENT_URL",
  "AVARI_FRONTEND_URL",
  "ROOT_DIALECT",
  "SOCKET_IO_EMITS",
  "RECONNECT_GRACE_MS",
  "PAGE_LEFT_GRACE_MS",
  "LEASE_MS",
  "PING_INTERVAL_MS",
  "PING_TIMEOUT_MS",
  "MAX_EVENT_BYTES",
  "SEND_BUFFER_BYTES",
  "SHUTDOWN_MS",
  "ROOM_UNUSED_MS",
  ...limitSettings,
  ...accessNames,
  ...iceNames,
  ...(["TRUST_PROXY", "MAX_CONNECTIONS_PER_IP", "HTTP_RATE_LIMIT_POINTS"] as const),
  ...(["RATE_LIMIT_POINTS", "SIGNAL_RATE_LIMIT_POINTS", "RATE_LIMIT_DURATION"] as const),
  ...(["CONNECT_RATE_LIMIT_POINTS", "CONNECT_RATE_LIMIT_DURATION", "MAX_REFUSED_EVENTS"] as const),
  ...(["ADDRESS_RATE_LIMIT_USERS", "ADDRESS_RATE_LIMIT_BYTES", "CREATE_ROOM_RATE_LIMIT_POINTS"] as const),
  ...(["EVENTS_RATE_LIMIT_POINTS", "BROADCAST_RATE_LIMIT_POINTS"] as const),
  ...(["REGISTER_RATE_LIMIT_POINTS", "REGISTER_RATE_LIMIT_DURATION"] as const),
  ...(["LOGIN_RATE_LIMIT_POINTS", "LOGIN_RATE_LIMIT_DURATION", "LOGIN_FREE_TRIES", "LOGIN_BLOCK_DURATION"] as const),
] as const;

export type SignalingConfig = Config<(typeof signalingSettings)[number]>;

/** @throws ConfigError */
export function readSignalingConfig(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): SignalingConfig {
  const config = readConfig(signalingSettings, environment);
  const problems = [...tokenProblems(config), ...iceProblems(config)];
  if (problems.length > 0) throw new ConfigError(problems.join(" "));
  return config;
}

function tokenProblems(config: SignalingConfig): string[] {
  const { NODE_ENV, JWT_SECRET, JWT_SECRETS_ACCEPTED = [], JWT_PUBLIC_KEY, JWKS_URL } = config;
  if (JWT_PUBLIC_KEY !== undefined && JWKS_URL !== undefined) return ["Set JWT_PUBLIC_KEY or JWKS_URL, not both."];
  if (JWT_PUBLIC_KEY !== undefined) return publicKeyProblems(JWT_PUBLIC_KEY);
  if (JWKS_URL !== undefined || NODE_ENV !== "production") return [];
  const advice = "in production it must be at least 32 random characters, such as `openssl rand -base64 48` prints";
  if (JWT_SECRET === undefined) return [`JWT_SECRET is missing: ${advice}.`];
  const weakness = weaknessOf(JWT_SECRET);
  // an attacker that guesses a secret that is accepted gets in, whether the secret signs or not
  const weaknessAccepted = JWT_SECRETS_ACCEPTED.map(weaknessOf).find((found) => found !== undefined);
  return [
    ...(weakness === undefined ? [] : [`JWT_SECRET is not usable (${weakness}): ${advice}.`]),
    ...(weaknessAccepted === undefined
      ? []
      : [`A secret of JWT_SECRETS_ACCEPTED is not usable (${weaknessAccepted}).`]),
  ];
}

function publicKeyProblems(pem: string): string[] {
  try {
    publicKey(pem);
    return [];
  } catch (error) {
    if (error instanceof UnusableKeyError) return [`JWT_PUBLIC_KEY is not usable: ${error.message}.`];
    throw error;
  }
}

/** Browsers refuse a list of ICE servers with a TURN server that has no user, so half a setting would break every call. */
function iceProblems(config: SignalingConfig): string[] {
  const hasSharedSecret = config.TURN_SECRET !== undefined;
  const hasServer = (config.TURN_SERVER_URL ?? config.TURN_SERVER) !== undefined;
  const hasUser = config.TURN_USERNAME !== undefined && config.TURN_CREDENTIAL !== undefined;
  const hasMetered = [config.METERED_USERNAME, config.METERED_CREDENTIAL].filter((value) => value !== undefined);
  return [
    ...(hasSharedSecret === config.TURN_URLS.length > 0 ? [] : ["TURN_SECRET and TURN_URLS need each other."]),
    ...(hasMetered.length === 1 ? ["METERED_USERNAME and METERED_CREDENTIAL need each other."] : []),
    ...(hasServer && !hasUser ? ["TURN_SERVER_URL (or TURN_SERVER) needs TURN_USERNAME and TURN_CREDENTIAL."] : []),
  ];
}

/** The origins whose pages may connect: all that are named; any, where none is and this is not production. */
export function allowedOrigins(config: SignalingConfig): string[] | "*" {
  const named = [config.CORS_ORIGIN, config.FRONTEND_URL, config.CLIENT_URL, config.AVARI_FRONTEND_URL].flat();
  if (config.NODE_ENV === "production") return named.filter((origin) => origin !== "*");
  return named.length === 0 || named.includes("*") ? "*" : named;
}

/** The version of this service. */
export const version: string = packageVersion(import.meta.url);
