import type { Command } from "@switchyard/dialects";
import { RequestError } from "@switchyard/protocol";

/** Stands for the arguments of an event that is over the limit. */
export const oversized = Symbol("oversized");
/** Stands for the arguments of an event that came with binary. */
export const binary = Symbol("binary");

/** How deep a client's JSON may be nested. A session description is two deep. */
const MAX_DEPTH = 32;

/** Whether a value is JSON of reasonable depth: no binary, and no key that could reach a prototype. */
function isPlainJson(value: unknown, depth = 0): boolean {
  if (typeof value !== "object" || value === null) return typeof value !== "symbol";
  if (depth >= MAX_DEPTH) return false;
  if (Array.isArray(value)) return value.every((item) => isPlainJson(item, depth + 1));
  if (Object.getPrototypeOf(value) !== Object.prototype) return false;
  for (const key in value) {
    if (key === "__proto__" || !isPlainJson(Reflect.get(value, key), depth + 1)) return false;
  }
  return true;
}

export function parse(command: Command, args: readonly unknown[]): readonly unknown[] {
  if (args.includes(oversized)) throw new RequestError("payload_too_large");
  if (!isPlainJson(args)) throw new RequestError("validation", "Only plain JSON, not nested deeply, can be sent.");
  const parsed = command.parameters.safeParse(args);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const at = issue?.path.slice(1).join(".");
  throw new RequestError("validation", at ? `${at}: ${issue?.message}` : (issue?.message ?? "Invalid arguments."));
}
