import { monitorEventLoopDelay } from "node:perf_hooks";
import { z } from "zod";

const SAMPLE_EVERY_MS = 5000;
const ANSWERED_WITHIN_MS = 10_000;
const NANOSECONDS_PER_MS = 1_000_000;
const MICROSECONDS_PER_S = 1_000_000;

const figure = z.number().min(0);

/** Figures of a process at one moment; counters count from its start. */
const Sample = z.object({
  atMs: figure.meta({ description: "From the run's begin." }),
  cpuSeconds: figure,
  memoryBytes: figure,
  eventLoopLagMs: figure.meta({ description: "The 99th percentile since the sample before." }),
  connections: figure.nullable(),
  redisCommands: figure.nullable().meta({ description: "Commands that the process sent to Redis." }),
  allRedisCommands: figure
    .nullable()
    .meta({ description: "Commands that Redis carried out, for everybody; only matchmakers know it." }),
});
export type Sample = z.output<typeof Sample>;

/** Figures of a process over a run, by its own metrics. */
export const ServerFigures = z.object({
  service: z.string().meta({ description: "`signaling`, `matchmaker`, or `load` for the load tester itself." }),
  node: z.string(),
  samples: z.array(Sample),
});
export type ServerFigures = z.output<typeof ServerFigures>;

/** Reads the metrics of nodes and matchmakers while a run goes on, and those of this process beside them. */
export class Servers {
  readonly #urls: Set<string>;
  /** Whether a URL that has no metrics is to be ignored: it may be a reverse proxy. */
  readonly #areGuessed: boolean;
  readonly #found = new Map<string, ServerFigures>();
  readonly #faults = new Map<string, string>();
  readonly #delays = monitorEventLoopDelay({ resolution: 10 });
  /** Missing until the run begins. */
  #startedAt: number | undefined;
  #interval: NodeJS.Timeout | undefined;
  #reading: Promise<unknown> | undefined;

  /** @param urls of `/metrics`; without them those of the targets are tried */
  constructor(urls: readonly string[] | undefined, targets: readonly string[]) {
    this.#areGuessed = urls === undefined;
    this.#urls = new Set(urls ?? targets.map((target) => new URL("/metrics", target).href));
  }

  /** Reads for the first time. The run begins when it resolves: times are counted from there. */
  async start(): Promise<void> {
    this.#delays.enable();
    await this.#readAll();
    if (this.#areGuessed) for (const url of this.#faults.keys()) this.#urls.delete(url);
    if (this.#areGuessed) this.#faults.clear();
    this.#startedAt = performance.now();
    this.#interval = setInterval(() => {
      this.#reading ??= this.#readAll().finally(() => {
        this.#reading = undefined;
      });
    }, SAMPLE_EVERY_MS);
  }

  /** Reads once more, for the figures of the whole run. */
  async stop(): Promise<void> {
    clearInterval(this.#interval);
    await this.#reading;
    await this.#readAll();
    this.#delays.disable();
  }

  get figures(): ServerFigures[] {
    return [...this.#found.values()];
  }

  /** URLs of metrics that could not be read, and the last reason. */
  get faults(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.#faults);
  }

  get #elapsedMs(): number {
    return this.#startedAt === undefined ? 0 : performance.now() - this.#startedAt;
  }

  async #readAll(): Promise<void> {
    this.#readSelf();
    await Promise.all([...this.#urls].map((url) => this.#read(url)));
  }

  async #read(url: string): Promise<void> {
    try {
      const answer = await fetch(url, { signal: AbortSignal.timeout(ANSWERED_WITHIN_MS) });
      const metrics = readMetrics(await answer.text());
      const { service, node } = metrics;
      if (!answer.ok || service === undefined || node === undefined) throw new Error(`no metrics (${answer.status})`);
      this.#add(service, node, sampleOf(this.#elapsedMs, metrics));
    } catch (error) {
      this.#faults.set(url, error instanceof Error ? error.message : String(error));
    }
  }

  #readSelf(): void {
    const { user, system } = process.cpuUsage();
    const lag = this.#delays.percentile(99) / NANOSECONDS_PER_MS;
    this.#delays.reset();
    this.#add("load", `load ${process.pid}`, {
      atMs: this.#elapsedMs,
      cpuSeconds: (user + system) / MICROSECONDS_PER_S,
      memoryBytes: process.memoryUsage.rss(),
      eventLoopLagMs: Number.isFinite(lag) ? lag : 0,
      ...{ connections: null, redisCommands: null, allRedisCommands: null },
    });
  }

  #add(service: string, node: string, sample: Sample): void {
    const key = `${service} ${node}`;
    const known = this.#found.get(key) ?? { service, node, samples: [] };
    this.#found.set(key, known);
    known.samples.push(sample);
  }
}

/** Sums over all labels, and whose they are. */
interface Metrics {
  readonly service: string | undefined;
  readonly node: string | undefined;
  readonly sums: ReadonlyMap<string, number>;
}

/** @param text in Prometheus' text format */
export function readMetrics(text: string): Metrics {
  const sums = new Map<string, number>();
  for (const [, name = "", value = ""] of text.matchAll(/^([a-zA-Z_:][\w:]*)(?:\{.*\})? (\S+)$/gm)) {
    sums.set(name, (sums.get(name) ?? 0) + Number(value));
  }
  const labelled = (name: string) => new RegExp(`[{,]${name}="([^"]*)"`).exec(text)?.[1];
  return { service: labelled("service"), node: labelled("node"), sums };
}

function sampleOf(atMs: number, { sums }: Metrics): Sample {
  const sum = (name: string) => sums.get(name) ?? null;
  return {
    atMs,
    cpuSeconds: sum("process_cpu_seconds_total") ?? 0,
    memoryBytes: sum("process_resident_memory_bytes") ?? 0,
    eventLoopLagMs: 1000 * (sum("nodejs_eventloop_lag_p99_seconds") ?? 0),
    connections: sum("switchyard_connections"),
    redisCommands: sum("switchyard_redis_seconds_count"),
    allRedisCommands: sum("switchyard_redis_commands_processed_total"),
  };
}
