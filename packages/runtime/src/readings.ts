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
/** A process that can't look must still say everything else in time. */
const PATIENCE_MS = 1000;

/**
 * Metrics that are read when somebody asks for them, all out of one look. Where the look fails they have no value, and all the
 * others are told nevertheless.
 */
export class Readings<Look> {
  readonly #registry: Registry;
  readonly #look: () => Promise<Look>;
  #last: { readonly at: number; readonly look: Promise<Look | undefined> } | undefined;

  constructor(registry: Registry, look: () => Promise<Look>) {
    this.#registry = registry;
    this.#look = look;
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
    if (!this.#last || now - this.#last.at > FRESH_MS) this.#last = { at: now, look: this.#lookPatiently() };
    return this.#last.look;
  }

  async #lookPatiently(): Promise<Look | undefined> {
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), PATIENCE_MS);
    });
    try {
      return await Promise.race([this.#look(), tooLate]);
    } catch {
      return undefined;
    } finally {
      clearTimeout(timer);
    }
  }
}
