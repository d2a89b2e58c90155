import { addProcessMetrics, HotHistogram, latencyBuckets } from "@switchyard/runtime";
import { Counter, Gauge, Histogram, Registry } from "prom-client";
import { version } from "./config.ts";

const fastBuckets = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1];
const waitBuckets = [0.01, 0.05, 0.1, 0.5, 1, 2, 5, 10, 15, 30, 60, 300];

/** The metrics of a matchmaker. No label ever holds an id of a user, a room or a session. */
export class Metrics {
  readonly registry = new Registry();
  readonly commits = this.#counter(
    "pairings_total",
    "Pairings tried; refused: one of the two was gone, or paired elsewhere",
    ["queue", "outcome"],
  );
  readonly assignments = this.#counter("assignments_total", "Assignments carried out; void: one of the two was gone", [
    "queue",
    "outcome",
  ]);
  readonly swept = this.#counter("swept_sessions_total", "Sessions of dead nodes handled by sweeps", ["outcome"]);
  readonly sweptNodes = this.#counter("swept_nodes_total", "Dead nodes that were cleared up after", []);
  readonly sweptEntries = this.#counter("swept_entries_total", "Stale entries removed from shared lists", []);
  readonly sweeps = this.#counter("sweeps_total", "Sweeps after dead nodes, one a second by all matchmakers together", [
    "outcome",
  ]);
  readonly commitSeconds = this.#histogram("pairing_seconds", "Time to make a pairing final", ["queue"], fastBuckets);
  readonly settleSeconds = this.#histogram("settle_seconds", "Time to carry an assignment out", ["queue"], fastBuckets);
  readonly waitSeconds = this.#histogram("wait_seconds", "Waiting time of paired sessions", ["queue"], waitBuckets);
  readonly redisSeconds = new HotHistogram(
    { name: "switchyard_redis_seconds", help: "Time that Redis took, by script", labels: ["command", "outcome"] },
    latencyBuckets,
    this.registry,
  );

  constructor(matchmaker: string) {
    addProcessMetrics(this.registry, { service: "matchmaker", node: matchmaker, version });
    for (const outcome of ["done", "failed"]) this.sweeps.inc({ outcome }, 0);
    this.swept.inc({ outcome: "ended" }, 0);
  }

  /** Shows which queues this matchmaker pairs. */
  watchPairers(pairers: Iterable<{ readonly queue: string; readonly waiting: number | undefined }>): void {
    new Gauge({
      name: "switchyard_queue_led",
      help: "1 if this matchmaker leads the queue; only one does",
      labelNames: ["queue"],
      registers: [this.registry],
      collect() {
        for (const { queue, waiting } of pairers) this.set({ queue }, waiting === undefined ? 0 : 1);
      },
    });
  }

  #counter<Label extends string>(name: string, help: string, labelNames: Label[]): Counter<Label> {
    return new Counter({ name: `switchyard_${name}`, help, labelNames, registers: [this.registry] });
  }

  #histogram<Label extends string>(
    name: string,
    help: string,
    labelNames: Label[],
    buckets: number[],
  ): Histogram<Label> {
    return new Histogram({ name: `switchyard_${name}`, help, labelNames, buckets, registers: [this.registry] });
  }
}
