import { type Ban, readBan } from "./ban.ts";
import type { NotedNotice } from "./notices.ts";
import type { NotedMessage } from "./removals.ts";
import type { NotedReport } from "./report.ts";

/** The part that every entry of the audit log has. */
interface Action {
  /** Its place in the log, by which the entries before it are asked for. */
  readonly id: string;
  /** Unix time in ms. */
  readonly at: number;
  /** The operator's name. */
  readonly by: string;
  /** Why it was done, if a reason was given apart from that of a ban. */
  readonly reason?: string;
}

interface BanAction {
  readonly action: "ban" | "unban";
  /** The ban as it was put in force, or lifted. */
  readonly ban: Ban;
}

interface ReportAction {
  readonly action: "uphold" | "dismiss";
  readonly report: NotedReport;
}

interface MessageAction {
  readonly action: "remove-message";
  readonly message: NotedMessage;
}

interface NoticeAction {
  readonly action: "notify";
  readonly notice: NotedNotice;
}

interface AccountAction {
  /** The action on the account. */
  readonly action: `account-${string}`;
  /** The account's id; it is no name. */
  readonly account: string;
}

/** An action of an operator, as the audit log has it. */
export type AuditEntry = Action & (BanAction | ReportAction | MessageAction | NoticeAction | AccountAction);

/** Reads an entry of the audit log. */
export function readAuditEntry([id, list]: readonly [string, readonly string[]]): AuditEntry {
  const fields = new Map(list.flatMap((item, i) => (i % 2 === 0 ? [[item, list[i + 1] ?? ""] as const] : [])));
  const field = (name: string) => fields.get(name) ?? "";
  const at = Number(id.slice(0, id.indexOf("-")));
  const reason = field("reason");
  const head = reason === "" ? { id, at, by: field("by") } : { id, at, by: field("by"), reason };
  const action = field("action");
  if (action === "uphold" || action === "dismiss") {
    return { ...head, action, report: JSON.parse(field("report")) as NotedReport };
  }
  if (action === "remove-message") return { ...head, action, message: JSON.parse(field("message")) as NotedMessage };
  if (action === "notify") return { ...head, action, notice: JSON.parse(field("notice")) as NotedNotice };
  if (isOfAccount(action)) return { ...head, action, account: field("account") };
  return { ...head, action: action === "unban" ? "unban" : "ban", ban: readBan(field("ban")) };
}

function isOfAccount(action: string): action is AccountAction["action"] {
  return action.startsWith("account-");
}
