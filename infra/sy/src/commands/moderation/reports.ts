import type { Report } from "@switchyard/store";
import type { Command } from "../../command.ts";
import { UsageError } from "../../exit-code.ts";
import { table } from "../../table.ts";
import { since } from "../../units.ts";

export const reports: Command = {
  name: "reports",
  operands: [],
  summary: "Reports of users about users that nothing was decided about, the latest first.",
  more:
    "Kept for `REPORT_RETENTION_DAYS`. `sy report` shows one with the messages that belong to it, `sy resolve` says " +
    "what came of it. `whom` is the user who is reported, and the name that it showed.",
  examples: [
    { call: "sy reports", description: "the last 100 that are open" },
    { call: "sy reports --all --limit 20", description: "the last 20, with what was decided" },
  ],
  options: {
    all: { description: "those that were resolved, too" },
    limit: { value: "n", description: "at most so many (default 100)" },
    before: { value: "report", description: "only those before this one, by its id" },
  },
  run: async ({ flags, open }) => {
    const limit = flags.number("limit", 100, 1);
    const { store } = await open();
    const which = flags.has("all") ? "all" : "open";
    const found = await store.reports.list(which, limit, flags.text("before")).catch((error: unknown) => {
      throw error instanceof RangeError ? new UsageError(`--before: ${error.message}`) : error;
    });
    const now = store.clock.now();
    const rows = found.map((report) => [
      report.id,
      since(report.at, now),
      report.room,
      report.category,
      whomOf(report),
      report.reporter.user,
      report.resolution?.verdict ?? "open",
      report.words,
    ]);
    return {
      document: { reports: found },
      text: table(["report", "when", "room", "category", "whom", "by", "verdict", "words"], rows),
    };
  },
};

/** The one who is reported, in a cell. */
export function whomOf({ reported }: Pick<Report, "reported">): string {
  const { user, name } = reported;
  return name === undefined || name === user ? `user ${user}` : `user ${user} (${name})`;
}
