import { z } from "zod";

/** A setting that is a whole number in a range, both ends included; whatever is not is told so in one sentence with the range. */
export function wholeNumber(least: number, most = Number.MAX_SAFE_INTEGER) {
  const wanted = `must be a whole number from ${least}${most < Number.MAX_SAFE_INTEGER ? ` to ${most}` : ""}`;
  return z.coerce.number(wanted).int(wanted).min(least, wanted).max(most, wanted);
}
