import { build, decodeFromCompressedBase64, encodeIntoCompressedBase64, type Histogram } from "hdr-histogram-js";
import { z } from "zod";

/** Kinds of latencies, each measured from the time for which something was intended. */
export const latencyKinds = ["handshake", "join", "pairing", "relay", "recovery"] as const;
export type LatencyKind = (typeof latencyKinds)[number];

const ms = z.number().min(0);

/** Percentiles in ms. */
const Percentiles = z.object({ count: z.int().min(0), mean: ms, p50: ms, p90: ms, p99: ms, p999: ms, max: ms });
export type Percentiles = z.output<typeof Percentiles>;

/** Latencies of one kind in a report: from `histogram` those of several reports are added up exactly. */
export const LatencyFigures = Percentiles.extend({
  histogram: z.string().meta({ description: "HDR histogram in microseconds, compressed, in Base64." }),
});
export type LatencyFigures = z.output<typeof LatencyFigures>;

const MICROSECONDS_PER_MS = 1000;
const LONGEST_MS = 600_000;

/** Durations by kind, precise to three digits, from a microsecond to ten minutes; those of several processes add up exactly. */
export class Latencies {
  /** A kind that was never measured takes no memory. */
  readonly #histograms = new Map<LatencyKind, Histogram>();

  record(kind: LatencyKind, durationMs: number): void {
    const bounded = Math.min(LONGEST_MS, Math.max(0, durationMs));
    this.#histogram(kind).recordValue(Math.round(bounded * MICROSECONDS_PER_MS));
  }

  percentiles(kind: LatencyKind): Percentiles {
    const histogram = this.#histograms.get(kind);
    if (!histogram || histogram.totalCount === 0) {
      return { count: 0, mean: 0, p50: 0, p90: 0, p99: 0, p999: 0, max: 0 };
    }
    const at = (percentile: number) => histogram.getValueAtPercentile(percentile) / MICROSECONDS_PER_MS;
    const mean = histogram.mean / MICROSECONDS_PER_MS;
    return { count: histogram.totalCount, mean, p50: at(50), p90: at(90), p99: at(99), p999: at(99.9), max: at(100) };
  }

  /** As HDR histograms are exchanged: compressed, in Base64; in microseconds. */
  encode(kind: LatencyKind): string {
    return encodeIntoCompressedBase64(this.#histogram(kind));
  }

  figures(kind: LatencyKind): LatencyFigures {
    return { ...this.percentiles(kind), histogram: this.encode(kind) };
  }

  /** Those kinds that were measured. */
  get measured(): Partial<Record<LatencyKind, LatencyFigures>> {
    const kinds = latencyKinds.filter((kind) => this.percentiles(kind).count > 0);
    return Object.fromEntries(kinds.map((kind) => [kind, this.figures(kind)]));
  }

  /** Adds what another process has encoded. */
  add(kind: LatencyKind, encoded: string): void {
    this.#histogram(kind).add(decodeFromCompressedBase64(encoded));
  }

  /** Adds what another one of this process has. */
  include(other: Latencies): void {
    for (const [kind, histogram] of other.#histograms) {
      if (histogram.totalCount > 0) this.#histogram(kind).add(histogram);
    }
  }

  reset(): void {
    for (const histogram of this.#histograms.values()) if (histogram.totalCount > 0) histogram.reset();
  }

  #histogram(kind: LatencyKind): Histogram {
    const known = this.#histograms.get(kind) ?? emptyHistogram();
    this.#histograms.set(kind, known);
    return known;
  }
}

function emptyHistogram(): Histogram {
  return build({ highestTrackableValue: LONGEST_MS * MICROSECONDS_PER_MS, numberOfSignificantValueDigits: 3 });
}
