import type { Cluster } from "@switchyard/core";
import type { NodeId } from "@switchyard/protocol";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { type SignalingConfig, version } from "../config.ts";
import type { Readiness } from "../lifecycle/readiness.ts";
import { TooManyRequestsError } from "../limits/allowance.ts";
import { addressGroup } from "../limits/client-address.ts";
import type { Limits } from "../limits/limits.ts";
import type { MemoryWatermark } from "../limits/memory-watermark.ts";
import type { EventTracing } from "../telemetry/event-tracing.ts";
import type { Metrics } from "../telemetry/metrics.ts";
import { type AccountParts, addLoginRoutes } from "./accounts/login.ts";
import { addAccountActions } from "./accounts/operators.ts";
import { addOwnAccountRoutes } from "./accounts/own-account.ts";
import { addClientFiles } from "./client-files.ts";
import { addIceRoutes } from "./ice-servers.ts";
import { addMatchRoutes } from "./matches.ts";
import { addMeetingRoutes, type MeetingParts } from "./meetings.ts";
import { addModerationRoutes } from "./moderation.ts";
import { addNoticeRoutes } from "./notices/routes.ts";
import { pageOrStatus } from "./page.ts";
import { addReportRoutes } from "./reports.ts";
import type { ClusterFigures } from "./statistics.ts";

export interface RouteParts {
  readonly config: SignalingConfig;
  readonly node: NodeId;
  readonly cluster: Cluster;
  readonly readiness: Readiness;
  readonly memory: MemoryWatermark;
  readonly metrics: Metrics;
  readonly figures: ClusterFigures;
  readonly limits: MeetingParts["limits"] & Pick<Limits, "takeFigures" | "takeNotice">;
  readonly tracing: EventTracing;
  readonly onFailure: (error: unknown) => void;
  readonly accounts: Omit<AccountParts, "cluster" | "memory" | "registration" | "leastScore">;
}

/** The HTTP surface. Counts are of the whole cluster; errors are `{ error, code }`. */
export function addRoutes(http: FastifyInstance, parts: RouteParts): void {
  const { config, node, cluster, readiness, memory, metrics, figures } = parts;
  const { store } = cluster;
  const identity = () => ({
    status: "ok",
    app: config.APP_NAME,
    version,
    timestamp: new Date().toISOString(),
    uptime: process.uptime(),
    node,
  });

  const count = async (request: FastifyRequest) => {
    const waitMs = await parts.limits.takeFigures(addressGroup(request.ip));
    if (waitMs > 0) throw new TooManyRequestsError("figures", waitMs);
  };

  http.addHook("onRequest", async (request, reply) => {
    if (request.routeOptions.url?.startsWith("/api/")) reply.header("cache-control", "no-store");
  });
  http.get("/health", { preHandler: count }, async () => ({ ...identity(), stats: await figures.sums.get() }));
  http.get("/healthz", async () => ({ status: "ok" }));
  http.get("/readyz", async (_request, reply) => {
    const reason = await readiness.problem();
    if (reason === undefined) return { status: "ready", node, reason: memory.reason };
    return reply.code(503).send({ error: `Not ready: ${reason}.`, code: "not_ready", reason, node });
  });
  http.get("/stats", { preHandler: count }, async () => {
    const dialects = await figures.statistics.get();
    return { timestamp: new Date().toISOString(), dialects };
  });
  http.get("/metrics", { preHandler: count }, async (_request, reply) => {
    reply.type(metrics.registry.contentType);
    return metrics.registry.metrics();
  });
  addIceRoutes(http, config, parts.accounts.tokens);
  addMatchRoutes(http, store, figures, config.ADMIN_TOKEN);
  addMeetingRoutes(http, { cluster, memory, limits: parts.limits, unusedMs: config.ROOM_UNUSED_MS });
  const operatorTokens = { admin: config.ADMIN_TOKEN, observer: config.OBSERVER_TOKEN };
  const [registration, leastScore] = [config.REGISTRATION, config.PASSWORD_MIN_SCORE];
  const accounts = { ...parts.accounts, cluster, memory, registration, leastScore };
  addLoginRoutes(http, accounts);
  addOwnAccountRoutes(http, accounts, config.DELETED_ACCOUNT_MESSAGES);
  addAccountActions(http, accounts, operatorTokens);
  addNoticeRoutes(http, parts, operatorTokens);
  addModerationRoutes(http, cluster, operatorTokens);
  addReportRoutes(http, cluster, operatorTokens);
  addClientFiles(http);
  pageOrStatus(http, async (request) => {
    await count(request);
    return { ...identity(), dialects: await figures.statistics.get() };
  });
}
