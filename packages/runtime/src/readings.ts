import type { Metric, Registry } from "prom-client";
import type { MetricDescription } from "./hot-metrics.ts";

/** A value, and its labels. */
export interface Sample {
  readonly value: number;
  readonly labels?: Readonly<Record<string, string>>;
}

/** What one metric says, by what was seen; `undefined` where nobody could look. */
type Reading<Look> = (look: Look | undefined) => Iterable<Sample>;

/** Metrics that are asked for one after the other get the same look. */
const FRESH_MS = 200;
/** A process that can't look must still say everything else in time: the look may take a second of this process's time. */
const PATIENCE_STEPS = 10;
const PATIENCE_STEP_MS = 100;

/**
 * Metrics that are read when somebody asks for them, all out of one look. Where the look fails they have no value, and all the
 * others are told nevertheless.
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

  /** A counter that somebody else counts. */
  counter(description: MetricDescription, read: Reading<Look>): void {
    this.#add("counter", description, read);
  }

  /** Not prom-client's own classes, which say 0 where nothing is known. */
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
    // a process that stood still has missed one step, and not all of them: what it waits for may be there already
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
