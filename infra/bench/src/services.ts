import { fileURLToPath } from "node:url";
import { type NodeProcess, startNode } from "./relay/node-process.ts";

const thisCheckout = fileURLToPath(new URL("../../..", import.meta.url));

/** The script that runs a service, of this checkout or of the one in that directory. */
export function serviceScript(service: "signaling" | "matchmaker", checkout = thisCheckout): string {
  return `${checkout}/services/${service}/src/main.ts`;
}

/** Far more than a benchmark sends: what is measured is the work, not its refusals. */
const UNLIMITED = "1000000000";

/**
 * Settings of services under measurement. No limit refuses anything, and a lease outlives a pause of the machine: a node
 * whose lease runs out compares all sessions with Redis, which is the pause's work. So does a client's time to answer a ping.
 */
export const measuredSettings = {
  LOG_LEVEL: "warn",
  SHUTDOWN_MS: "0",
  LEASE_MS: "60000",
  PING_TIMEOUT_MS: "60000",
  RATE_LIMIT_POINTS: UNLIMITED,
  SIGNAL_RATE_LIMIT_POINTS: UNLIMITED,
  CONNECT_RATE_LIMIT_POINTS: UNLIMITED,
  MAX_REFUSED_EVENTS: UNLIMITED,
  ADDRESS_RATE_LIMIT_USERS: "100",
  ADDRESS_RATE_LIMIT_BYTES: "1000000000000",
  MAX_CONNECTIONS_PER_IP: "0",
} as const;

/** Starts a real matchmaker. It logs errors only: what is killed in the middle of its work leaves warnings behind. */
export function startMatchmaker(redisUrl: string, name: string): Promise<NodeProcess> {
  return startNode(name, serviceScript("matchmaker"), { REDIS_URL: redisUrl, LOG_LEVEL: "error" });
}
