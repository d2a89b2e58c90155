import { Metrics } from "@switchyard/matchmaker";
import { rules, textOf } from "./files.ts";

export interface KnownMetric {
  readonly type: string;
  /** `undefined`: whatever its rule leaves. */
  readonly labels: readonly string[] | undefined;
}

const everywhere = ["service", "node", "job", "instance"];

/** Whatever Prometheus can be asked for here, by its name. */
export const knownMetrics: ReadonlyMap<string, KnownMetric> = new Map([
  ...documented().flatMap(([name, type, labels]) => series(name, type, labels)),
  ...ofNode().flatMap(([name, type, labels]) => series(name, type, labels)),
  ...rules.flatMap(({ record }) => (record ? [[record, { type: "gauge", labels: undefined }] as const] : [])),
  ["up", { type: "gauge", labels: ["job", "instance"] }],
  ["ALERTS", { type: "gauge", labels: ["alertname", "alertstate", "severity", ...everywhere] }],
]);

/** The tables of docs/metrics.md. */
function documented(): [name: string, type: string, labels: string[]][] {
  const rows = textOf("docs/metrics.md").matchAll(/^\| `(switchyard_\w+)` \| (\w+) \| ([^|]*) \|/gm);
  return [...rows].map(([, name = "", type = "", labels = ""]) => [
    name,
    type,
    [...labels.matchAll(/`(\w+)`/g)].map(([, label = ""]) => label),
  ]);
}

/** What prom-client tells of Node.js. */
function ofNode(): [name: string, type: string, labels: string[]][] {
  const all = new Metrics("").registry.getMetricsAsArray().filter(({ name }) => !name.startsWith("switchyard_"));
  return all.map((metric) => [
    metric.name,
    String(metric.type),
    "labelNames" in metric ? [...(metric.labelNames as string[])] : [],
  ]);
}

function series(name: string, type: string, own: readonly string[]): [string, KnownMetric][] {
  const labels = [...own, ...everywhere];
  if (type !== "histogram") return [[name, { type, labels }]];
  return ["bucket", "sum", "count"].map((part) => [`${name}_${part}`, { type, labels: [...labels, "le"] }]);
}
