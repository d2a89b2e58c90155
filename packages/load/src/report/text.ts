import { latencyKinds } from "../measure/latencies.ts";
import { violationKinds, violationNames } from "../oracle/violation.ts";
import type { Runner } from "../run/runner.ts";
import type { LoadReport } from "./document.ts";
import { redisCommandsPerMessage, usageOf } from "./usage.ts";

const BYTES_PER_MB = 1_000_000;
const NAME_WIDTH = 18;
const NUMBER_WIDTH = 10;
/** Violations of each kind that are shown with their events. */
const SHOWN_OF_KIND = 3;

/** Live rates: what happened since the last line. */
export class Progress {
  #sent = 0;
  #received = 0;
  #at = 0;

  line({ stage, elapsedMs, lengthMs }: Runner): string {
    const { counts, served, watch, isStopping } = stage;
    const seconds = Math.max(0.001, (elapsedMs - this.#at) / 1000);
    const [sent, received] = [counts.get("sent"), counts.get("received")];
    const rate = (now: number, before: number) => Math.round((now - before) / seconds);
    const relay = served.interval.percentiles("relay");
    const parts = [
      `${Math.round(elapsedMs / 1000)} of ${Math.round(lengthMs / 1000)} s`,
      `${counts.connected} connected`,
      `${rate(sent, this.#sent)} sent/s`,
      `${rate(received, this.#received)} received/s`,
      `p99 relay ${relay.count === 0 ? "-" : `${round(relay.p99)} ms`}`,
      `${counts.errorTotal} errors`,
      `${watch.violations.total} violations`,
      ...(isStopping ? ["waiting for what is on its way"] : []),
    ];
    this.#sent = sent;
    this.#received = received;
    this.#at = elapsedMs;
    return parts.join(", ");
  }
}

/** The whole report, for people. */
export function textOf(report: LoadReport): string {
  const { scenario, elapsedMs, targets, seed, verdict } = report;
  return [
    `${scenario}: ${(elapsedMs / 1000).toFixed(1)} s against ${targets.join(", ")}, seed ${seed}`,
    "",
    ...countsOf(report),
    "",
    ...latenciesOf(report),
    "",
    ...workersOf(report),
    ...nodesOf(report),
    ...serversOf(report),
    ...thresholdsOf(report),
    ...faultsOf(report),
    ...violationsOf(report),
    `verdict: ${verdict}`,
  ].join("\n");
}

function countsOf({ counts, errors }: LoadReport): string[] {
  const lines = Object.entries(counts).map(([name, count]) => row(name, [String(count)]));
  return [...lines, ...Object.entries(errors).map(([error, count]) => `error: ${printable(error)}: ${count}`)];
}

function latenciesOf({ latencies }: LoadReport): string[] {
  const measured = latencyKinds.filter((kind) => latencies[kind].count > 0);
  return [
    row("latency in ms", ["count", "p50", "p90", "p99", "p99.9", "max"]),
    ...measured.map((kind) => {
      const { count, p50, p90, p99, p999, max } = latencies[kind];
      return row(kind, [String(count), ...[p50, p90, p99, p999, max].map((value) => round(value))]);
    }),
  ];
}

function nodesOf({ nodes }: LoadReport): string[] {
  const opened = nodes.reduce((sum, node) => sum + node.opened, 0);
  if (opened === 0) return [];
  return [
    row("node", ["connections", "share", "received", "p50 relay", "p99 relay"]),
    ...nodes.map(({ node, opened: own, received, latencies: { relay } }) => {
      const [p50, p99] = relay ? [round(relay.p50), round(relay.p99)] : ["-", "-"];
      return row(node, [String(own), `${round((100 * own) / opened)} %`, String(received), p50, p99]);
    }),
    "",
  ];
}

function serversOf(report: LoadReport): string[] {
  const perMessage = redisCommandsPerMessage(report);
  const lines = report.servers
    .map(usageOf)
    .map(({ service, node, cpuSeconds, cores, mostMemoryBytes, longestLagMs }) => {
      const cells = [
        cpuSeconds.toFixed(1),
        cores.toFixed(2),
        round(mostMemoryBytes / BYTES_PER_MB),
        round(longestLagMs),
      ];
      return row(service === "load" ? "this load tester" : `${service} ${node}`, cells);
    });
  return [
    row("process", ["CPU s", "cores", "MB", "lag p99 ms"]),
    ...lines,
    ...Object.entries(report.unreadMetrics).map(([url, reason]) => `no metrics of ${url}: ${printable(reason)}`),
    ...(perMessage === undefined ? [] : [row("Redis commands", [`${round(perMessage)} a message received`])]),
    "",
  ];
}

function workersOf({ workers }: LoadReport): string[] {
  if (workers.length === 0) return [];
  const lost = workers.filter((one) => one.lost !== null);
  const lines = lost.map(
    (one) => `worker ${one.worker} is lost: ${one.lost}; nothing of its ${one.users} users is here`,
  );
  return [`workers: ${workers.length - lost.length} of ${workers.length}`, ...lines, ""];
}

function thresholdsOf({ thresholds }: LoadReport): string[] {
  if (thresholds.length === 0) return [];
  const lines = thresholds.map(({ threshold, value, holds }) => {
    return `${holds ? "held  " : "missed"}  ${threshold}${value === null ? " (nothing measured)" : ` (${round(value)})`}`;
  });
  return [...lines, ""];
}

/** Without the connections that the run itself cut: they are too many to be read. */
function faultsOf({ faults }: LoadReport): string[] {
  const noted = faults.filter(({ kind }) => kind !== "cut");
  if (noted.length === 0) return [];
  return [...noted.map(({ atMs, text }) => `${(atMs / 1000).toFixed(1).padStart(7)} s  ${printable(text)}`), ""];
}

function violationsOf({ violations, described }: LoadReport): string[] {
  return violationNames.flatMap((kind) => {
    const count = violations[kind];
    if (count === 0) return [];
    const shown = described.filter((one) => one.kind === kind).slice(0, SHOWN_OF_KIND);
    return [
      `${kind}: ${count} (${violationKinds[kind]})`,
      ...shown.flatMap(({ finding, events }) => [
        `  ${printable(finding)}`,
        ...events.map((event) => `    ${printable(event)}`),
      ]),
      "",
    ];
  });
}

function row(name: string, cells: readonly string[]): string {
  return `${name.padEnd(NAME_WIDTH)} ${cells.map((cell) => cell.padStart(NUMBER_WIDTH)).join(" ")}`;
}

function round(value: number): string {
  return value >= 100 || Number.isInteger(value) ? String(Math.round(value)) : value.toFixed(1);
}

/** Texts of servers are shown, not sent to the terminal. */
function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, "\u{FFFD}");
}
