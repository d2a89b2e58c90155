import { accountActions } from "@switchyard/core";
import { Id, reportCategories } from "@switchyard/protocol";
import type { AuditEntry } from "@switchyard/store";
import { z } from "zod";
import { Ban, describeBan, Reason } from "./ban-schema.ts";
import { Timestamp } from "./schemas.ts";

/** A report without its words and messages. */
export const NotedReport = z
  .object({
    id: z.string(),
    dialect: z.string(),
    room: z.string().meta({ description: "`<dialect>:<name>`, or the id of a pair." }),
    category: z.enum(reportCategories),
    reporter: z.object({ session: Id, user: Id }),
    reported: z.object({
      user: Id,
      session: Id.optional().meta({ description: "Missing where only a message of the user was there." }),
      name: z.string().optional().meta({ description: "The name that it showed, if that is not the user's id." }),
    }),
  })
  .meta({ id: "NotedReport" });

/** A message that was removed, without its text. */
const NotedMessage = z
  .object({
    id: z.string(),
    dialect: z.string(),
    room: z.string(),
    session: Id,
    user: Id,
    name: z.string().optional(),
  })
  .meta({ id: "NotedMessage" });

/** An event of a back end, without its payload. */
const SentNotice = z
  .object({
    id: z.string(),
    to: z.union([
      z.object({ kind: z.literal("user"), dialect: z.string(), user: Id }),
      z.object({ kind: z.literal("room"), room: z.string() }),
      z.object({ kind: z.literal("dialect"), dialect: z.string() }),
    ]),
    name: z.string().meta({ description: "The event's." }),
  })
  .meta({ id: "SentNotice" });

const Action = z.object({
  id: z.string(),
  at: Timestamp,
  by: Id,
  reason: Reason.optional().meta({ description: "Why, if it is not that of the ban." }),
});

/** An entry of the audit log, by what it is about. */
export const LogEntry = z.union([
  Action.extend({ action: z.enum(["ban", "unban"]), ban: Ban }),
  Action.extend({ action: z.enum(["uphold", "dismiss"]), report: NotedReport }),
  Action.extend({ action: z.literal("remove-message"), message: NotedMessage }),
  Action.extend({ action: z.literal("notify"), notice: SentNotice }),
  Action.extend({
    action: z.enum(accountActions),
    account: z.string().meta({ description: "The account's id, no name." }),
  }),
]);

/** An entry as the API returns it. Times in ISO 8601. */
export function describeEntry(entry: AuditEntry) {
  const at = new Date(entry.at).toISOString();
  return "ban" in entry ? { ...entry, at, ban: describeBan(entry.ban) } : { ...entry, at };
}
