import { type Logger, pino } from "pino";

export type { Logger };

/**
 * The process's logger: JSON lines, or readable ones on a terminal. Field names that could hold a secret are never written.
 * @param fields written with every line: `{ service, node }`
 */
export function createLogger(level: string, fields: Readonly<Record<string, string>>): Logger {
  return pino({
    level,
    base: fields,
    redact: { paths: ["*.token", "*.password", "*.auth", "*.pid", "*.authorization", "*.cookie"], censor: "hidden" },
    ...(process.stdout.isTTY
      ? { transport: { target: "pino-pretty", options: { ignore: "pid,hostname,service" } } }
      : {}),
  });
}
