import type { Environment } from "@switchyard/testkit";

/**
 * Leases, graces and pings whose ends no test comes near, also where the machine stands still for five seconds. A test of such an
 * end starts a node of its own for it. The lease could be longer, but a third of it passes until a node takes back what it told,
 * and all of it until it disowns what went on elsewhere, for which the doctor waits when a cluster stops.
 */
export const patient: Environment = { LEASE_MS: 9000, RECONNECT_GRACE_MS: 600_000, PING_TIMEOUT_MS: 300_000 };
