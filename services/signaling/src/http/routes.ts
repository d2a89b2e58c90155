import { readFileSync } from "node:fs";
import type { NodeId } from "@switchyard/protocol";
import type { Store } from "@switchyard/store";
import type { FastifyInstance } from "fastify";
import type { Metrics } from "../metrics.ts";
import type { Readiness } from "../readiness.ts";
import { pageOrStatus } from "./page.ts";
import { readStatistics, readSums } from "./statistics.ts";

const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
  version: string;
};

export interface RouteParts {
  readonly app: string;
  readonly node: NodeId;
  readonly store: Store;
  readonly readiness: Readiness;
  readonly metrics: Metrics;
}

/** The HTTP surface. Counts are of the whole cluster; errors are `{ error, code }`. */
export function addRoutes(http: FastifyInstance, parts: RouteParts): void {
  const { app, node, store, readiness, metrics } = parts;
  const identity = () => ({
    status: "ok",
    app,
    version,
    timestamp: new Date().toISOString(),
    uptime: process.uptime(),
    node,
  });

  http.get("/health", async () => ({ ...identity(), stats: await readSums(store) }));
  http.get("/healthz", async () => ({ status: "ok" }));
  http.get("/readyz", async (_request, reply) => {
    const reason = await readiness.problem();
    if (reason === undefined) return { status: "ready", node };
    return reply.code(503).send({ error: `Not ready: ${reason}.`, code: "not_ready", reason, node });
  });
  http.get("/stats", async () => ({ timestamp: new Date().toISOString(), dialects: await readStatistics(store) }));
  http.get("/metrics", async (_request, reply) => {
    reply.type(metrics.registry.contentType);
    return metrics.registry.metrics();
  });
  pageOrStatus(http, async () => ({ ...identity(), dialects: await readStatistics(store) }));
}
