import { collectDefaultMetrics, Gauge, type Registry } from "prom-client";

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
  const build = new Gauge({
    name: "switchyard_build_info",
    help: "Always 1; its labels say what runs",
    labelNames: ["version", "nodejs"],
    registers: [registry],
  });
  build.set({ version, nodejs: process.versions.node }, 1);
}
