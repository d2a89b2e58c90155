import { randomBytes } from "node:crypto";
import { hostname } from "node:os";

/**
 * An id for this process that no other process ever had, its own restarts included: so what a dead process held
 * can't be taken for what its successor holds.
 */
export function processId(name: string | undefined): string {
  return `${name ?? hostname()}-${randomBytes(4).toString("hex")}`;
}
