import { z } from "zod";

/** One secret. */
export const secret = z.string().optional();

/** Several secrets, one a line, since a secret may hold anything else; spaces around them don't count. */
export const secretList = z
  .string()
  .transform((text) => text.split("\n").flatMap((line) => line.trim() || []))
  .optional();
