import { z } from "zod";

/** The name of an account. Names that differ in the case of their letters only are the same. */
export const Username = z
  .string()
  .min(3)
  .max(32)
  .regex(/^[A-Za-z0-9._-]*$/, "must be letters, digits, '_', '-' and '.'")
  .meta({ description: "3 to 32 letters (A to Z), digits, `_`, `-` or `.`; the case of letters makes no difference." });

export const Password = z.string().min(8).max(128).meta({ description: "8 to 128 characters." });
