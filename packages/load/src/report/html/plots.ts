import { Latencies, type LatencyKind, latencyKinds } from "../../measure/latencies.ts";
import type { Sample, ServerFigures } from "../../measure/servers.ts";
import type { Interval } from "../../measure/timeline.ts";
import type { LoadReport } from "../document.ts";
import { ratesOf, redisRates } from "../usage.ts";

/** A plot for the page's script: values over time, in seconds from the run's begin. */
export interface Plot {
  readonly title: string;
  readonly unit: string;
  readonly seconds: readonly number[];
  readonly series: readonly Series[];
}

interface Series {
  readonly name: string;
  /** `null` where nothing was measured. */
  readonly values: readonly (number | null)[];
}

interface Point {
  readonly atMs: number;
  readonly value: number;
}

/** More points than pixels help nobody, and a page has to stay small. */
const POINTS = 500;
/** More nodes than that are drawn as one line. */
const NODES = 12;
const BYTES_PER_MB = 1_000_000;
const DIGITS = 4;

export function plotsOf(report: LoadReport): Plot[] {
  const parts = thinned(report.intervals);
  return [...latencyPlots(parts), ...countPlots(parts), ...sharePlots(parts), ...serverPlots(report)].filter(
    ({ seconds, series }) => seconds.length > 0 && series.length > 0,
  );
}

/** The latencies of several intervals are added up, not their percentiles. */
function thinned(intervals: readonly Interval[]): Interval[] {
  const together = Math.max(1, Math.ceil(intervals.length / POINTS));
  if (together === 1) return [...intervals];
  const parts = Array.from({ length: Math.ceil(intervals.length / together) }, (_, index) =>
    intervals.slice(index * together, (index + 1) * together),
  );
  return parts.flatMap((part) => {
    const [first, last] = [part.at(0), part.at(-1)];
    return first && last ? [{ ...last, ...sumOf(part), atMs: first.atMs }] : [];
  });
}

function sumOf(
  part: readonly Interval[],
): Pick<Interval, "lengthMs" | "counts" | "errors" | "violations" | "latencies"> {
  const latencies = new Latencies();
  const counts: Interval["counts"] = {};
  for (const interval of part) {
    for (const kind of latencyKinds) {
      const measured = interval.latencies[kind];
      if (measured) latencies.add(kind, measured.histogram);
    }
    for (const [name, count] of Object.entries(interval.counts) as [keyof typeof counts, number][]) {
      counts[name] = (counts[name] ?? 0) + count;
    }
  }
  const kinds = latencyKinds.filter((kind) => part.some((interval) => interval.latencies[kind]));
  const sum = (figure: (interval: Interval) => number) => part.reduce((total, one) => total + figure(one), 0);
  return {
    lengthMs: sum(({ lengthMs }) => lengthMs),
    counts,
    errors: sum(({ errors }) => errors),
    violations: sum(({ violations }) => violations),
    latencies: Object.fromEntries(kinds.map((kind) => [kind, { ...latencies.percentiles(kind), histogram: "" }])),
  };
}

function latencyPlots(parts: readonly Interval[]): Plot[] {
  const order: readonly LatencyKind[] = ["relay", "recovery", "pairing", "join", "handshake"];
  return order
    .filter((kind) => parts.some(({ latencies }) => latencies[kind]))
    .map((kind) => {
      const line = (name: string, statistic: "p50" | "p90" | "p99" | "max") =>
        lineOf(name, parts, ({ latencies }) => latencies[kind]?.[statistic] ?? null);
      const series = [line("p50", "p50"), line("p90", "p90"), line("p99", "p99"), line("max", "max")];
      return { title: `Latency: ${kind}`, unit: "ms", seconds: endsOf(parts), series };
    });
}

function countPlots(parts: readonly Interval[]): Plot[] {
  const seconds = endsOf(parts);
  const rate = (name: keyof Interval["counts"]) =>
    lineOf(name, parts, ({ counts, lengthMs }) => perSecond(counts[name] ?? 0, lengthMs));
  return [
    { title: "Messages", unit: "/s", seconds, series: [rate("sent"), rate("acknowledged"), rate("received")] },
    { title: "Connections", unit: "", seconds, series: [lineOf("connected", parts, ({ connected }) => connected)] },
    {
      title: "Errors and lost connections",
      unit: "/s",
      seconds,
      series: [
        lineOf("errors", parts, ({ errors, lengthMs }) => perSecond(errors, lengthMs)),
        lineOf("violations", parts, ({ violations, lengthMs }) => perSecond(violations, lengthMs)),
        ...(["lost connections", "recovered", "not recovered", "failed attempts"] as const).map(rate),
      ],
    },
  ];
}

