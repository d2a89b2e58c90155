import { z } from "zod";

/** One secret. */
export const secret = z.string().optional();

/** Several secrets, one a line, since a secret may hold anything else; spaces around them don't count. */
export const secretList = z
  .string()
  .transform((text) => text.split("\n").flatMap((line) => line.trim() || []))
  .optional();

/**
 * A setting that is a whole number in a range, both ends included. Any other value is refused with one sentence that
 * names the range.
 */
export function wholeNumber(least: number, most = Number.MAX_SAFE_INTEGER) {
  const wanted = `must be a whole number from ${least}${most < Number.MAX_SAFE_INTEGER ? ` to ${most}` : ""}`;
  return z.coerce.number(wanted).int(wanted).min(least, wanted).max(most, wanted);
}

/** A setting that is a share of something, from 0.1 to 1. */
export function ratio() {
  const wanted = "must be a number from 0.1 to 1";
  return z.coerce.number(wanted).min(0.1, wanted).max(1, wanted);
}
