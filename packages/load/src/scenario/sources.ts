import type { Scenario } from "./schema.ts";

/** Connections from one address: below the ports that a system has for them, which are about 28,000. */
const FROM_ONE = 20_000;
const FIRST = 2;
const MOST = 250;

/**
 * The scenario with addresses for its connections to come from. On Linux the whole of 127.0.0.0/8 is this machine: where
 * all targets are, and one address has too few ports, others are taken in turn.
 */
export function withSources(scenario: Scenario, platform: string = process.platform): Scenario {
  const { arrival, targets, sources } = scenario;
  const connections = "users" in arrival ? arrival.users : (arrival.rate * arrival.stay) / 1000;
  const areHere = targets.every((target) => /^https?:\/\/(?:localhost|127\.[\d.]+)(?::|\/|$)/.test(target));
  if (sources.length > 0 || platform !== "linux" || !areHere || connections <= FROM_ONE * targets.length) {
    return scenario;
  }
  const count = Math.min(MOST, Math.ceil(connections / FROM_ONE));
  return { ...scenario, sources: Array.from({ length: count }, (_, index) => `127.0.0.${FIRST + index}`) };
}
