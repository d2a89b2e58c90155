import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { latencyKinds } from "../../measure/latencies.ts";
import { violationKinds, violationNames } from "../../oracle/violation.ts";
import type { LoadReport } from "../document.ts";
import { escaped } from "../junit.ts";
import { redisCommandsPerMessage, usageOf } from "../usage.ts";
import { type Plot, plotsOf } from "./plots.ts";

const BYTES_PER_MB = 1_000_000;
/** Of each kind of violation, and of its events: the whole is in the JSON. */
const SHOWN_VIOLATIONS = 3;
const SHOWN_EVENTS = 40;
const LONGEST_TEXT = 200;
const require = createRequire(import.meta.url);

/** The page loads nothing, whatever a server's texts say. */
const policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'";

/** The report as one page of HTML, which needs nothing else: below 1 MB, however long the run was. */
export function htmlOf(report: LoadReport): string {
  const plots = plotsOf(report);
  const faults = report.faults.map(({ atMs }) => ({ second: Number((atMs / 1000).toFixed(1)) }));
  const data = JSON.stringify({ plots, faults, end: report.elapsedMs / 1000 }).replaceAll("<", "\\u003c");
  const title = escaped(`Load test: ${report.scenario}`);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<link rel="icon" href="data:,">
<title>${title}</title>
<style>${textOf(require.resolve("uplot/dist/uPlot.min.css"))}
${textOf(join(import.meta.dirname, "page.css"))}</style>
</head>
<body>
<h1>${title}</h1>
${[introOf(report), thresholdsOf(report), latenciesOf(report), plotsIn(plots), faultsOf(report), nodesOf(report)].join("\n")}
${[serversOf(report), numbersOf(report), violationsOf(report)].join("\n")}
<script type="application/json" id="data">${data}</script>
<script>${textOf(require.resolve("uplot/dist/uPlot.iife.min.js"))}</script>
<script>${textOf(join(import.meta.dirname, "draw-plots.mjs"))}</script>
</body>
</html>
`;
}

function introOf({ verdict, targets, seed, startedAt, elapsedMs }: LoadReport): string {
  const where = targets.map((target) => escaped(target)).join(", ");
  return `<p class="${verdict === "ok" ? "good" : "bad"}"><strong>Verdict: ${verdict}</strong></p>
<p>${seconds(elapsedMs)} against ${where}, from ${startedAt}, seed ${seed}</p>`;
}

function thresholdsOf({ thresholds }: LoadReport): string {
  const rows = thresholds.map(({ threshold, value, holds }) => [
    `<span class="${holds ? "good" : "bad"}">${holds ? "held" : "missed"}</span>`,
    escaped(threshold),
    value === null ? "nothing measured" : round(value),
  ]);
  return section("Thresholds", ["", "threshold", "measured"], rows);
}

function latenciesOf({ latencies }: LoadReport): string {
  const rows = latencyKinds
    .filter((kind) => latencies[kind].count > 0)
    .map((kind) => {
      const { count, p50, p90, p99, p999, max } = latencies[kind];
      return [kind, String(count), ...[p50, p90, p99, p999, max].map(round)];
    });
  return section("Latencies in ms", ["", "count", "p50", "p90", "p99", "p99.9", "max"], rows);
}

function plotsIn(plots: readonly Plot[]): string {
  const figures = plots.map(({ title, unit }) => {
    const caption = escaped(unit === "" ? title : `${title} (${unit})`);
    return `<figure data-plot aria-label="${caption}"><figcaption>${caption}</figcaption><div></div></figure>`;
  });
  return `<h2>Over time</h2>\n<div class="plots">\n${figures.join("\n")}\n</div>`;
}

function faultsOf({ faults }: LoadReport): string {
  const rows = faults.map(({ atMs, kind, text }) => [
    `<span class="fault">${seconds(atMs)}</span>`,
    escaped(kind),
    escaped(text.slice(0, LONGEST_TEXT)),
  ]);
  return section("Faults, which the plots mark", ["time", "kind", ""], rows, "faults");
}

function nodesOf({ nodes }: LoadReport): string {
  const all = nodes.reduce((sum, { opened }) => sum + opened, 0);
  const rows = nodes.map(({ node, opened, received, latencies: { relay, recovery } }) => [
    escaped(node),
    String(opened),
    `${round((100 * opened) / Math.max(1, all))} %`,
    String(received),
    ...[relay?.p50, relay?.p99, recovery?.p50, recovery?.p99].map((value) =>
      value === undefined ? "–" : round(value),
    ),
  ]);
  const names = ["node", "connections", "share", "received", "p50 relay", "p99 relay", "p50 recovery", "p99 recovery"];
  return section("Nodes, as clients see them", names, rows);
}

function serversOf(report: LoadReport): string {
  const rows = report.servers
    .map(usageOf)
    .map(({ service, node, cpuSeconds, cores, mostMemoryBytes, longestLagMs }) => [
      escaped(service === "load" ? "this load tester" : `${service} ${node}`),
      ...[cpuSeconds, cores, mostMemoryBytes / BYTES_PER_MB, longestLagMs].map(round),
    ]);
  const perMessage = redisCommandsPerMessage(report);
  const note =
    perMessage === undefined ? "" : `\n<p>Redis commands for each message received: ${round(perMessage)}</p>`;
  return section("Processes", ["", "CPU s", "cores", "MB at most", "lag p99 ms at most"], rows) + note;
}

function numbersOf({ counts, errors, unreadMetrics }: LoadReport): string {
  const errorRows = Object.entries(errors).map(([error, count]) => [
    escaped(error.slice(0, LONGEST_TEXT)),
    String(count),
  ]);
  const unread = Object.entries(unreadMetrics).map(([url, reason]) => [escaped(url), escaped(reason)]);
  return [
    section(
      "Numbers",
      ["", "count"],
      Object.entries(counts).map(([name, count]) => [name, String(count)]),
    ),
    section("Errors", ["", "count"], errorRows),
    section("Metrics that could not be read", ["", ""], unread),
  ].join("\n");
}

function violationsOf({ violations, described }: LoadReport): string {
  return violationNames
    .filter((kind) => violations[kind] > 0)
    .map((kind) => {
      const shown = described.filter((one) => one.kind === kind).slice(0, SHOWN_VIOLATIONS);
      const texts = shown.map(({ finding, events }) => [finding, ...events.slice(-SHOWN_EVENTS)].join("\n  "));
      return `<h2 class="bad">Violation: ${kind}, ${violations[kind]}</h2>
<p>${escaped(violationKinds[kind])}</p>\n<pre>${escaped(texts.join("\n"))}</pre>`;
    })
    .join("\n");
}

/** A table; nothing without rows. Cells are HTML, of which those that begin as a number stand right. */
function section(title: string, names: readonly string[], rows: readonly (readonly string[])[], id = ""): string {
  if (rows.length === 0) return "";
  const isNumber = (column: number) => rows.every((row) => /^[\d.–]/.test(row[column] ?? "")) && column > 0;
  const cell = (tag: string) => (text: string, column: number) =>
    `<${tag}${isNumber(column) ? ' class="number"' : ""}>${text}</${tag}>`;
  const lines = rows.map((row) => `<tr>${row.map(cell("td")).join("")}</tr>`);
  const head = `<tr>${names.map(cell("th")).join("")}</tr>`;
  const table = `<table><thead>${head}</thead><tbody>\n${lines.join("\n")}\n</tbody></table>`;
  return `<h2>${title}</h2>\n<div class="scrolls"${id === "" ? "" : ` id="${id}"`}>${table}</div>`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

function round(value: number): string {
  return value >= 100 || Number.isInteger(value) ? String(Math.round(value)) : value.toPrecision(2);
}

function textOf(path: string): string {
  return readFileSync(path, "utf8");
}
