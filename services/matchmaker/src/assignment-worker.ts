import { type Context, carryOutAssignment } from "@switchyard/core";
import type { Logger } from "@switchyard/runtime";
import type { Assignment } from "@switchyard/store";
import type { Redis } from "ioredis";
import type { Metrics } from "./metrics.ts";

const MAX_AT_ONCE = 256;
const BLOCK_MS = 1000;
/** After this long an assignment that somebody took is somebody else's: its taker is believed dead. */
const TAKE_OVER_AFTER_MS = 1000;
const TAKE_OVER_EVERY_MS = 300;
const FORGET_AFTER_MS = 60_000;

export interface AssignmentWorkerParts {
  readonly matchmaker: string;
  readonly queue: string;
  readonly context: Context;
  /** A connection that this may block. */
  readonly reader: Redis;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** Carries a queue's assignments out: its own share, and what dead matchmakers left. */
export class AssignmentWorker {
  readonly #parts: AssignmentWorkerParts;
  readonly #running = new Map<string, Promise<void>>();
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;
  #reading: Promise<void> = Promise.resolve();

  constructor(parts: AssignmentWorkerParts) {
    this.#parts = parts;
    for (const outcome of ["paired", "void", "failed"]) {
      parts.metrics.assignments.inc({ queue: parts.queue, outcome }, 0);
    }
  }

  async begin(): Promise<void> {
    const { context, queue } = this.#parts;
    await context.store.assignments.prepare(queue);
    this.#reading = this.#read();
    this.#timer = setInterval(() => void this.#takeOver(), TAKE_OVER_EVERY_MS);
  }

  /** Finishes what it has begun. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    this.#parts.reader.disconnect();
    await this.#reading;
    await Promise.all(this.#running.values());
  }

  async #read(): Promise<void> {
    const { context, queue, reader, matchmaker, logger } = this.#parts;
    while (!this.#stopped) {
      try {
        const room = MAX_AT_ONCE - this.#running.size;
        if (room <= 0) await Promise.race(this.#running.values());
        else
          for (const one of await context.store.assignments.take(reader, queue, matchmaker, room, BLOCK_MS))
            this.#begin(one);
      } catch (error) {
        if (this.#stopped) return;
        logger.warn({ err: error, queue }, "assignments could not be read; it is tried again");
        await new Promise((resume) => setTimeout(resume, 100));
        await context.store.assignments.prepare(queue).catch(() => {}); // Redis may have come back without it
      }
    }
  }

  async #takeOver(): Promise<void> {
    const { context, queue, matchmaker, logger } = this.#parts;
    try {
      const { assignments } = context.store;
      const room = MAX_AT_ONCE - this.#running.size;
      if (room <= 0) return;
      for (const one of await assignments.takeOver(queue, matchmaker, room, TAKE_OVER_AFTER_MS)) this.#begin(one);
      await assignments.forgetSilent(queue, FORGET_AFTER_MS);
    } catch (error) {
      logger.warn({ err: error, queue }, "assignments could not be taken over; it is tried again");
    }
  }

  #begin(assignment: Assignment): void {
    if (this.#running.has(assignment.id)) return;
    const done = this.#carryOut(assignment).finally(() => this.#running.delete(assignment.id));
    this.#running.set(assignment.id, done);
  }

  async #carryOut(assignment: Assignment): Promise<void> {
    const { context, queue, metrics, logger } = this.#parts;
    const from = performance.now();
    try {
      const paired = await carryOutAssignment(context, assignment);
      if (logger.isLevelEnabled("debug")) this.#log(assignment, paired);
      metrics.assignments.inc({ queue, outcome: paired ? "paired" : "void" });
      metrics.settleSeconds.observe({ queue }, (performance.now() - from) / 1000);
    } catch (error) {
      metrics.assignments.inc({ queue, outcome: "failed" });
      logger.warn(
        { err: error, queue, room: assignment.room },
        "an assignment was not carried out; it is taken over later",
      );
    }
  }

  /** One line for each side, since each has the trace of what it asked for. */
  #log({ queue, room, one, two }: Assignment, paired: boolean): void {
    for (const { session, ticket } of [one, two]) {
      const outcome = paired ? "paired" : "void";
      this.#parts.logger.debug({ trace: ticket.trace, session, room, queue, outcome }, "an assignment was carried out");
    }
  }
}
