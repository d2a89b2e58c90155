import { announceWait, type Cluster, type Context, carryOutAssignment, sweep } from "@switchyard/core";
import type { RoomId } from "@switchyard/protocol";
import type { Assignment, QueuedTicket } from "@switchyard/store";
import type { TestStore } from "@switchyard/testkit";
import { ConnectionLost } from "./interleaver.ts";

export interface ModelMatchmakerParts {
  readonly id: string;
  readonly cluster: Cluster;
  readonly context: Context;
  readonly reader: TestStore["redis"];
  readonly newRoom: () => RoomId;
  readonly start: (what: string, flow: () => Promise<void>) => void;
}

/** A matchmaker that pairs whomever it is told to, however unwise: what makes a pairing right are the scripts. */
export class ModelMatchmaker {
  readonly id: string;
  readonly #parts: ModelMatchmakerParts;
  readonly #running = new Set<string>();

  constructor(parts: ModelMatchmakerParts) {
    this.id = parts.id;
    this.#parts = parts;
  }

  /**
   * Pairs two who wait.
   * @param wisely only if they may meet
   */
  async commit(queue: string, choice: number, wisely = false): Promise<boolean> {
    const { queues } = this.#parts.context.store;
    const { tickets } = await queues.load(queue);
    const pairs = pairsOf(tickets).filter(([{ ticket: a }, { ticket: b }]) => !wisely || a.cohort === b.cohort);
    const pair = pairs[choice % Math.max(1, pairs.length)];
    if (!pair) return false;
    return queues.commit(queue, pair[0], pair[1], this.#parts.newRoom());
  }

  /** Announces to one who waits, or to all, that there is nobody for it, whether or not that is so. */
  async announce(queue: string, choice?: number): Promise<void> {
    const { context } = this.#parts;
    const { tickets } = await context.store.queues.load(queue);
    const chosen = choice === undefined ? tickets : tickets.slice(choice % Math.max(1, tickets.length)).slice(0, 1);
    for (const queued of chosen) await announceWait(context, queue, queued);
  }

  /** Carries new assignments out. */
  async take(queue: string): Promise<void> {
    const { assignments } = this.#parts.context.store;
    if ((await assignments.open(queue)) === 0) return; // it would wait
    this.#settleAll(await assignments.take(this.#parts.reader, queue, this.id, 10, 1));
  }

  /** Carries out what others, or itself, began. */
  async takeOver(queue: string): Promise<void> {
    const { assignments } = this.#parts.context.store;
    this.#settleAll(await assignments.takeOver(queue, this.id, 10, 0));
  }

  async sweep(): Promise<void> {
    await sweep(this.#parts.cluster);
  }

  #settleAll(assignments: readonly Assignment[]): void {
    for (const assignment of assignments) {
      if (this.#running.has(assignment.id)) continue;
      this.#running.add(assignment.id);
      this.#parts.start(`settle ${assignment.room}`, () => this.#settle(assignment));
    }
  }

  async #settle(assignment: Assignment): Promise<void> {
    const { one, two, room } = assignment;
    if (one.ticket.cohort !== two.ticket.cohort) throw new Error(`${room} is a pair across cohorts`);
    try {
      await carryOutAssignment(this.#parts.context, assignment);
    } catch (error) {
      if (!(error instanceof ConnectionLost)) throw error; // it is taken over later
    } finally {
      this.#running.delete(assignment.id);
    }
  }
}

function pairsOf(tickets: readonly QueuedTicket[]): (readonly [QueuedTicket, QueuedTicket])[] {
  const here = tickets.filter(({ stamp }) => stamp.connected);
  return here.flatMap((one, i) =>
    here.slice(i + 1).flatMap((two) => (one.ticket.user === two.ticket.user ? [] : [[one, two] as const])),
  );
}
