import { setTimeout as wait } from "node:timers/promises";
import type { Half } from "../oracle/half.ts";
import { JoinedHalves } from "../oracle/joined-halves.ts";
import { Violations } from "../oracle/violation.ts";
import type { LoadReport } from "../report/document.ts";
import { mergedReport } from "../report/merge.ts";
import { UnreachableError } from "../run/load.ts";
import type { Scenario } from "../scenario/schema.ts";
import { type PartState, type Phase, partStates } from "./part.ts";
import { partOf, type Slice, type SliceState } from "./slice.ts";
import { WorkersProgress } from "./workers-progress.ts";

const LINE_EVERY_MS = 1000;
/** For all workers to take their slices and to reach the targets. */
const READY_WITHIN_MS = 60_000;

/** The workers of a run: child processes, or those that a queue has. */
export interface WorkerPool {
  readonly lookEveryMs: number;
  /** In the order of their numbers. */
  states(): Promise<readonly SliceState[]>;
  announce(phase: Phase): Promise<void>;
  /** Those that workers have delivered since the last call. */
  takeHalves(): Promise<readonly Half[]>;
  /** Ends them, or lets go of them; nothing of the run is left behind. */
  close(): Promise<void>;
}

/** Thrown where the workers of a run can't carry it out; `message` says why. */
export class WorkersError extends Error {
  override readonly name = "WorkersError";
}

interface HandOutOptions {
  readonly progress?: (line: string) => void;
  /** Ends the run early, with the report so far. */
  readonly signal?: AbortSignal;
  readonly readyWithinMs?: number;
}

/**
 * Leads the workers of a run through its phases, and adds up what they have found.
 * @throws UnreachableError where a worker can't reach a target; WorkersError
 */
export async function handOut(
  scenario: Scenario,
  slices: readonly Slice[],
  pool: WorkerPool,
  { progress, signal, readyWithinMs = READY_WITHIN_MS }: HandOutOptions = {},
): Promise<LoadReport> {
  const violations = new Violations();
  const halves = new JoinedHalves(violations, scenario.patience);
  const lines = new WorkersProgress();
  try {
    let phase: Phase = "prepare";
    let states = await pool.states();
    const begunAt = performance.now();
    let lineAt = begunAt;
    for (; !states.every(isOver); states = await pool.states()) {
      for (const half of await pool.takeHalves()) halves.add(half);
      if (phase === "prepare") insist(states, performance.now() - begunAt > readyWithinMs, signal);
      phase = nextPhase(phase, states, signal?.aborted === true);
      await pool.announce(phase);
      if (performance.now() - lineAt >= LINE_EVERY_MS) {
        lineAt += LINE_EVERY_MS;
        progress?.(lines.line(states));
      }
      await wait(pool.lookEveryMs);
    }
    insist(states, false, undefined);
    for (const half of await pool.takeHalves()) halves.add(half);
    halves.settle(states.flatMap((state, index) => usersOf(state, slices[index])));
    const parts = states.map((state, index) => partFrom(scenario, state, slices[index]));
    return mergedReport(scenario, parts, violations);
  } finally {
    await pool.close();
  }
}

function isOver({ kind }: SliceState): boolean {
  return kind === "done" || kind === "lost";
}

/** @throws UnreachableError, WorkersError */
function insist(states: readonly SliceState[], isLate: boolean, signal: AbortSignal | undefined): void {
  const unreachable = states.flatMap((state) =>
    state.kind === "done" && "unreachable" in state.result ? state.result.unreachable : [],
  );
  if (unreachable.length > 0) throw new UnreachableError([...new Set(unreachable)].join("; "));
  const lost = states.flatMap((state) => (state.kind === "lost" ? state.reason : []));
  if (lost.length === states.length || (signal && lost.length > 0))
    throw new WorkersError(`a worker is lost: ${lost[0]}`);
  if (signal?.aborted) throw new WorkersError("it was interrupted before all workers were ready");
  if (!isLate) return;
  const ready = states.filter(({ kind }) => kind === "working").length;
  throw new WorkersError(`${ready} of ${states.length} workers came in time`);
}

/** A worker that is lost holds nobody up. */
function nextPhase(phase: Phase, states: readonly SliceState[], isInterrupted: boolean): Phase {
  const areAll = (least: PartState) =>
    states.every(
      (state) =>
        isOver(state) ||
        (state.kind === "working" && partStates.indexOf(state.progress.state) >= partStates.indexOf(least)),
    );
  if (phase === "prepare") return areAll("ready") ? "run" : phase;
  if (phase === "run" && isInterrupted) return "stop";
  if (phase === "run" || phase === "stop") return areAll("quiet") ? "finish" : phase;
  return phase === "finish" && areAll("settled") ? "end" : phase;
}

function usersOf(state: SliceState, slice: Slice | undefined) {
  if (state.kind !== "done" || !("report" in state.result) || !slice) return [];
  const prefix = `load-${slice.run}.${slice.number}-`;
  const disturbed = new Set(state.result.disturbed.map((index) => `${prefix}${index}`));
  return [{ has: (name: string) => name.startsWith(prefix), isUndisturbed: (name: string) => !disturbed.has(name) }];
}

function partFrom(scenario: Scenario, state: SliceState, slice: Slice | undefined) {
  const { number = 1, of = 1 } = slice ?? {};
  const { arrival } = partOf(scenario, { number, of });
  const report = state.kind === "done" && "report" in state.result ? state.result.report : undefined;
  const users = report?.counts.users ?? ("users" in arrival ? arrival.users : 0);
  return { worker: number, users, report, lost: state.kind === "lost" ? state.reason : undefined };
}
