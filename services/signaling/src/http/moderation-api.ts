import { Id } from "@switchyard/protocol";
import { banKinds } from "@switchyard/store";
import { z } from "zod";
import type { ApiRoute } from "./api-route.ts";
import { Ban, Dialect, Effect, Reason } from "./ban-schema.ts";
import { LogEntry } from "./moderation-log.ts";
import { Problem, Timestamp, TooMany } from "./schemas.ts";

export const BanRequestBody = z.object({
  effect: Effect.default("ban"),
  kind: z.enum(banKinds),
  whom: z.string().min(1).max(128).meta({
    description:
      "A user's id; an IPv4 or IPv6 address; or a network such as 203.0.113.0/24. Of an IPv6 address its /64 counts.",
  }),
  dialect: Dialect.optional(),
  seconds: z.int().min(1).max(3_153_600_000).optional().meta({ description: "For how long; missing: for good." }),
  reason: Reason,
});
export const BanParameters = z.object({ id: z.string().max(64) });
export const UnbanQuery = z.object({ reason: Reason.optional().meta({ description: "For the audit log." }) });
export const AuditQuery = z.object({
  cursor: z.string().optional().meta({ description: "`nextCursor` of the page before." }),
});
export const OperatorHeaders = z.object({
  "x-operator": Id.optional().meta({ description: "The operator's name, for the audit log; `api` if it is missing." }),
});

const Bans = z.object({ bans: z.array(Ban), timestamp: Timestamp });
const Audit = z.object({
  entries: z.array(LogEntry),
  nextCursor: z.string().optional().meta({ description: "To be given as `cursor` for the page of those before." }),
});

export const refused = {
  401: { description: "The request bears none of the operators' tokens.", content: Problem },
  429: { description: "Too many requests; `Retry-After` says when to try again.", content: TooMany },
  503: { description: "Not possible right now; try again.", content: Problem },
};
export const readOnly = { 403: { description: "`OBSERVER_TOKEN` changes nothing.", content: Problem } };

/** `/api/admin`: what operators do about users, for the specification. */
export const moderationApi: readonly ApiRoute[] = [
  {
    method: "get",
    path: "/api/admin/bans",
    summary: "The bans in force",
    tag: "moderation",
    bearers: ["admin", "observer"],
    responses: { 200: { description: "All of them, the latest first.", content: Bans }, ...refused },
  },
  {
    method: "post",
    path: "/api/admin/bans",
    summary: "Ban or mute a user, an address or a network, or put it into the shadow pool",
    tag: "moderation",
    bearers: ["admin"],
    headers: OperatorHeaders,
    body: BanRequestBody,
    responses: {
      201: {
        description: "It is in force, in the place of one of the same effect, subject and dialect.",
        content: Ban,
      },
      400: { description: "There can be no such ban.", content: Problem },
      ...readOnly,
      ...refused,
    },
  },
  {
    method: "delete",
    path: "/api/admin/bans/{id}",
    summary: "Lift a ban",
    tag: "moderation",
    bearers: ["admin"],
    parameters: BanParameters,
    query: UnbanQuery,
    headers: OperatorHeaders,
    responses: {
      200: { description: "The ban that was lifted.", content: Ban },
      404: { description: "There is no such ban.", content: Problem },
      ...readOnly,
      ...refused,
    },
  },
  {
    method: "get",
    path: "/api/admin/audit",
    summary: "The audit log, the latest actions first, 100 a page",
    tag: "moderation",
    bearers: ["admin", "observer"],
    query: AuditQuery,
    responses: {
      200: { description: "The entries of the audit log.", content: Audit },
      400: { description: "The cursor is none.", content: Problem },
      ...refused,
    },
  },
];
