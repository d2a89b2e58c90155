import type { SignalingConfig } from "../config.ts";

type Times = Pick<SignalingConfig, "RECONNECT_GRACE_MS" | "LEASE_MS" | "PING_INTERVAL_MS" | "PING_TIMEOUT_MS">;

/**
 * How a stock client comes back: `reconnectionDelay` 1000, doubled by each attempt, `randomizationFactor` 0.5, and `timeout` 20000 for an
 * attempt that is not answered.
 * @see https://socket.io/docs/v4/client-options/#manager-options
 */
const LONGEST_DELAYS_MS = [1500, 3000] as const;
const ATTEMPT_MS = 20_000;

/** A stock client is away for as long as that if all goes well. */
const FIRST_RETURN_MS = LONGEST_DELAYS_MS[0];
/** It is away for as long as that if its first attempt meets something that never answers, such as the node that stands still. */
const SECOND_RETURN_MS = LONGEST_DELAYS_MS[0] + ATTEMPT_MS + LONGEST_DELAYS_MS[1];

/**
 * The settings that don't fit each other or stock clients, a sentence for each. They are allowed, since clients may be others than stock
 * ones. That sessions of a dead node wait until its clients have noticed needs no check: the node says how long they take.
 */
export function doubtsAboutTimes(config: Times): string[] {
  const { RECONNECT_GRACE_MS: grace, LEASE_MS: lease, PING_INTERVAL_MS: interval, PING_TIMEOUT_MS: timeout } = config;
  const doubts: string[] = [];
  if (grace <= FIRST_RETURN_MS) {
    doubts.push(
      `RECONNECT_GRACE_MS (${grace}) is over before stock clients come back, after up to ${FIRST_RETURN_MS} ms: those whose connection drops lose their sessions.`,
    );
  } else if (grace < SECOND_RETURN_MS) {
    doubts.push(
      `RECONNECT_GRACE_MS (${grace}) is shorter than ${SECOND_RETURN_MS}: stock clients whose first attempt to come back hangs lose their sessions.`,
    );
  }
  if (lease >= interval + timeout) {
    doubts.push(
      `LEASE_MS (${lease}) is not shorter than PING_INTERVAL_MS and PING_TIMEOUT_MS together (${interval + timeout}): of a node that vanished its clients know before the cluster does, and those that are really gone are announced that much later.`,
    );
  }
  return doubts;
}
