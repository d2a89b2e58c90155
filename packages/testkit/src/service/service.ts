import { fileURLToPath } from "node:url";
import { asUser } from "../redis/redis-access.ts";

export const workspace = fileURLToPath(new URL("../../../../", import.meta.url));

export type ServiceName = "signaling" | "matchmaker";
export type Environment = Readonly<Record<string, string | number>>;

/** A line that a service logged. */
export type LogLine = Readonly<Record<string, unknown>> & { readonly level: number; readonly msg: string };

/** A signaling node or a matchmaker that runs, in this process or in one of its own. */
export interface Service {
  /** Its id in Redis. */
  readonly id: string;
  readonly port: number;
  readonly url: string;
  /** All that it logged so far. */
  logs(): readonly LogLine[];
  /** Its log lines at `error` or worse. */
  errors(): string[];
  /** The value of that metric in `/metrics`, from its first line; `NaN` if there is none. */
  metric(name: string): Promise<number>;
  /** Ends it: one in this process as an operator stops it, a process of its own at once. */
  stop(): Promise<void>;
}

const ERROR = 50;

/** The requests that tests send to any service on this machine. */
export function serviceAt(port: number, id: string, lines: readonly LogLine[]): Omit<Service, "stop"> {
  const url = `http://127.0.0.1:${port}`;
  return {
    id,
    port,
    url,
    logs: () => lines,
    errors: () => lines.filter(({ level }) => level >= ERROR).map((line) => JSON.stringify(line)),
    metric: async (metric) => {
      const text = await (await fetch(`${url}/metrics`)).text();
      return Number(new RegExp(`^${metric}(?:\\{[^\n]*\\})? (\\S+)$`, "m").exec(text)?.[1]);
    },
  };
}

/**
 * The environment variables of a service for tests: a free port of the loopback address, and the Redis user that the
 * service is to have, unless `REDIS_URL` names one.
 */
export function settingsOf(name: ServiceName, environment: Environment): Record<string, string> {
  const url = environment["REDIS_URL"];
  const all = {
    HOST: "127.0.0.1",
    PORT: 0,
    LOG_LEVEL: "info",
    ...environment,
    ...(url === undefined ? {} : { REDIS_URL: asUser(String(url), name) }),
  };
  return Object.fromEntries(Object.entries(all).map(([key, value]) => [key, String(value)] as const));
}

const ENOUGH = 1_000_000_000;

/**
 * Limits that no test comes near: for all tests but those of the limits. A client has minutes to answer a ping, also where the machine
 * stands still; the sessions of a node that died wait as long, unless a test says that its clients notice it at once.
 */
export const unlimited: Environment = {
  RATE_LIMIT_POINTS: ENOUGH,
  SIGNAL_RATE_LIMIT_POINTS: ENOUGH,
  HTTP_RATE_LIMIT_POINTS: ENOUGH,
  CREATE_ROOM_RATE_LIMIT_POINTS: ENOUGH,
  EVENTS_RATE_LIMIT_POINTS: ENOUGH,
  BROADCAST_RATE_LIMIT_POINTS: ENOUGH,
  CONNECT_RATE_LIMIT_POINTS: ENOUGH,
  MAX_REFUSED_EVENTS: ENOUGH,
  ADDRESS_RATE_LIMIT_USERS: 0,
  MAX_CONNECTIONS_PER_IP: 0,
  REGISTER_RATE_LIMIT_POINTS: ENOUGH,
  LOGIN_RATE_LIMIT_POINTS: ENOUGH,
  LOGIN_FREE_TRIES: ENOUGH,
  PING_TIMEOUT_MS: 300_000,
};
