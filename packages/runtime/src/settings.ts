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
 * Every setting, with its type, default and meaning. `docs/configuration.md` is generated from this. Times end in `_MS`
 * or `_DURATION` (seconds), sizes in `_BYTES`.
 */
export const settings = {
  PORT: wholeNumber(0, 65_535).default(3000).meta({
    description:
      "The TCP port to listen on. With `npm start` it is the reverse proxy's; the nodes listen on the ports after it.",
  }),
  HOST: z.string().default("0.0.0.0").meta({ description: "The address to listen on." }),
  APP_NAME: z
    .string()
    .default("Switchyard")
    .meta({ description: "The application name that `/health` and the page show." }),
  NODE_ENV: z.enum(["development", "test", "production"]).default("development").meta({
    description: "`production` refuses settings that are only fit for a laptop.",
  }),
  NODE_NAME: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,64}$/, "must be 1 to 64 letters, digits, '.', '_' or '-'")
    .optional()
    .meta({
      description:
        "The readable part of the process's id; a random part is added at each start. Default: the host's name.",
    }),
  NODE_ADDRESS: z
    .string()
    .regex(/^(?:\[[\da-fA-F:.]+\]|[\w.-]+)(?::\d{1,5})?$/, "must be a host, or a host and a port")
    .optional()
    .meta({
      description:
        "Where other nodes reach this node's port: a host, or `host:port`. They ask there whether it is ready when Redis is away from them. Default: the addresses of this machine, or `HOST` if that is one of them.",
    }),
  LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info").meta({
    description: "The lowest severity of log lines to write.",
  }),
  ...redisSettings,
  NODES: wholeNumber(1, 64).default(2).meta({ description: "Number of signaling nodes that `npm start` runs." }),
  MATCHMAKERS: wholeNumber(1, 16).default(1).meta({ description: "Number of matchmakers that `npm start` runs." }),
  RUN_DIR: z.string().default(".run").meta({
    description:
      "The directory in which `npm start` keeps `state.json` and its private Redis's data. Each of several clusters on one machine needs its own.",
  }),
  CORS_ORIGIN: origins.meta({
    description:
      "Origins (comma-separated) whose pages may connect. Default: outside production any, in production only pages that the node itself serves.",
  }),
  FRONTEND_URL: origins.meta({ description: "More allowed origins (a name kept from older deployments)." }),
  CLIENT_URL: origins.meta({ description: "More allowed origins (a name kept from older deployments)." }),
  AVARI_FRONTEND_URL: origins.meta({ description: "More allowed origins (a name kept from older deployments)." }),
  ROOT_DIALECT: z.string().optional().meta({ description: "Restricts the root namespace `/` to this dialect." }),
  SOCKET_IO_EMITS: z.enum(["off", "on"]).default("off").meta({
    description:
      "`on`: nodes use Socket.IO's Redis adapter beside recovery, so that emitters and extensions of a node reach all clients, best effort. Each connection is in two more rooms then. See [Back ends](backends.md#best-effort-with-socketios-own-ways).",
  }),
  RECONNECT_GRACE_MS: wholeNumber(0, 600_000).default(25_000).meta({
    description:
      "Time for which a participant whose connection dropped keeps its session, and so its queue position and its room. A stock client whose first attempt to come back hangs is away for up to 24.5 s.",
  }),
  PAGE_LEFT_GRACE_MS: wholeNumber(0, 600_000).default(8000).meta({
    description:
      "The same for a page that was closed, left or reloaded, which its browser says (WebSocket close code 1001): such a page can't recover its session, but after a reload it finds its place. `RECONNECT_GRACE_MS` counts where that is shorter.",
  }),
  LEASE_MS: wholeNumber(500, 60_000).default(3000).meta({
    description: "Time after a node's last renewal of its lease at which the node counts as dead.",
  }),
  PING_INTERVAL_MS: wholeNumber(1000, 300_000).default(5000).meta({
    description: "Interval between two checks of a connection (Engine.IO ping).",
  }),
  PING_TIMEOUT_MS: wholeNumber(1000, 300_000).default(4000).meta({
    description: "Time that a client may take to answer a ping before its connection counts as dropped.",
  }),
  MAX_EVENT_BYTES: wholeNumber(1024, 16_777_216)
    .default(65_536)
    .meta({ description: "Size of the largest event that a client may send." }),
  OUTBOX_EVENTS: wholeNumber(16, 10_000).default(256).meta({
    description:
      "Number of events that a session keeps although its client has confirmed them; of those that it has not, eight times as many are kept for recovery. A client that has missed more starts a new session.",
  }),
  OUTBOX_BYTES: wholeNumber(131_072, 1_073_741_824).default(16_777_216).meta({
    description:
      "Most bytes of events that a session keeps for recovery, confirmed or not. Beyond that the oldest are removed; a client that has missed one of these starts a new session. It has to be more than `SEND_BUFFER_BYTES` and the sockets' buffers of the system together: a client that reads slowly has not received what lies there.",
  }),
  SEND_BUFFER_BYTES: wholeNumber(65_536).default(1_048_576).meta({
    description:
      "Most bytes that may wait to be sent to one connection. Beyond that the connection is closed; its session can be resumed.",
  }),
  SHUTDOWN_MS: wholeNumber(0, 6000).default(3000).meta({
    description:
      "Time over which a stopping node closes its connections, a few at a time. The process ends nine seconds after the stop signal at the latest, even if connections are left.",
  }),
  MAX_CALL_PARTICIPANTS: wholeNumber(2, 64).default(16).meta({
    description:
      "Most participants in one group call (`calls`). Each participant connects to every other one, so a call can't be large.",
  }),
  MAX_ROOM_PARTICIPANTS: wholeNumber(2, 64)
    .default(32)
    .meta({ description: "Most participants in one meeting (`rooms`)." }),
  ROOM_LINGER_MS: wholeNumber(0, 86_400_000).default(30_000).meta({
    description: "Time for which an empty meeting is kept, with its chat messages (`rooms`).",
  }),
  ROOM_UNUSED_MS: wholeNumber(1000, 86_400_000).default(3_600_000).meta({
    description:
      "Time for which a meeting of `POST /api/create-room` is kept that nobody has entered yet (`rooms`); after that, as any other.",
  }),
  CHAT_HISTORY_LIMIT: wholeNumber(0, 1000).default(100).meta({
    description: "Number of recent messages sent to a participant on joining a meeting or the chatroom.",
  }),
  CHAT_RETENTION_DAYS: wholeNumber(1, 3650).default(30).meta({
    description: "Number of days for which the chatroom's messages are kept (`chat`).",
  }),
  CHAT_MESSAGES_KEPT: wholeNumber(100, 10_000_000).default(100_000).meta({
    description: "Number of messages that a meeting or the chatroom keeps; beyond that the oldest are removed.",
  }),
  ROOM_HISTORY_BYTES: wholeNumber(16_384, 1_073_741_824).default(4_194_304).meta({
    description:
      "Most bytes of messages that a pair or a meeting keeps; beyond that the oldest are removed. A long message in a meeting is kept there alone: a client that is away, or reads slowly, while more than that is sent there starts a new session.",
  }),
  CHAT_HISTORY_BYTES: wholeNumber(1_048_576, 68_719_476_736).default(67_108_864).meta({
    description: "Most bytes of messages that the chatroom keeps (`chat`); beyond that the oldest are removed.",
  }),
  PEOPLE_LISTED: wholeNumber(1, 10_000).default(500).meta({
    description: "Most users in a list of the users online (`users-list`, `online_users`).",
  }),
  MATCH_WIDEN_MS: wholeNumber(0, 600_000).default(5000).meta({
    description:
      "Time for which a waiting participant's preferences are binding; after that any partner will do. Recent partners are kept apart for three fifths of it, and longer if others are there.",
  }),
  ...rateSettings,
  ...accessSettings,
  ...iceSettings,
} as const satisfies Record<string, z.ZodType>;

/** The name of a setting, which is the name of its environment variable. */
export type SettingName = keyof typeof settings;
