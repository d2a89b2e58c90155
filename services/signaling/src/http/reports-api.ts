import { Id } from "@switchyard/protocol";
import { verdicts } from "@switchyard/store";
import { z } from "zod";
import type { ApiRoute } from "./api-route.ts";
import { Reason } from "./ban-schema.ts";
import { OperatorHeaders, readOnly, refused } from "./moderation-api.ts";
import { NotedReport } from "./moderation-log.ts";
import { Problem, Timestamp } from "./schemas.ts";

const Resolution = z.object({
  verdict: z.enum(verdicts),
  reason: Reason,
  by: Id.meta({ description: "The operator's name, or the way in." }),
  at: Timestamp,
});

const Report = NotedReport.extend({
  reported: NotedReport.shape.reported.extend({
    network: z.string().optional().meta({
      description: "Its address when it was met; of an IPv6 address the /64. Missing where that is not known.",
    }),
  }),
  at: Timestamp,
  words: z.string().optional().meta({ description: "Of the reporter." }),
  resolution: Resolution.optional().meta({ description: "Missing: nothing was decided." }),
}).meta({ id: "Report" });

const count = (description: string) => z.int().min(0).meta({ description });

const Message = z
  .object({
    id: z.string(),
    at: Timestamp,
    user: Id,
    session: Id,
    name: z.string().optional().meta({ description: "The name that it showed, if that is not the user's id." }),
    text: z.string(),
  })
  .meta({ id: "Message" });

const ReportFile = Report.extend({
  messages: z
    .array(Message)
    .meta({ description: "The last messages of the room at that time, oldest first; also those removed since." }),
  record: z.object({
    made: count("Reports of this reporter."),
    upheld: count("Those of them that were upheld."),
    dismissed: count("Those of them that were dismissed."),
  }),
}).meta({ id: "ReportFile" });

export const ReportParameters = z.object({ id: z.string().max(64) });
export const ReportsQuery = z.object({
  status: z
    .enum(["open", "all"])
    .default("open")
    .meta({ description: "`open`: those that nothing was decided about." }),
  cursor: z.string().max(64).optional().meta({ description: "`nextCursor` of the page before." }),
});
export const ResolutionBody = z.object({
  verdict: z.enum(verdicts),
  reason: Reason.meta({ description: "For the audit log." }),
});

export const MessageParameters = z.object({ id: z.string().max(64) });
export const RemovalQuery = z.object({
  room: z.string().min(1).max(256).meta({
    description: "As reports name it: `<dialect>:<name>`, the id of a pair, or `chat:all` for the chatroom.",
  }),
  reason: Reason.meta({ description: "For the audit log." }),
});

const Reports = z.object({
  reports: z.array(Report),
  nextCursor: z.string().optional().meta({ description: "To be given as `cursor` for the page of those before." }),
});
const missing = { 404: { description: "There is no such report.", content: Problem } };

/** `/api/admin/reports`: what users say about users, for the specification. */
export const reportsApi: readonly ApiRoute[] = [
  {
    method: "get",
    path: "/api/admin/reports",
    summary: "Reports of users about users, the latest first, 100 a page",
    tag: "moderation",
    bearers: ["admin", "observer"],
    query: ReportsQuery,
    responses: {
      200: { description: "The reports.", content: Reports },
      400: { description: "The cursor is none.", content: Problem },
      ...refused,
    },
  },
  {
    method: "get",
    path: "/api/admin/reports/{id}",
    operation: "getApiAdminReport",
    summary: "A report with the last messages of the room, and its reporter's record",
    tag: "moderation",
    bearers: ["admin", "observer"],
    parameters: ReportParameters,
    responses: { 200: { description: "The report.", content: ReportFile }, ...missing, ...refused },
  },
  {
    method: "post",
    path: "/api/admin/reports/{id}/resolution",
    summary: "Uphold a report, or dismiss it",
    tag: "moderation",
    bearers: ["admin"],
    parameters: ReportParameters,
    headers: OperatorHeaders,
    body: ResolutionBody,
    responses: {
      200: { description: "The report, with the resolution that is in force.", content: Report },
      400: { description: "The reason can't be used.", content: Problem },
      ...missing,
      ...readOnly,
      ...refused,
    },
  },
  {
    method: "delete",
    path: "/api/admin/messages/{id}",
    summary: "Remove a message from a room or the chatroom, for everyone, the history included",
    tag: "moderation",
    bearers: ["admin"],
    parameters: MessageParameters,
    query: RemovalQuery,
    headers: OperatorHeaders,
    responses: {
      200: { description: "The message that was removed.", content: Message },
      400: { description: "The room is missing, or the reason can't be used.", content: Problem },
      404: { description: "The room has no such message.", content: Problem },
      ...readOnly,
      ...refused,
    },
  },
];
