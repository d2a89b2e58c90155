import type { AuditEntry } from "@switchyard/store";
import type { Command } from "../../command.ts";
import { UsageError } from "../../exit-code.ts";
import { table } from "../../table.ts";
import { since } from "../../units.ts";
import { describeBan, lengthOf, scopeOf, whomOf } from "./described-ban.ts";

export const audit: Command = {
  name: "audit",
  operands: [],
  summary: "Actions of operators against users, the latest first.",
  more:
    "Kept for `AUDIT_RETENTION_DAYS`. `by` is the name that the operator gave, or the way in: `sy`, or `api` for " +
    "`/api/admin`. Bans that ended by themselves are not in it.",
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
    const rows = entries.map(({ id, at, action, by, ban, reason }) => [
      id,
      since(at, now),
      by,
      verbOf(action, ban),
      whomOf(ban),
      scopeOf(ban),
      action === "ban" ? lengthOf(ban) : undefined,
      action === "ban" ? ban.reason : reason,
    ]);
    return {
      document: { entries: entries.map(describeEntry) },
      text: table(["entry", "when", "by", "action", "whom", "where", "how long", "reason"], rows),
    };
  },
};

function verbOf(action: AuditEntry["action"], { effect }: AuditEntry["ban"]): string {
  if (effect === "ban") return action;
  return action === "ban" ? effect : `un${effect}`;
}

function describeEntry({ ban, ...entry }: AuditEntry) {
  return { ...entry, ban: describeBan(ban) };
}
