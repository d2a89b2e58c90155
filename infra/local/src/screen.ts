import { pino } from "pino";

const NAME_WIDTH = 13;
const ALREADY_SHOWN = new Set(["service", "node", "name"]);

/** Writes one line of a part, or of the launcher itself. */
export type Print = (name: string, text: string) => void;

export const print: Print = (name, text) => printPlainly(`${name.padEnd(NAME_WIDTH)} ${text}`);

/** Writes a line as it is. */
export function printPlainly(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** A reader that has gone (`npm start | head`) must not end the cluster. */
export function ignoreClosedScreen(): void {
  process.stdout.on("error", () => {});
  process.stderr.on("error", () => {});
}

/** A service's JSON log line as a person reads it; any other line as it is. */
export function readable(line: string): string {
  const { level, time, msg, ...record } = parse(line);
  const name = pino.levels.labels[Number(level)];
  if (name === undefined) return line;
  const clock = typeof time === "number" ? new Date(time).toTimeString().slice(0, 8) : "";
  const fields = Object.entries(record)
    .filter(([field]) => !ALREADY_SHOWN.has(field))
    .map(([field, value]) => `${field}=${typeof value === "string" ? value : JSON.stringify(value)}`);
  return [clock, name.padEnd(5), String(msg ?? ""), ...fields].filter(Boolean).join(" ");
}

function parse(line: string): Record<string, unknown> {
  try {
    return line.startsWith("{") ? JSON.parse(line) : {};
  } catch {
    return {};
  }
}
