/** What became of a client's wish to go on with its session; all but the first say why it could not. */
export const resumeOutcomes = [
  "resumed",
  /** It has ended, or never was. */
  "unknown",
  "wrong_secret",
  /** More was missed than is kept. */
  "gap",
  /** What the client shows can't be read. */
  "malformed",
  /** The client itself has said goodbye, or is being disconnected for good. */
  "leaving",
  "unauthorized",
  "token_expired",
  /** The client was gone again before it was told. */
  "closed",
  /** Redis, or who has the keys to check tokens with, did not answer. */
  "failed",
] as const;

export type ResumeOutcome = (typeof resumeOutcomes)[number];
