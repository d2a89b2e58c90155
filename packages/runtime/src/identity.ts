import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { collectDefaultMetrics, Gauge, type Registry } from "prom-client";

/**
 * An id for this process that no other process ever had, its own restarts included: so the sessions of a dead process
 * can't be mistaken for those of its successor.
 */
export function processId(name: string | undefined): string {
  return `${name ?? hostname()}-${randomBytes(4).toString("hex")}`;
}

/**
 * The version of the package that a module is part of.
 * @param module its `import.meta.url`; it lies right in the package's `src` or `dist`
 */
export function packageVersion(module: string): string {
  const text = readFileSync(new URL("../package.json", module), "utf8");
  return (JSON.parse(text) as { readonly version: string }).version;
}

/**
 * Gauges of prom-client that read `process._getActiveHandles()` and `_getActiveRequests()`. Node.js ends the process
 * where a handle has lost its object ("Assertion failed: !obj.IsEmpty()" in `AsyncWrap::GetOwner`), so a scrape could
 * kill a node; and each scrape made lists of all connections. `nodejs_active_resources` counts the same by name.
 */
const UNSAFE_GAUGES: readonly string[] = [
  "nodejs_active_handles",
  "nodejs_active_handles_total",
  "nodejs_active_requests",
  "nodejs_active_requests_total",
];

export interface ServiceBuild {
  readonly service: "signaling" | "matchmaker";
  /** The process's own id. */
  readonly node: string;
  readonly version: string;
}

/**
 * The metrics of every process: Node.js' own, and the build. Everything in the registry carries the labels `service`
 * and `node`.
 */
export function addProcessMetrics(registry: Registry, { service, node, version }: ServiceBuild): void {
  registry.setDefaultLabels({ service, node });
  collectDefaultMetrics({ register: registry });
  for (const name of UNSAFE_GAUGES) registry.removeSingleMetric(name);
  const build = new Gauge({
    name: "switchyard_build_info",
    help: "Always 1; its labels say what runs",
    labelNames: ["version", "nodejs"],
    registers: [registry],
  });
  build.set({ version, nodejs: process.versions.node }, 1);
}
