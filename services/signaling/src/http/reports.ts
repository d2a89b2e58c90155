import { type Cluster, removeMessage, resolveReport, UnusableActionError } from "@switchyard/core";
import type { Report } from "@switchyard/store";
import type { FastifyInstance } from "fastify";
import { operatorOf } from "./moderation.ts";
import { RequestProblem } from "./problem.ts";
import { MessageParameters, RemovalQuery, ReportParameters, ReportsQuery, ResolutionBody } from "./reports-api.ts";
import { read } from "./schemas.ts";
import { type OperatorTokens, requireOperator } from "./security.ts";

const REPORTS_A_PAGE = 100;

/** `/api/admin/reports` and `/api/admin/messages`: reports of users, the decisions of operators, and removed messages. */
export function addReportRoutes(http: FastifyInstance, cluster: Cluster, tokens: OperatorTokens): void {
  const { reports } = cluster.store;

  http.get("/api/admin/reports", async (request, reply) => {
    requireOperator(request, reply, tokens, "read");
    const { status, cursor } = read(ReportsQuery, request.query);
    const page = await reports.list(status, REPORTS_A_PAGE, cursor).catch((error: unknown) => {
      throw error instanceof RangeError ? new RequestProblem(400, "validation", "cursor: that is none.") : error;
    });
    const nextCursor = page.length < REPORTS_A_PAGE ? undefined : page.at(-1)?.id;
    return { reports: page.map(describe), nextCursor };
  });

  http.get("/api/admin/reports/:id", async (request, reply) => {
    requireOperator(request, reply, tokens, "read");
    const { id } = read(ReportParameters, request.params);
    const found = await reports.find(id);
    if (!found) throw missing();
    const messages = found.messages.map((message) => ({ ...message, at: timeOf(message.at) }));
    return { ...describe(found), messages, record: found.record };
  });

  http.post("/api/admin/reports/:id/resolution", async (request, reply) => {
    requireOperator(request, reply, tokens, "write");
    const { id } = read(ReportParameters, request.params);
    const { verdict, reason } = read(ResolutionBody, request.body);
    const decided = { verdict, reason, by: operatorOf(request.headers) };
    const resolved = await resolveReport(cluster, id, decided).catch((error: unknown) => {
      throw error instanceof UnusableActionError ? new RequestProblem(400, "validation", error.message) : error;
    });
    if (!resolved) throw missing();
    return describe(resolved);
  });

  http.delete("/api/admin/messages/:id", async (request, reply) => {
    requireOperator(request, reply, tokens, "write");
    const { id } = read(MessageParameters, request.params);
    const wanted = { id, ...read(RemovalQuery, request.query), by: operatorOf(request.headers) };
    const removed = await removeMessage(cluster, wanted).catch((error: unknown) => {
      throw error instanceof UnusableActionError ? new RequestProblem(400, "validation", error.message) : error;
    });
    if (!removed) throw new RequestProblem(404, "not_found", "The room has no such message.");
    return { ...removed, at: timeOf(removed.at) };
  });
}

function missing(): RequestProblem {
  return new RequestProblem(404, "not_found", "There is no such report.");
}

/** A report as the API returns it. Times in ISO 8601. */
function describe({ id, at, dialect, room, category, words, reporter, reported, resolution }: Report) {
  const decided = resolution && { ...resolution, at: timeOf(resolution.at) };
  return { id, at: timeOf(at), dialect, room, category, words, reporter, reported, resolution: decided };
}

function timeOf(ms: number): string {
  return new Date(ms).toISOString();
}
