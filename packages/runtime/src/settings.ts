import { z } from "zod";
import { accessSettings } from "./settings/access.ts";
import { iceSettings } from "./settings/ice.ts";
import { rateSettings } from "./settings/limits.ts";
import { redisSettings } from "./settings/redis.ts";
import { wholeNumber } from "./settings/value-types.ts";

const origins = z
  .string()
  .default("")
  .transform((text) =>
    text
      .split(",")
      .map((origin) => origin.trim())
      .filter(Boolean),
  );

/**
 * Every setting there is, with its type, default and meaning. `docs/configuration.md` is generated from this.
 * Times end in `_MS` or `_DURATION` (seconds), sizes in `_BYTES`.
 */
export const settings = {
  PORT: wholeNumber(0, 65_535).default(3000).meta({
    description: "The TCP port to listen on; with `npm start` the front door's, the nodes follow on the next ones.",
  }),
  HOST: z.string().default("0.0.0.0").meta({ description: "The address to listen on." }),
  APP_NAME: z.string().default("Switchyard").meta({ description: "The name that `/health` and the page show." }),
  NODE_ENV: z.enum(["development", "test", "production"]).default("development").meta({
    description: "`production` forbids what is only fit for a laptop.",
  }),
  NODE_NAME: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,64}$/, "must be 1 to 64 letters, digits, '.', '_' or '-'")
    .optional()
    .meta({
      description:
        "The readable part of a process's id; a random part is added at each start. Default: the host's name.",
    }),
  LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info").meta({
    description: "The least severe log lines to write.",
  }),
  ...redisSettings,
  NODES: wholeNumber(1, 64).default(2).meta({ description: "`npm start`: how many signaling nodes to run." }),
  MATCHMAKERS: wholeNumber(1, 16).default(1).meta({ description: "`npm start`: how many matchmakers to run." }),
  RUN_DIR: z.string().default(".run").meta({
    description:
      "`npm start`: the directory for `state.json` and the private Redis's data. Clusters side by side need one each.",
  }),
  CORS_ORIGIN: origins.meta({
    description: "Origins (comma-separated) whose pages may connect. Default: outside production any.",
  }),
  FRONTEND_URL: origins.meta({ description: "More allowed origins (a name kept from older deployments)." }),
  CLIENT_URL: origins.meta({ description: "More allowed origins (a name kept from older deployments)." }),
  AVARI_FRONTEND_URL: origins.meta({ description: "More allowed origins (a name kept from older deployments)." }),
  ROOT_DIALECT: z.string().optional().meta({ description: "Pins the dialect that the root namespace `/` speaks." }),
  RECONNECT_GRACE_MS: wholeNumber(0, 600_000).default(8000).meta({
    description: "How long a participant whose connection dropped keeps its place.",
  }),
  LEASE_MS: wholeNumber(500, 60_000).default(3000).meta({
    description: "How long a node is believed to be alive after its last sign of life.",
  }),
  PING_INTERVAL_MS: wholeNumber(1000, 300_000).default(10_000).meta({
    description: "How often a connection is checked (Engine.IO ping).",
  }),
  PING_TIMEOUT_MS: wholeNumber(1000, 300_000).default(8000).meta({
    description: "How long a ping may stay unanswered before the connection counts as dropped.",
  }),
  MAX_EVENT_BYTES: wholeNumber(1024, 16_777_216)
    .default(65_536)
    .meta({ description: "The largest event a client may send." }),
  OUTBOX_EVENTS: wholeNumber(16, 10_000).default(256).meta({
    description:
      "How many of its last events a session keeps for recovery, and eight times as many while it has no connection; who missed more starts anew.",
  }),
  SEND_BUFFER_BYTES: wholeNumber(65_536).default(1_048_576).meta({
    description: "How much may wait to be sent to one connection; past it the connection is closed and can recover.",
  }),
  SHUTDOWN_MS: wholeNumber(0, 6000).default(3000).meta({
    description:
      "Over how long a stopping node closes its connections, a few at a time. Nine seconds after it was told to stop it ends, whatever is left.",
  }),
  MAX_CALL_PARTICIPANTS: wholeNumber(2, 64).default(16).meta({
    description: "Most people in one group call (`calls`); everyone is connected to everyone, so it has its limits.",
  }),
  MAX_ROOM_PARTICIPANTS: wholeNumber(2, 64).default(32).meta({ description: "Most people in one meeting (`rooms`)." }),
  ROOM_LINGER_MS: wholeNumber(0, 86_400_000).default(60_000).meta({
    description: "How long a meeting that everyone has left stays, with what was said in it (`rooms`).",
  }),
  CHAT_HISTORY_LIMIT: wholeNumber(0, 1000).default(100).meta({
    description: "How many of the last messages who comes into a meeting or the chatroom is given.",
  }),
  CHAT_RETENTION_DAYS: wholeNumber(1, 3650).default(30).meta({
    description: "How many days the chatroom's messages are kept (`chat`).",
  }),
  CHAT_MESSAGES_KEPT: wholeNumber(100, 10_000_000).default(100_000).meta({
    description: "How many messages a meeting or the chatroom keeps; the oldest go first.",
  }),
  PEOPLE_LISTED: wholeNumber(1, 10_000).default(500).meta({
    description: "Most people in a list of who is online (`users-list`, `online_users`).",
  }),
  MATCH_WIDEN_MS: wholeNumber(0, 600_000).default(5000).meta({
    description: "How long a waiting participant's preferences are binding before anyone will do.",
  }),
  ...rateSettings,
  ...accessSettings,
  ...iceSettings,
} as const satisfies Record<string, z.ZodType>;

/** The name of a setting, which is the name of its environment variable. */
export type SettingName = keyof typeof settings;
