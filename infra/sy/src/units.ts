const steps = [
  { unit: "d", ms: 86_400_000 },
  { unit: "h", ms: 3_600_000 },
  { unit: "min", ms: 60_000 },
  { unit: "s", ms: 1000 },
] as const;

/** A time, in the unit that suits it. */
export function duration(ms: number): string {
  const step = steps.find((one) => Math.abs(ms) >= one.ms);
  if (!step) return `${Math.round(ms)} ms`;
  return `${short(ms / step.ms)} ${step.unit}`;
}

/** How long ago something was, or (in the future) in how long it will be. */
export function since(time: number | undefined, now: number): string | undefined {
  if (time === undefined || time === 0) return undefined;
  return time <= now ? `${duration(now - time)} ago` : `in ${duration(time - now)}`;
}

/** A size, in the unit that suits it. */
export function size(bytes: number): string {
  const power = Math.min(3, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  return `${short(bytes / 1024 ** power)} ${["B", "KiB", "MiB", "GiB"][power]}`;
}

/** Short lists in a cell. */
export function list(items: readonly string[], most = 3): string | undefined {
  if (items.length === 0) return undefined;
  const more = items.length > most ? `, ${items.length - most} more` : "";
  return items.slice(0, most).join(", ") + more;
}

function short(value: number): string {
  return value >= 10 ? String(Math.round(value)) : String(Math.round(value * 10) / 10);
}
