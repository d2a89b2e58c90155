import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import {
  type Cluster,
  clusterWithTrace,
  NoticeConflictError,
  type NoticeOutcome,
  notify,
  UnusableActionError,
} from "@switchyard/core";
import type { NoticeTarget } from "@switchyard/store";
import type { FastifyInstance } from "fastify";
import type { z } from "zod";
import { TooManyRequestsError } from "../../limits/allowance.ts";
import type { Limits } from "../../limits/limits.ts";
import type { MemoryWatermark } from "../../limits/memory-watermark.ts";
import type { EventTracing } from "../../telemetry/event-tracing.ts";
import type { Metrics } from "../../telemetry/metrics.ts";
import { operatorOf } from "../moderation.ts";
import { RequestProblem } from "../problem.ts";
import { read } from "../schemas.ts";
import { type OperatorTokens, requireOperator } from "../security.ts";
import { NoticeBody } from "./api.ts";

/** After so long a request is answered, although the event is still being sent. */
const PATIENCE_MS = 5000;

export interface NoticeParts {
  readonly cluster: Cluster;
  readonly limits: Pick<Limits, "takeNotice">;
  readonly memory: Pick<MemoryWatermark, "check">;
  readonly metrics: Pick<Metrics, "notices">;
  readonly tracing: Pick<EventTracing, "begin">;
  readonly onFailure: (error: unknown) => void;
}

/** `/api/events`: events of back ends, by way of the outboxes. */
export function addNoticeRoutes(http: FastifyInstance, parts: NoticeParts, tokens: OperatorTokens): void {
  http.post("/api/events", async (request, reply) => {
    requireOperator(request, reply, tokens, "write");
    const { to, event: name, payload, id = randomUUID() } = read(NoticeBody, request.body);
    const target = targetOf(to);
    const waitMs = await parts.limits.takeNotice(target.kind === "dialect");
    if (waitMs > 0) throw new TooManyRequestsError("events", waitMs);
    parts.memory.check();
    const by = operatorOf(request.headers);
    const outcome = await send(parts, { id, to: target, name, payload, by, isAudited: false });
    parts.metrics.notices.inc({ to: target.kind, outcome: labelOf(outcome) });
    const { connected, detached, entry, isDone: done, isRepeated: repeated } = outcome;
    const kept = connected + detached > 0 || entry !== undefined || !done;
    return reply.code(done ? 200 : 202).send({ id, kept, connected, detached, entry, done, repeated });
  });
}

/** Resolves when it was sent to all, or is still being sent after a while. */
async function send(
  { cluster, tracing, onFailure }: NoticeParts,
  request: Parameters<typeof notify>[1],
): Promise<NoticeOutcome> {
  let latest: NoticeOutcome | undefined;
  const sent = notify(clusterWithTrace(tracing.begin(), cluster), request, (outcome) => {
    latest = outcome;
  });
  const patience = new AbortController();
  const late = wait(PATIENCE_MS, undefined, { ref: false, signal: patience.signal }).catch(() => {});
  const first = await Promise.race([sent, late.then(() => latest)]).catch((error: unknown) => {
    throw problemOf(error);
  });
  patience.abort();
  if (first) {
    if (!first.isDone) sent.catch(onFailure); // the sweep goes on
    return first;
  }
  return sent.catch((error: unknown) => {
    throw problemOf(error);
  });
}

function problemOf(error: unknown): unknown {
  if (error instanceof UnusableActionError) return new RequestProblem(400, "validation", error.message);
  if (error instanceof NoticeConflictError) return new RequestProblem(409, "conflict", error.message);
  return error;
}

function targetOf(to: z.output<typeof NoticeBody>["to"]): NoticeTarget {
  if ("user" in to) return { kind: "user", dialect: to.dialect, user: to.user };
  return "room" in to ? { kind: "room", room: to.room } : { kind: "dialect", dialect: to.dialect };
}

function labelOf({ connected, detached, entry, isRepeated }: NoticeOutcome): string {
  if (isRepeated) return "repeated";
  if (connected > 0 || entry !== undefined) return "delivered";
  return detached > 0 ? "kept" : "nobody";
}
