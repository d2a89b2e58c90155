import { Id } from "@switchyard/protocol";
import type { Report, Verdict } from "@switchyard/store";
import type { Cluster } from "../context.ts";
import { isText, MAX_REASON_LENGTH } from "./banning.ts";

/** How many reports that are over are removed in one step. */
const BATCH = 500;

/** A decision about a report, as an operator makes it. */
export interface ResolutionRequest {
  readonly verdict: Verdict;
  readonly reason: string;
  /** The operator's name. */
  readonly by: string;
}

/** An action that can't be done as it was asked for; `message` says why, in a sentence. */
export class UnusableActionError extends Error {
  override readonly name = "UnusableActionError";
}

/** @throws UnusableActionError for a reason, or an operator's name, that the audit log does not take */
export function checkReason(reason: string, by: string): void {
  if (!isText(reason, MAX_REASON_LENGTH)) {
    throw new UnusableActionError(
      `The reason must be 1 to ${MAX_REASON_LENGTH} characters, without control characters.`,
    );
  }
  if (!Id.safeParse(by).success) throw new UnusableActionError("The operator's name can't be used.");
}

/**
 * Resolves a report. It only says what operators think of it: a ban is a step of its own. The same verdict again leaves the first
 * operator's reason; another verdict takes its place.
 * @returns the report; `undefined` if there is none with that id
 * @throws UnusableActionError
 */
export async function resolveReport(
  { store }: Cluster,
  id: string,
  { verdict, reason, by }: ResolutionRequest,
): Promise<Report | undefined> {
  checkReason(reason, by);
  const report = await store.reports.find(id);
  if (!report) return undefined;
  const { messages: _, record: __, ...content } = report;
  const resolution = await store.reports.resolve(content, { verdict, reason, by, at: Math.floor(store.clock.now()) });
  return resolution && { ...content, resolution };
}

/**
 * Once a second, by the sweep: removes reports that are older than they are to be kept.
 * @returns how many
 */
export async function sweepReports({ store }: Cluster, retentionMs: number): Promise<number> {
  return store.reports.expire(retentionMs, BATCH);
}
