import type { CrowdFigures } from "./crowd.ts";
import type { Gap } from "./talker.ts";

/** A claim, whether it holds, and the figures that were measured. */
export interface Verdict {
  readonly claim: string;
  readonly holds: boolean;
  readonly figures: string;
}

const DESCRIBED = 5;

/** Acknowledged means delivered: once, and in order. */
export function judgeMessages(figures: CrowdFigures): Verdict[] {
  const { clients, sent, acknowledged, received, lost, doubled, reordered } = figures;
  const sums = `${clients} clients, ${sent} messages sent, ${acknowledged} acknowledged, ${received} received`;
  return [
    { claim: "every acknowledged message arrives", holds: lost === 0, figures: `${sums}, ${lost} lost` },
    { claim: "no message arrives twice", holds: doubled === 0, figures: `${doubled} of ${received} did` },
    { claim: "messages arrive in order", holds: reordered === 0, figures: `${reordered} of ${received} did not` },
  ];
}

/** A client that comes back within the grace is recovered, and its partner has not heard that it left. */
export function judgeReturns({ gaps, parted }: CrowdFigures): Verdict[] {
  const notRecovered = gaps.filter(({ recovered }) => !recovered);
  const counts = `${gaps.length} connections lost, ${gaps.length - notRecovered.length} recovered`;
  return [
    {
      claim: "a client that comes back in time is recovered",
      holds: notRecovered.length === 0,
      figures: counts + describe(notRecovered),
    },
    { claim: "nobody is parted", holds: parted === 0, figures: `${parted} times somebody was` },
  ];
}

/** The share of a vanished node's clients that have to be recovered. */
export const RECOVERED_SHARE = 0.99;

/**
 * Of all connections that were lost, those of clients that were away for too long included.
 * @param share how many must have been recovered, from 0 to 1
 */
export function judgeShareRecovered({ allGaps, clients, late }: CrowdFigures, share: number): Verdict {
  const recovered = allGaps.filter((gap) => gap.recovered).length;
  const found = allGaps.length === 0 ? 1 : recovered / allGaps.length;
  return {
    claim: `at least ${share * 100} % of those who lost their connection are recovered`,
    holds: clients + late > 0 && found >= share,
    figures: `${recovered} of ${allGaps.length} (${(found * 100).toFixed(1)} %), ${late} clients in pairs that were away too long`,
  };
}

/** @param waits how long each new client waited for its connection; in ms */
export function judgeWaits(waits: readonly number[], longestMs: number): Verdict {
  const sorted = [...waits].sort((one, other) => one - other);
  const late = sorted.filter((wait) => wait > longestMs).length;
  return {
    claim: `new clients never wait more than ${longestMs / 1000} s`,
    holds: sorted.length > 0 && late === 0,
    figures: `${sorted.length} came, half waited ${sorted[Math.floor(sorted.length / 2)] ?? 0} ms, one ${sorted.at(-1) ?? 0} ms, ${late} too long`,
  };
}

function describe(gaps: readonly Gap[]): string {
  return gaps
    .slice(0, DESCRIBED)
    .map(({ lostFor, lastedMs, failures }) => `; ${lostFor}, ${lastedMs} ms, ${failures.join(", ")}`)
    .join("");
}

/** The shortest, median and longest of gaps, and what made the longest last. */
export function spreadOf(gaps: readonly Gap[]): string {
  const sorted = [...gaps].sort((one, other) => one.lastedMs - other.lastedMs);
  const [shortest, longest] = [sorted[0], sorted.at(-1)];
  if (!shortest || !longest) return "no time";
  const median = sorted[Math.floor(sorted.length / 2)]?.lastedMs;
  const why = [longest.lostFor, ...longest.failures].join(", ");
  return `${shortest.lastedMs} to ${longest.lastedMs} ms (${why}), half of them within ${median} ms`;
}
