import type { AuditEntry, Ban, NotedNotice } from "@switchyard/store";
import type { Command } from "../../command.ts";
import { UsageError } from "../../exit-code.ts";
import { type Cell, table } from "../../table.ts";
import { since } from "../../units.ts";
import { describeBan, lengthOf, scopeOf, whomOf } from "./described-ban.ts";
import { whomOf as whomOfReport } from "./reports.ts";

export const audit: Command = {
  name: "audit",
  operands: [],
  summary: "Actions of operators, the latest first.",
  more:
    "Kept for `AUDIT_RETENTION_DAYS`. `by` is the name that the operator gave, or the way in: `sy`, or `api` for " +
    "`/api/admin`. Bans that ended by themselves are not in it. An account is there by its id, which `sy account show` " +
    "prints: so the log names nobody whose account is removed.",
  examples: [
    { call: "sy audit", description: "the last 100 actions" },
    { call: "sy audit --before 1793276400000-0 --limit 20", description: "the twenty before that entry" },
  ],
  options: {
    limit: { value: "n", description: "at most so many (default 100)" },
    before: { value: "entry", description: "only those before this entry, by its id" },
  },
  run: async ({ flags, open }) => {
    const { store } = await open();
    const limit = flags.number("limit", 100, 1);
    const entries = await store.moderation.audit(limit, flags.text("before")).catch((error: unknown) => {
      throw error instanceof RangeError ? new UsageError(`--before: ${error.message}`) : error;
    });
    const now = store.clock.now();
    const rows = entries.map((entry) => [entry.id, since(entry.at, now), entry.by, ...cellsOf(entry)]);
    return {
      document: { entries: entries.map(describeEntry) },
      text: table(["entry", "when", "by", "action", "whom", "where", "how long, or of what", "reason"], rows),
    };
  },
};

/** The action, its subject, the dialect, the length of a ban or the report, and the reason. */
function cellsOf(entry: AuditEntry): Cell[] {
  if ("report" in entry) {
    const { action, report, reason } = entry;
    return [action, whomOfReport(report), report.dialect, `report ${report.id}`, reason];
  }
  if ("message" in entry) {
    const { action, message, reason } = entry;
    return [action, `user ${message.user}`, message.dialect, `message ${message.id}`, reason];
  }
  if ("account" in entry) {
    const { action, account, reason } = entry;
    return [action, `account ${account}`, undefined, undefined, reason];
  }
  if ("notice" in entry) return [entry.action, whomOfNotice(entry.notice), undefined, entry.notice.name, undefined];
  const { action, ban, reason } = entry;
  const isPut = action === "ban";
  return [
    verbOf(action, ban),
    whomOf(ban),
    scopeOf(ban),
    isPut ? lengthOf(ban) : undefined,
    isPut ? ban.reason : reason,
  ];
}

function whomOfNotice({ to }: NotedNotice): string {
  if (to.kind === "room") return `room ${to.room}`;
  return to.kind === "user" ? `user ${to.user} of ${to.dialect}` : `everyone in ${to.dialect}`;
}

function verbOf(action: "ban" | "unban", { effect }: Ban): string {
  if (effect === "ban") return action;
  return action === "ban" ? effect : `un${effect}`;
}

function describeEntry(entry: AuditEntry) {
  return "ban" in entry ? { ...entry, ban: describeBan(entry.ban) } : entry;
}
