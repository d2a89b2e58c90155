import type { UserId } from "@switchyard/protocol";
import type { Ticket, Trace } from "@switchyard/store";

/** The request of a client that wants to be paired: the content of the opening event. */
export interface PairingRequest {
  readonly user: UserId;
  readonly queue: string;
  readonly interests: readonly string[];
  readonly language: string | undefined;
  readonly region: string | undefined;
  readonly avoid: readonly UserId[];
  /** Of the token of its connection, never of the event. */
  readonly cohort: string | undefined;
}

/** The part of a request that the opening event itself says. */
export type PairingWish = Omit<PairingRequest, "cohort">;

/** The same text for the same wish, to tell whether an opening event asks for something new. */
export function writePairingRequest(request: PairingRequest): string {
  const { user, queue, interests, language, region, avoid, cohort } = request;
  return JSON.stringify({ user, queue, interests, language, region, avoid, cohort });
}

/** Reads what `writePairingRequest` wrote. */
export function readPairingRequest(opening: string): PairingRequest {
  return JSON.parse(opening);
}

/** @param since Unix time in ms */
export function ticketOf(
  request: PairingRequest,
  history: { recent: readonly UserId[]; blocked: readonly UserId[] },
  since: number,
  trace: Trace | undefined,
  network: string | undefined,
): Ticket {
  const { user, interests, language, region, avoid, cohort } = request;
  return { user, since, interests, language, region, avoid, ...history, trace: trace?.id, cohort, network };
}
