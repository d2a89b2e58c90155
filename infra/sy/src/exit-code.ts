/** How `sy` ends, for scripts. */
export const exitCodes = {
  fine: 0,
  /** Something is wrong, or what was named isn't there, or could not be done. */
  problem: 1,
  /** It was called in a way that it doesn't understand, or its settings can't be used. */
  usage: 2,
  /** Redis can't be reached, or can't be used. */
  redis: 3,
} as const;

/** The same in words. */
export const exitMeanings: readonly { readonly code: ExitCode; readonly says: string }[] = [
  { code: exitCodes.fine, says: "fine" },
  { code: exitCodes.problem, says: "something is wrong, or is not there, or could not be done" },
  { code: exitCodes.usage, says: "a wrong call, or settings that can't be used" },
  { code: exitCodes.redis, says: "no Redis" },
];

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** Thrown for a call that can't be understood; `message` says why. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Thrown when what was named isn't there, or can't be done; `message` says why. */
export class OperatorError extends Error {
  override readonly name = "OperatorError";
}
