const LEVELS: Readonly<Record<number, string>> = {
  10: "trace",
  20: "debug",
  30: "info",
  40: "warn",
  50: "error",
  60: "fatal",
};
const ALREADY_SHOWN = new Set(["level", "time", "msg", "service", "node", "name"]);

/** A service's JSON log line as a person reads it; any other line as it is. */
export function readable(line: string): string {
  const record = parse(line);
  if (record === undefined) return line;
  const level = LEVELS[Number(record["level"])];
  const message = record["msg"];
  if (level === undefined) return line;
  const time = clock(record["time"]);
  const fields = Object.entries(record)
    .filter(([name]) => !ALREADY_SHOWN.has(name))
    .map(([name, value]) => `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`);
  return [time, level.padEnd(5), typeof message === "string" ? message : "", ...fields].filter(Boolean).join(" ");
}

function parse(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function clock(time: unknown): string {
  const at = new Date(typeof time === "number" || typeof time === "string" ? time : Number.NaN);
  return Number.isNaN(at.getTime()) ? "" : at.toTimeString().slice(0, 8);
}
