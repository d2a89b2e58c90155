import { dialects } from "@switchyard/dialects";
import { Metrics as MatchmakerMetrics, watchCluster, watchRedis } from "@switchyard/matchmaker";
import { Metrics as SignalingMetrics } from "@switchyard/signaling";
import { code, page, table } from "./markdown.ts";

const intro = `\
# Metrics

Generated from the code by \`pnpm run docs\`; don't edit it here.

Every node and every matchmaker answers \`GET /metrics\` in Prometheus' text format. Scrape each process, not the reverse
proxy, which would return the metrics of an arbitrary node. Besides its own labels every metric has the labels \`service\`
(\`signaling\`, \`matchmaker\`) and \`node\`, the id of the process. No label ever holds an id of a user, a room or a session.
Times are in seconds.

With Docker Compose the profile \`observability\` brings Prometheus with alert rules, and dashboards:
[deploy.md](deploy.md#observability). [operations.md](operations.md#alerts) says what to do when an alert fires.

All processes also export the metrics of Node.js itself, as prom-client names them: \`process_*\` (CPU, memory, open
files) and \`nodejs_*\` (heap, garbage collection, and the lag of the event loop, \`nodejs_eventloop_lag_p99_seconds\`).`;

type Registry = SignalingMetrics["registry"];
type Metric = ReturnType<Registry["getMetricsAsArray"]>[number];

/** Stands for sources that are used only when metrics are read, which does not happen here. */
const neverAsked = {} as never;

/** `docs/metrics.md`, from the metrics that the two services register. */
export function metricsPage(): string {
  const node = new SignalingMetrics("", dialects, () => 0);
  const matchmaker = new MatchmakerMetrics("");
  node.watchReadiness(neverAsked);
  node.watchClock(neverAsked);
  node.watchBans(neverAsked);
  node.watchMemory(neverAsked);
  watchCluster(matchmaker.registry, neverAsked);
  watchRedis(matchmaker.registry, neverAsked);
  matchmaker.watchPairers([]);
  return page(
    intro,
    "## Signaling nodes",
    tableOf(node.registry),
    "## Matchmakers",
    "Metrics of the whole cluster and of Redis itself are read at each scrape, and every matchmaker returns the same values: take the `max`.",
    tableOf(matchmaker.registry),
  );
}

function tableOf(registry: Registry): string {
  const own = registry.getMetricsAsArray().filter(({ name }) => name.startsWith("switchyard_"));
  const rows = own.map((metric) => [code(metric.name), String(metric.type), labelsOf(metric), metric.help]);
  return table(["metric", "type", "labels", "meaning"], rows);
}

function labelsOf(metric: Metric): string {
  const names = "labelNames" in metric && Array.isArray(metric.labelNames) ? metric.labelNames : [];
  return names.map((name) => code(String(name))).join(", ");
}
