import type { z } from "zod";
import { RequestProblem } from "./problem.ts";

/**
 * Reads what a client sent.
 * @throws RequestProblem 400 `validation`, naming the first thing that is wrong
 */
export function read<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const at = issue?.path.join(".");
  const wrong = issue?.message ?? "Invalid input";
  throw new RequestProblem(400, "validation", at ? `${at}: ${wrong}.` : `${wrong}.`);
}
