import type { Environment } from "@switchyard/testkit";

/**
 * Leases, graces and pings whose ends no test comes near, also where the machine stands still for five seconds. A test of such an
 * end starts a node of its own for it. A longer lease would make tests wait: a third of it passes until a node withdraws its count
 * of an address's connections, and all of it until it disowns a session that went on elsewhere, which the doctor waits for.
 */
export const patient: Environment = { LEASE_MS: 9000, RECONNECT_GRACE_MS: 600_000, PING_TIMEOUT_MS: 300_000 };
