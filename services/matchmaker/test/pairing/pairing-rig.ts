import { randomUUID } from "node:crypto";
import { createLogger } from "@switchyard/runtime";
import { type Assignment, Channels, keys, type Stamp, type Store, type Ticket } from "@switchyard/store";
import type { TestStore } from "@switchyard/testkit";
import { Metrics } from "../../src/metrics.ts";
import { Pairer } from "../../src/pairer.ts";
import { LateReplies } from "./late-replies.ts";

const plain = { interests: [], language: undefined, region: undefined, avoid: [], blocked: [], recent: [] };

/** A pairer on a real Redis, with a queue of its own. The people in it are named by their sessions. */
export class PairingRig {
  readonly queue = `rig-${randomUUID()}`;
  readonly replies = new LateReplies();
  readonly pairer: Pairer;
  readonly store: Store;
  /** The sessions that were notified that they wait. */
  readonly announced: string[] = [];
  readonly #redis: TestStore["redis"];
  readonly #subscriber: TestStore["redis"];

  constructor({ store, redis }: TestStore) {
    this.store = store;
    this.#redis = redis;
    this.#subscriber = redis.duplicate();
    const id = `matchmaker-${randomUUID()}`;
    const channels = new Channels(this.#subscriber, () => {});
    this.pairer = new Pairer({
      matchmaker: id,
      queue: this.queue,
      channels,
      widenMs: 600_000,
      newRoom: randomUUID,
      announceWait: async ({ session }) => void this.announced.push(session),
      store: { ...store, queues: this.replies.of(store.queues) },
      logger: createLogger("silent", {}),
      metrics: new Metrics(id),
    });
  }

  async enqueue(session: string, stamp: Partial<Stamp> = {}, sequence?: number, ticket: Partial<Ticket> = {}) {
    const asked = { ...plain, user: session, since: this.store.clock.now(), ...ticket };
    await this.store.queues.enqueue(
      this.queue,
      session,
      asked,
      { number: 1, epoch: 1, connected: true, ...stamp },
      sequence,
    );
  }

  async setTicketConnected(session: string, number: number, epoch: number, connected: boolean): Promise<void> {
    await this.store.queues.setTicketConnected(session, { queue: this.queue, number }, epoch, connected);
  }

  /** The pairs, and when each was made, the oldest first. */
  pairings(): Promise<Assignment[]> {
    return this.store.assignments.list(this.queue, 1000);
  }

  /** Resolves when the pairer has received every change so far. */
  async notified(): Promise<void> {
    await this.#subscriber.ping();
    await new Promise((resume) => setImmediate(resume));
  }

  async stop(): Promise<void> {
    this.replies.late.clear();
    this.replies.come();
    await this.pairer.stop();
    this.#subscriber.disconnect();
    const { queueAssignments, queueBanned, queueLeader, queueMeta, queueStamps, queueTickets, queueWaiting } = keys;
    const parts = [queueAssignments, queueBanned, queueLeader, queueMeta, queueStamps, queueTickets, queueWaiting];
    await this.#redis.unlink(...parts.map((part) => part(this.queue)));
  }
}
