import type { Half } from "../oracle/half.ts";

/** The phases of a run, in order, which are the same for all workers; the one that hands out sets them. */
export const phases = ["prepare", "run", "stop", "finish", "end"] as const;
export type Phase = (typeof phases)[number];

/** How far a worker is; it waits in all of them but `running` for the others. */
export const partStates = ["ready", "running", "quiet", "settled"] as const;
export type PartState = (typeof partStates)[number];

/** Live numbers of a worker. */
export interface PartFigures {
  readonly elapsedMs: number;
  readonly lengthMs: number;
  readonly connected: number;
  readonly sent: number;
  readonly received: number;
  readonly errors: number;
  readonly violations: number;
}

/** A process's part of a run that several carry out together: it begins when all can, and ends when all have stopped sending. */
export interface Part {
  readonly run: string;
  /** Of the worker, from 1 on. */
  readonly number: number;
  /** Resolves when all workers are. */
  ready(): Promise<void>;
  /** Everything that this worker's users sent has its answer. Resolves when that is so for all workers. */
  quiet(): Promise<void>;
  /** Everything that this worker's users are owed is here, or took too long. Resolves when that is so for all workers. */
  settled(): Promise<void>;
  /** Is called about once a second, and at the end. */
  look(figures: PartFigures, halves: readonly Half[]): void;
  /** @param disturbed numbers of the users that have lost a connection */
  over(disturbed: readonly number[]): void;
}

/** Thrown in a worker whose run is over before its end: the one that handed it out is gone, or gave up. */
export class CancelledError extends Error {
  override readonly name = "CancelledError";

  constructor() {
    super("the run was cancelled");
  }
}
