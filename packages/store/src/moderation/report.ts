import type { ChatMessage, DialectName, ReportCategory, RoomId, SessionId, UserId } from "@switchyard/protocol";

/** The decisions about a report. */
export const verdicts = ["upheld", "dismissed"] as const;
export type Verdict = (typeof verdicts)[number];

/** The one who made a report. */
interface Reporter {
  readonly session: SessionId;
  /** The user that it stood for; the user of its token, where it has one. */
  readonly user: UserId;
}

/** The one who is reported. */
interface ReportedUser {
  readonly user: UserId;
  /** The session by which it was met; missing where it is known by a message only. */
  readonly session?: SessionId | undefined;
  /** The name that it gave, where that is not the user's id. */
  readonly name?: string | undefined;
  /** Of the address that it was connected from, as bans name networks; missing where that is not known. */
  readonly network?: string | undefined;
}

/** A report as it is made. Nothing of it changes. */
export interface ReportContent {
  /** The same for everything that one session reports of one user in one room. */
  readonly id: string;
  /** Unix time in ms. */
  readonly at: number;
  readonly dialect: DialectName;
  readonly room: RoomId;
  readonly category: ReportCategory;
  /** The reporter's words; missing where there are none. */
  readonly words?: string | undefined;
  readonly reporter: Reporter;
  readonly reported: ReportedUser;
}

/** An operator's decision about a report. */
export interface Resolution {
  readonly verdict: Verdict;
  readonly reason: string;
  /** The operator's name. */
  readonly by: string;
  /** Unix time in ms. */
  readonly at: number;
}

/** A report, and what was decided; `undefined`: it is open. */
export interface Report extends ReportContent {
  readonly resolution: Resolution | undefined;
}

/** The reports that a user has made, as long as they are remembered, and how many of them were upheld and dismissed. */
export interface ReporterRecord {
  readonly made: number;
  readonly upheld: number;
  readonly dismissed: number;
}

/** A report with what is needed to decide. */
export interface ReportFile extends Report {
  /** The last messages of the room at that time, oldest first. */
  readonly messages: readonly ChatMessage[];
  readonly record: ReporterRecord;
}

/** The part of a report that the audit log has: no words, no messages, and no network. */
export type NotedReport = Pick<ReportContent, "id" | "dialect" | "room" | "category" | "reporter"> & {
  readonly reported: Omit<ReportedUser, "network">;
};

export function notedReport({ id, dialect, room, category, reporter, reported }: ReportContent): NotedReport {
  const { user, session, name } = reported;
  return { id, dialect, room, category, reporter, reported: { user, session, name } };
}

export function readReport(content: string, resolution: string | null): Report {
  return {
    ...(JSON.parse(content) as ReportContent),
    resolution: resolution === null ? undefined : (JSON.parse(resolution) as Resolution),
  };
}

export function readReporterRecord(fields: Readonly<Record<string, string>>): ReporterRecord {
  const count = (name: keyof ReporterRecord) => Number(fields[name] ?? 0);
  return { made: count("made"), upheld: count("upheld"), dismissed: count("dismissed") };
}
