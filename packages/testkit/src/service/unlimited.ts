import type { Environment } from "./service.ts";

const ENOUGH = 1_000_000_000;

/** Limits that no test comes near: for all tests but those of the limits. */
export const unlimited: Environment = {
  RATE_LIMIT_POINTS: ENOUGH,
  SIGNAL_RATE_LIMIT_POINTS: ENOUGH,
  HTTP_RATE_LIMIT_POINTS: ENOUGH,
  MAX_CONNECTIONS_PER_IP: 0,
  REGISTER_RATE_LIMIT_POINTS: ENOUGH,
  LOGIN_RATE_LIMIT_POINTS: ENOUGH,
  LOGIN_FREE_TRIES: ENOUGH,
};
