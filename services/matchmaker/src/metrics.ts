import { HotHistogram } from "@switchyard/runtime";
import type { Store } from "@switchyard/store";
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

const fastBuckets = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1];
const waitBuckets = [0.01, 0.05, 0.1, 0.5, 1, 2, 5, 10, 15, 30, 60, 300];

/** What a matchmaker measures. No label ever holds an id of a user, a room or a session. */
export class Metrics {
  readonly registry = new Registry();
  readonly commits = this.#counter("pairings_total", "Pairings tried", ["queue", "outcome"]);
  readonly assignments = this.#counter("assignments_total", "Assignments carried out", ["queue", "outcome"]);
  readonly swept = this.#counter("swept_sessions_total", "Sessions of dead nodes dealt with", ["outcome"]);
  readonly commitSeconds = this.#histogram("pairing_seconds", "Time to make a pairing final", ["queue"], fastBuckets);
  readonly settleSeconds = this.#histogram("settle_seconds", "Time to carry an assignment out", ["queue"], fastBuckets);
  readonly waitSeconds = this.#histogram(
    "wait_seconds",
    "Time that people waited for a partner",
    ["queue"],
    waitBuckets,
  );
  readonly redisSeconds = new HotHistogram(
    { name: "switchyard_redis_seconds", help: "Time that Redis took, by script", labels: ["command", "outcome"] },
    fastBuckets,
    this.registry,
  );

  constructor(matchmaker: string) {
    this.registry.setDefaultLabels({ node: matchmaker });
    collectDefaultMetrics({ register: this.registry });
  }

  /** Measures the queues' lengths when asked. */
  watchQueues(store: Store, queues: readonly string[]): void {
    new Gauge({
      name: "switchyard_queue_length",
      help: "How many wait, cluster-wide",
      labelNames: ["queue"],
      registers: [this.registry],
      async collect() {
        for (const queue of queues) this.set({ queue }, (await store.queues.figures(queue)).waiting);
      },
    });
    new Gauge({
      name: "switchyard_assignments_open",
      help: "Pairings that are not carried out yet",
      labelNames: ["queue"],
      registers: [this.registry],
      async collect() {
        for (const queue of queues) this.set({ queue }, await store.assignments.open(queue));
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
