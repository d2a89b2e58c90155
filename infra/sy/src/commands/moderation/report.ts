import { resolveReport, UnusableActionError } from "@switchyard/core";
import type { Report, ReportFile, Verdict } from "@switchyard/store";
import type { Command } from "../../command.ts";
import { OperatorError, UsageError } from "../../exit-code.ts";
import { facts, sections, table } from "../../table.ts";
import { since } from "../../units.ts";
import { byOption, NAMELESS } from "./described-ban.ts";
import { whomOf } from "./reports.ts";

export const report: Command = {
  name: "report",
  operands: ["<id>"],
  summary: "One report, with the last messages of the room and its reporter's record.",
  more:
    "The messages are those of the time of the report, also where they are gone from the room since. `sy " +
    "message rm` removes one by its id. Ends with 1 where there is no such report.",
  examples: [{ call: "sy report 5d41402abc4b2a76b9719d91", description: "by the id that sy reports prints" }],
  options: {},
  run: async ({ operands: [id = ""], open }) => {
    const { store } = await open();
    const found = await store.reports.find(id);
    if (!found) throw missing(id);
    return { document: found, text: describe(found, store.clock.now()) };
  },
};

/** The words of an operator, and what they mean. */
const decisions: Readonly<Record<"uphold" | "dismiss", Verdict>> = { uphold: "upheld", dismiss: "dismissed" };

export const resolve: Command = {
  name: "resolve",
  operands: ["<id>", "<decision>"],
  changes: () => true,
  summary: "Resolves a report: `uphold` it, or `dismiss` it. It is no longer open, and its reporter's record says so.",
  more:
    "It bans nobody: `sy ban` does. The same decision again changes nothing, the other one takes its place. Ends with 1 " +
    "where there is no such report.",
  examples: [
    {
      call: 'sy resolve 5d41402abc4b2a76b9719d91 uphold --reason "Insults" --by max',
      description: "it is as the reporter says",
    },
    { call: 'sy resolve 5d41402abc4b2a76b9719d91 dismiss --reason "Quarrel"', description: "it is not" },
  ],
  options: { reason: { value: "text", description: "why, for the audit log; needed" }, by: byOption },
  run: async ({ operands: [id = "", decision = ""], flags, open }) => {
    if (decision !== "uphold" && decision !== "dismiss")
      throw new UsageError("the second argument must be uphold or dismiss");
    const request = { verdict: decisions[decision], reason: flags.need("reason"), by: flags.text("by") ?? NAMELESS };
    const { cluster } = await open();
    const resolved = await resolveReport(cluster, id, request).catch((error: unknown) => {
      throw error instanceof UnusableActionError ? new UsageError(error.message) : error;
    });
    if (!resolved) throw missing(id);
    return { document: resolved, text: `the report of ${whomOf(resolved)} is ${verdictOf(resolved)}` };
  },
};

function missing(id: string): OperatorError {
  return new OperatorError(`there is no report ${id}`);
}

function verdictOf({ resolution }: Report): string {
  return resolution ? `${resolution.verdict} by ${resolution.by}: ${resolution.reason}` : "open";
}

function describe(found: ReportFile, now: number): string {
  const { at, room, dialect, category, words, reporter, reported, record, messages } = found;
  const { made, upheld, dismissed } = record;
  const about = facts([
    ["when", since(at, now)],
    ["room", `${room} (${dialect})`],
    ["whom", whomOf(found)],
    ["its session", reported.session],
    ["its network", reported.network],
    ["category", category],
    ["words", words],
    ["by", `user ${reporter.user}: ${made} reports, ${upheld} upheld, ${dismissed} dismissed`],
    ["verdict", verdictOf(found)],
  ]);
  const rows = messages.map(({ id, at: sent, user, name, text }) => [id, since(sent, now), name ?? user, text]);
  return sections([
    ["REPORT", about],
    ["MESSAGES", table(["message", "when", "from", "text"], rows)],
  ]);
}
