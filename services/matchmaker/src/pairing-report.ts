import type { Logger } from "@switchyard/runtime";
import type { Store } from "@switchyard/store";
import type { Metrics } from "./metrics.ts";
import type { Pair } from "./pool/waiting-pool.ts";

interface ReportParts {
  readonly queue: string;
  readonly store: Pick<Store, "clock">;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** Measures and logs what became of a pairing that was to be made final. */
export function reportPairing(
  { queue, store, logger, metrics }: ReportParts,
  pair: Pair,
  { room, final, seconds }: { readonly room: string; readonly final: boolean; readonly seconds: number },
): void {
  const outcome = final ? "paired" : "refused";
  metrics.commits.inc({ queue, outcome });
  metrics.commitSeconds.observe({ queue }, seconds);
  const isVerbose = logger.isLevelEnabled("debug");
  for (const { session, ticket } of pair) {
    // one line for each of the two, since each has the trace of what it asked for
    if (isVerbose) logger.debug({ trace: ticket.trace, session, room, queue, outcome }, "a pairing");
    if (final) metrics.waitSeconds.observe({ queue }, Math.max(0, store.clock.now() - ticket.since) / 1000);
  }
}
