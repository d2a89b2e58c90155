import { countNames } from "../measure/counts.ts";
import { latencyKinds } from "../measure/latencies.ts";
import { readThreshold, type Threshold } from "../scenario/threshold.ts";
import type { LoadReport } from "./document.ts";
import { redisCommandsPerMessage, usageOf } from "./usage.ts";
import type { JudgedThreshold } from "./verdict.ts";

/** A figure of two reports. */
interface ComparedFigure {
  readonly name: string;
  /** `null` where it was not measured. */
  readonly before: number | null;
  readonly after: number | null;
  /** `after` as a multiple of `before`. */
  readonly ratio: number | null;
}

interface ComparedThreshold extends ComparedFigure {
  /** Whether it is worse by more than was tolerated, or no longer holds. */
  readonly isWorse: boolean;
}

export interface Comparison {
  readonly figures: readonly ComparedFigure[];
  readonly thresholds: readonly ComparedThreshold[];
}

/**
 * Two reports beside each other.
 * @param tolerance 0.1: a threshold's value may be worse by a tenth
 */
export function compareReports(before: LoadReport, after: LoadReport, tolerance: number): Comparison {
  const [old, fresh] = [figuresOf(before), figuresOf(after)];
  const names = [...new Set([...old.keys(), ...fresh.keys()])];
  return {
    figures: names.map((name) => compared(name, old.get(name) ?? null, fresh.get(name) ?? null)),
    thresholds: after.thresholds.flatMap((judged) => {
      const former = before.thresholds.find(({ threshold }) => threshold === judged.threshold);
      return former ? [comparedThreshold(former, judged, tolerance)] : [];
    }),
  };
}

function comparedThreshold(former: JudgedThreshold, judged: JudgedThreshold, tolerance: number): ComparedThreshold {
  const threshold = readThreshold(judged.threshold);
  const hasGone = former.holds && !judged.holds;
  const isWorse = hasGone || (threshold !== undefined && isWorseBy(threshold, former.value, judged.value, tolerance));
  return { ...compared(judged.threshold, former.value, judged.value), isWorse };
}

function isWorseBy(threshold: Threshold, before: number | null, after: number | null, tolerance: number): boolean {
  if (before === null) return false;
  if (after === null) return true;
  const { comparison, bound } = threshold;
  if (comparison.startsWith("<")) return after > before * (1 + tolerance);
  if (comparison.startsWith(">")) return after < before * (1 - tolerance);
  return Math.abs(after - bound) > Math.abs(before - bound) * (1 + tolerance);
}

function compared(name: string, before: number | null, after: number | null): ComparedFigure {
  const ratio = before === null || after === null || before === 0 ? null : after / before;
  return { name, before, after, ratio };
}

/** Figures by name, as far as they were measured. */
function figuresOf(report: LoadReport): Map<string, number> {
  const { counts, latencies, elapsedMs, servers, errors, violations } = report;
  const figures = new Map<string, number>();
  for (const kind of latencyKinds) {
    if (latencies[kind].count === 0) continue;
    for (const statistic of ["p50", "p90", "p99", "max"] as const) {
      figures.set(`${statistic} ${kind} in ms`, latencies[kind][statistic]);
    }
  }
  for (const name of countNames) figures.set(name, counts[name]);
  figures.set("errors", sumOf(Object.values(errors)));
  figures.set("violations", sumOf(Object.values(violations)));
  const seconds = elapsedMs / 1000;
  if (seconds > 0) figures.set("received a second", counts.received / seconds);
  const usages = servers.map(usageOf);
  for (const service of ["signaling", "matchmaker", "load"]) {
    const own = usages.filter((usage) => usage.service === service);
    if (own.length === 0) continue;
    const name = service === "load" ? "the load tester" : `all of ${service}`;
    const cpuSeconds = sumOf(own.map((usage) => usage.cpuSeconds));
    figures.set(`CPU seconds of ${name}`, cpuSeconds);
    figures.set(`most memory of ${name} in MB`, sumOf(own.map((usage) => usage.mostMemoryBytes)) / 1_000_000);
    figures.set(`longest event-loop lag of ${name} in ms`, Math.max(...own.map((usage) => usage.longestLagMs)));
    if (service === "signaling" && cpuSeconds > 0) {
      figures.set("received for each CPU second of signaling", counts.received / cpuSeconds);
    }
  }
  const commands = redisCommandsPerMessage(report);
  if (commands !== undefined) figures.set("Redis commands for each message", commands);
  return figures;
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, one) => sum + one, 0);
}
