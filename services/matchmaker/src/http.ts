import { answers } from "@switchyard/runtime";
import { type FastifyInstance, fastify } from "fastify";
import type { Redis } from "ioredis";
import type { Metrics } from "./metrics.ts";

export interface HttpParts {
  readonly app: string;
  readonly id: string;
  readonly redis: Redis;
  readonly metrics: Metrics;
}

/** A matchmaker's HTTP surface: for operators and supervisors, not for clients. */
export function createHttp({ app, id, redis, metrics }: HttpParts): FastifyInstance {
  const http = fastify({ forceCloseConnections: true });
  http.get("/health", async () => ({
    status: "ok",
    app,
    service: "matchmaker",
    timestamp: new Date().toISOString(),
    uptime: process.uptime(),
    node: id,
  }));
  http.get("/healthz", async () => ({ status: "ok" }));
  http.get("/readyz", async (_request, reply) => {
    if (await answers(redis)) return { status: "ready", node: id };
    return reply.code(503).send({ error: "Not ready: Redis does not answer.", code: "not_ready", node: id });
  });
  http.get("/metrics", async (_request, reply) => {
    reply.type(metrics.registry.contentType);
    return metrics.registry.metrics();
  });
  return http;
}
