import type { Participant } from "@switchyard/core";
import type { PairSeat } from "@switchyard/store";
import type { Metrics } from "./metrics.ts";

/**
 * Measures how long a session of this node has waited for a partner: from its request until its connection is handed
 * the partner, and only if both happen here. A wait that went on while the client was away counts nowhere: it is not
 * the pairing that took so long.
 */
export function observePairingWait(
  { pairingWaitSeconds }: Pick<Metrics, "pairingWaitSeconds">,
  participant: Participant,
  { queue }: PairSeat,
): void {
  const { waitingSince } = participant;
  participant.waitingSince = undefined;
  if (waitingSince === undefined) return;
  pairingWaitSeconds.observe({ queue }, (performance.now() - waitingSince) / 1000);
}
