import { Counter, type Metric, type Registry } from "prom-client";

/**
 * Upper bounds of latency buckets in seconds, from a Redis on the same machine to a failure. The same for all metrics,
 * so that they can be summed.
 */
export const latencyBuckets: readonly number[] = [
  0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5,
];

/** A metric's name, help text and label names. */
export interface MetricDescription {
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
}

/** One cell for each combination of label values that has occurred. */
class Cells<Cell> {
  /** By the first value, then by the second, so that a look-up builds no string. */
  readonly #cells = new Map<string, Map<string, { readonly labels: Record<string, string>; readonly cell: Cell }>>();
  readonly #names: readonly string[];
  readonly #create: () => Cell;

  constructor(names: readonly string[], create: () => Cell) {
    this.#names = names;
    this.#create = create;
  }

  at(first: string, second: string): Cell {
    const known = this.#cells.get(first)?.get(second);
    if (known) return known.cell;
    const values = [first, second];
    const labels = Object.fromEntries(this.#names.map((name, i) => [name, values[i] ?? ""]));
    const cell = this.#create();
    const beside = this.#cells.get(first) ?? new Map();
    this.#cells.set(first, beside.set(second, { labels, cell }));
    return cell;
  }

  values() {
    return [...this.#cells.values()].flatMap((beside) => [...beside.values()]);
  }
}

/**
 * A Prometheus counter for the message path, with at most two labels: counting is one addition, and labels are put
 * together when the counter is read.
 */
export class HotCounter {
  readonly #cells: Cells<{ count: number }>;

  constructor({ name, help, labels }: MetricDescription, registry: Registry) {
    const cells = new Cells(labels, () => ({ count: 0 }));
    this.#cells = cells;
    new Counter({
      name,
      help,
      labelNames: [...labels],
      registers: [registry],
      collect() {
        this.reset();
        for (const { labels: values, cell } of cells.values()) this.inc(values, cell.count);
      },
    });
  }

  add(amount: number, first: string, second = ""): void {
    this.#cells.at(first, second).count += amount;
  }
}

interface Distribution {
  readonly counts: number[];
  sum: number;
}

/** A Prometheus histogram for the message path, in the same way. */
export class HotHistogram {
  readonly #cells: Cells<Distribution>;
  readonly #bounds: readonly number[];
  readonly #description: MetricDescription;

  /** @param bounds upper bounds of the buckets, ascending; a last one without bound is added */
  constructor(description: MetricDescription, bounds: readonly number[], registry: Registry) {
    this.#description = description;
    this.#bounds = bounds;
    this.#cells = new Cells(description.labels, () => ({ counts: new Array(bounds.length + 1).fill(0), sum: 0 }));
    const { labels, ...known } = description;
    const metric = { ...known, type: "histogram", labelNames: labels, get: async () => this.#read(), reset: () => {} };
    registry.registerMetric(metric as unknown as Metric);
  }

  observe(value: number, first: string, second = ""): void {
    const distribution = this.#cells.at(first, second);
    let bucket = 0;
    while (bucket < this.#bounds.length && value > (this.#bounds[bucket] as number)) bucket += 1;
    distribution.counts[bucket] = (distribution.counts[bucket] as number) + 1;
    distribution.sum += value;
  }

  /** As prom-client asks its metrics for their values. */
  #read() {
    const { name, help } = this.#description;
    const values = [...this.#cells.values()].flatMap(({ labels, cell }) => {
      let count = 0;
      const buckets = cell.counts.map((inBucket, i) => {
        count += inBucket;
        const bound = this.#bounds[i] ?? "+Inf";
        return { metricName: `${name}_bucket`, labels: { le: bound, ...labels }, value: count };
      });
      return [
        ...buckets,
        { metricName: `${name}_sum`, labels, value: cell.sum },
        { metricName: `${name}_count`, labels, value: count },
      ];
    });
    return { name, help, type: "histogram", values, aggregator: "sum" };
  }
}
