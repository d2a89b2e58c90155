import type { Metric, Registry } from "prom-client";
import type { MetricDescription } from "./hot-metrics.ts";

/** A value, and its labels. */
export interface Sample {
  readonly value: number;
  readonly labels?: Readonly<Record<string, string>>;
}

/** The samples of one metric in a snapshot; `undefined` if the snapshot could not be taken. */
type Reading<Look> = (look: Look | undefined) => Iterable<Sample>;

/** Metrics that are read one after the other share a snapshot. */
const FRESH_MS = 200;
/**
 * A process that can't take a snapshot must still return all other metrics in time: a snapshot may take one second of
 * this process's time.
 */
const PATIENCE_STEPS = 10;
const PATIENCE_STEP_MS = 100;

/**
 * Metrics that are read when they are requested, all from one snapshot. If the snapshot fails they have no value; all
 * other metrics are returned nevertheless.
 */
export class Readings<Look> {
  readonly #registry: Registry;
  readonly #read: () => Promise<Look>;
  #last: { readonly at: number; readonly look: Promise<Look | undefined> } | undefined;

  constructor(registry: Registry, read: () => Promise<Look>) {
    this.#registry = registry;
    this.#read = read;
  }

  gauge(description: MetricDescription, read: Reading<Look>): void {
    this.#add("gauge", description, read);
  }

  /** A counter whose value is kept elsewhere. */
  counter(description: MetricDescription, read: Reading<Look>): void {
    this.#add("counter", description, read);
  }

  /** Not prom-client's own classes, which return 0 where no value is known. */
  #add(type: "gauge" | "counter", { name, help, labels: labelNames }: MetricDescription, read: Reading<Look>): void {
    const get = async () => {
      const values = [...read(await this.#fresh())].map(({ labels = {}, value }) => ({ labels: { ...labels }, value }));
      return { name, help, type, values, aggregator: "sum" };
    };
    this.#registry.registerMetric({ name, help, type, labelNames, get, reset: () => {} } as unknown as Metric);
  }

  #fresh(): Promise<Look | undefined> {
    const now = performance.now();
    if (!this.#last || now - this.#last.at > FRESH_MS) this.#last = { at: now, look: this.#readWithTimeout() };
    return this.#last.look;
  }

  async #readWithTimeout(): Promise<Look | undefined> {
    let timer: NodeJS.Timeout | undefined;
    const step = () =>
      new Promise((resume) => {
        timer = setTimeout(resume, PATIENCE_STEP_MS);
      });
    // a suspended process misses one step only, not all of them: the answer may have arrived when it continues
    const patience = async () => {
      for (let steps = 0; steps < PATIENCE_STEPS; steps += 1) await step();
      return undefined;
    };
    try {
      return await Promise.race([this.#read(), patience()]);
    } catch {
      return undefined;
    } finally {
      clearTimeout(timer);
    }
  }
}
