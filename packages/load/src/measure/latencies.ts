import { build, decodeFromCompressedBase64, encodeIntoCompressedBase64, type Histogram } from "hdr-histogram-js";

/** Kinds of latencies, each measured from the time for which something was intended. */
export const latencyKinds = ["handshake", "join", "pairing", "relay", "recovery"] as const;
export type LatencyKind = (typeof latencyKinds)[number];

/** Percentiles in ms. */
export interface Percentiles {
  readonly count: number;
  readonly mean: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

const MICROSECONDS_PER_MS = 1000;
const LONGEST_MS = 600_000;

/** Durations by kind, precise to three digits, from a microsecond to ten minutes; those of several processes add up exactly. */
export class Latencies {
  readonly #histograms = new Map<LatencyKind, Histogram>(latencyKinds.map((kind) => [kind, emptyHistogram()]));

  record(kind: LatencyKind, durationMs: number): void {
    const bounded = Math.min(LONGEST_MS, Math.max(0, durationMs));
    this.#histogram(kind).recordValue(Math.round(bounded * MICROSECONDS_PER_MS));
  }

  percentiles(kind: LatencyKind): Percentiles {
    const histogram = this.#histogram(kind);
    const at = (percentile: number) => histogram.getValueAtPercentile(percentile) / MICROSECONDS_PER_MS;
    const count = histogram.totalCount;
    const mean = count === 0 ? 0 : histogram.mean / MICROSECONDS_PER_MS;
    return { count, mean, p50: at(50), p90: at(90), p99: at(99), p999: at(99.9), max: at(100) };
  }

  /** As HDR histograms are exchanged: compressed, in Base64; in microseconds. */
  encode(kind: LatencyKind): string {
    return encodeIntoCompressedBase64(this.#histogram(kind));
  }

  /** Adds what another process has encoded. */
  add(kind: LatencyKind, encoded: string): void {
    this.#histogram(kind).add(decodeFromCompressedBase64(encoded));
  }

  reset(kind: LatencyKind): void {
    this.#histogram(kind).reset();
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
