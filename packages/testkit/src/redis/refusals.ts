import { mastersOf } from "@switchyard/store";
import type { Redis } from "ioredis";

/**
 * Makes sure that Redis refused nobody anything: each service has the rights that it needs.
 * @throws Error naming what was refused to whom
 */
export async function expectNothingRefused(redis: Redis): Promise<void> {
  const logs = await Promise.all(mastersOf(redis).map((server) => server.call("ACL", "LOG") as Promise<unknown[]>));
  const log = logs.flat();
  if (log.length === 0) return;
  const refusals = log.map(fieldsOf).map(({ username, reason, object, context }) => {
    return `${username}: ${reason} ${object} (${context})`;
  });
  throw new Error(`Redis refused what a service needs:\n${refusals.join("\n")}`);
}

/** An entry, as RESP 2 (flat list) and RESP 3 (map) send it. */
function fieldsOf(entry: unknown): Record<string, unknown> {
  if (!Array.isArray(entry)) return entry as Record<string, unknown>;
  return Object.fromEntries(entry.flatMap((name, i) => (i % 2 === 0 ? [[String(name), entry[i + 1]]] : [])));
}
