import { ban, type Cluster, UnusableBanError, unban } from "@switchyard/core";
import type { FastifyInstance } from "fastify";
import { describeBan } from "./ban-schema.ts";
import { AuditQuery, BanParameters, BanRequestBody, OperatorHeaders, UnbanQuery } from "./moderation-api.ts";
import { describeEntry } from "./moderation-log.ts";
import { RequestProblem } from "./problem.ts";
import { read } from "./schemas.ts";
import { type OperatorTokens, requireOperator } from "./security.ts";

/** The operator's name where the request gives none. */
const NAMELESS = "api";
const ENTRIES_A_PAGE = 100;

/** `/api/admin/…`: bans, and the log of what operators did. */
export function addModerationRoutes(http: FastifyInstance, cluster: Cluster, tokens: OperatorTokens): void {
  const { moderation, clock } = cluster.store;

  http.get("/api/admin/bans", async (request, reply) => {
    requireOperator(request, reply, tokens, "read");
    const { bans } = await moderation.load();
    const latest = bans.toSorted((one, other) => other.at - one.at);
    return { bans: latest.map(describeBan), timestamp: new Date().toISOString() };
  });

  http.post("/api/admin/bans", async (request, reply) => {
    requireOperator(request, reply, tokens, "write");
    const { effect, kind, whom, dialect, seconds, reason } = read(BanRequestBody, request.body);
    const until = seconds === undefined ? undefined : clock.now() + seconds * 1000;
    const by = operatorOf(request.headers);
    const placed = await ban(cluster, { effect, kind, whom, dialect, until, reason, by }).catch((error: unknown) => {
      throw error instanceof UnusableBanError ? new RequestProblem(400, "validation", error.message) : error;
    });
    return reply.code(201).send(describeBan(placed));
  });

  http.delete("/api/admin/bans/:id", async (request, reply) => {
    requireOperator(request, reply, tokens, "write");
    const { id } = read(BanParameters, request.params);
    const { reason } = read(UnbanQuery, request.query);
    const lifted = await unban(cluster, id, operatorOf(request.headers), reason);
    if (!lifted) throw new RequestProblem(404, "not_found", "There is no such ban.");
    return describeBan(lifted);
  });

  http.get("/api/admin/audit", async (request, reply) => {
    requireOperator(request, reply, tokens, "read");
    const { cursor } = read(AuditQuery, request.query);
    const entries = await moderation.audit(ENTRIES_A_PAGE, cursor).catch((error: unknown) => {
      throw error instanceof RangeError ? new RequestProblem(400, "validation", "cursor: that is none.") : error;
    });
    const next = entries.length < ENTRIES_A_PAGE ? undefined : entries.at(-1)?.id;
    return { entries: entries.map(describeEntry), ...(next === undefined ? {} : { nextCursor: next }) };
  });
}

/** The name that the audit log gets. */
export function operatorOf(headers: unknown): string {
  return read(OperatorHeaders, headers)["x-operator"] ?? NAMELESS;
}