function sharePlots(parts: readonly Interval[]): Plot[] {
  const most = new Map<string, number>();
  for (const { nodes } of parts) {
    for (const [node, count] of Object.entries(nodes)) most.set(node, Math.max(most.get(node) ?? 0, count));
  }
  const names = [...most].sort(([, one], [, other]) => other - one).map(([node]) => node);
  const drawn = names.slice(0, NODES).sort();
  const share = (nodes: readonly string[]) => (interval: Interval) => {
    const all = Object.values(interval.nodes).reduce((sum, count) => sum + count, 0);
    return all === 0 ? null : (100 * nodes.reduce((sum, node) => sum + (interval.nodes[node] ?? 0), 0)) / all;
  };
  const others = names.slice(NODES);
  const series = [
    ...drawn.map((node) => lineOf(node, parts, share([node]))),
    ...(others.length > 0 ? [lineOf("others", parts, share(others))] : []),
  ];
  return [{ title: "Share of the connections by node", unit: "%", seconds: endsOf(parts), series }];
}

function serverPlots({ servers, intervals }: LoadReport): Plot[] {
  const shown = servers.slice(0, NODES);
  const plot = (title: string, unit: string, pointsOf: (samples: readonly Sample[]) => readonly Point[]) =>
    plotOf(
      title,
      unit,
      shown.map((server) => [nameOf(server), pointsOf(server.samples)] as const),
    );
  const gauge = (figure: (sample: Sample) => number) => (samples: readonly Sample[]) =>
    samples.map((sample) => ({ atMs: sample.atMs, value: figure(sample) }));
  const commands = redisRates(servers);
  const perMessage = commands.flatMap(({ atMs, value }, index) => {
    const from = commands[index - 1]?.atMs ?? 0;
    const inside = intervals.filter((interval) => interval.atMs >= from && interval.atMs < atMs);
    const received = inside.reduce((sum, { counts }) => sum + (counts.received ?? 0), 0);
    return received === 0 ? [] : [{ atMs, value: (value * (atMs - from)) / 1000 / received }];
  });
  return [
    plot("CPU", "cores", (samples) => ratesOf(samples, ({ cpuSeconds }) => cpuSeconds)),
    plot(
      "Memory",
      "MB",
      gauge(({ memoryBytes }) => memoryBytes / BYTES_PER_MB),
    ),
    plot(
      "Event-loop lag, p99",
      "ms",
      gauge(({ eventLoopLagMs }) => eventLoopLagMs),
    ),
    plotOf("Redis commands for each message received", "", [["commands", perMessage]]),
  ];
}

function nameOf({ service, node }: ServerFigures): string {
  return service === "load" ? "this load tester" : `${service} ${node}`;
}

/** Of series that were measured at about the same times. */
function plotOf(title: string, unit: string, series: readonly (readonly [string, readonly Point[]])[]): Plot {
  const second = (atMs: number) => Math.round(atMs / 1000);
  const all = [...new Set(series.flatMap(([, points]) => points.map(({ atMs }) => second(atMs))))];
  const every = Math.ceil(all.length / POINTS);
  const seconds = all.sort((one, other) => one - other).filter((_, index) => index % every === 0);
  return {
    title,
    unit,
    seconds,
    series: series
      .filter(([, points]) => points.length > 0)
      .map(([name, points]) => {
        const values = new Map(points.map(({ atMs, value }) => [second(atMs), value]));
        return { name, values: seconds.map((at) => short(values.get(at) ?? null)) };
      }),
  };
}

function lineOf(name: string, parts: readonly Interval[], figureOf: (part: Interval) => number | null): Series {
  return { name, values: parts.map((part) => short(figureOf(part))) };
}

function endsOf(parts: readonly Interval[]): number[] {
  return parts.map(({ atMs, lengthMs }) => Number(((atMs + lengthMs) / 1000).toFixed(1)));
}

function perSecond(count: number, lengthMs: number): number | null {
  return lengthMs > 0 ? (1000 * count) / lengthMs : null;
}

function short(value: number | null): number | null {
  return value === null ? null : Number(value.toPrecision(DIGITS));
}
