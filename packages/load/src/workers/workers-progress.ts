import type { PartFigures } from "./part.ts";
import type { SliceState } from "./slice.ts";

const nothing: PartFigures = {
  elapsedMs: 0,
  lengthMs: 0,
  connected: 0,
  sent: 0,
  received: 0,
  errors: 0,
  violations: 0,
};

/** Live rates of all workers together: what happened since the last line. */
export class WorkersProgress {
  #before = nothing;

  line(states: readonly SliceState[]): string {
    const figures = states.flatMap((state) => (state.kind === "working" ? (state.progress.figures ?? []) : []));
    const now = figures.reduce(added, nothing);
    const seconds = Math.max(1, (now.elapsedMs - this.#before.elapsedMs) / 1000);
    const rate = (name: "sent" | "received") => Math.round(Math.max(0, now[name] - this.#before[name]) / seconds);
    const of = (kind: SliceState["kind"]) => states.filter((state) => state.kind === kind).length;
    const waiting = of("waiting");
    const lost = of("lost");
    const line = [
      `${Math.round(now.elapsedMs / 1000)} of ${Math.round(now.lengthMs / 1000)} s`,
      `${states.length - waiting - lost} of ${states.length} workers${lost > 0 ? ` (${lost} lost)` : ""}`,
      `${now.connected} connected`,
      `${rate("sent")} sent/s`,
      `${rate("received")} received/s`,
      `${now.errors} errors`,
      `${now.violations} violations`,
    ].join(", ");
    this.#before = now;
    return line;
  }
}

/** Workers run beside each other: their times are the same, all else adds up. */
function added(one: PartFigures, other: PartFigures): PartFigures {
  return {
    elapsedMs: Math.max(one.elapsedMs, other.elapsedMs),
    lengthMs: Math.max(one.lengthMs, other.lengthMs),
    connected: one.connected + other.connected,
    sent: one.sent + other.sent,
    received: one.received + other.received,
    errors: one.errors + other.errors,
    violations: one.violations + other.violations,
  };
}
