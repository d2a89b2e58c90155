import type { NodeId } from "@switchyard/protocol";
import type { Logger } from "@switchyard/runtime";
import type { Neighbour, Store } from "@switchyard/store";
import type { Metrics } from "../telemetry/metrics.ts";
import { every } from "./lease.ts";
import { askNeighbour, type NeighbourAnswer } from "./neighbours.ts";
import type { Readiness } from "./readiness.ts";

const ROUND_MS = 1000;
/** How many other nodes are known, and asked. */
const NEIGHBOURS = 3;
/** How many renewals of the lease one look at the other nodes is good for: with a third of the lease each, for one lease. */
const RENEWALS_PER_LOOK = 3;
/**
 * So many rounds in a row have to say the same. When Redis comes back to all, nodes find that out within a second of one
 * another, and those that are a moment later are not cut off.
 */
const ROUNDS = 3;

export interface IsolationParts {
  readonly node: NodeId;
  readonly store: Store;
  readonly readiness: Readiness;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/**
 * Finds out whether Redis is away from this node only. If so, its clients are let go, for as long as other nodes can take
 * their sessions over; if Redis is away from all, they are held. Rounds are counted, and not the time: a node that stood
 * still has missed none.
 */
export class Isolation {
  readonly #parts: IsolationParts;
  readonly #leaseMs: number;
  #neighbours: readonly Neighbour[] = [];
  #renewals = 0;
  /** Rounds since the lease was renewed. */
  #missed = 0;
  /** Rounds in a row that found this node to be the only one. */
  #found = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: IsolationParts, leaseMs: number) {
    this.#parts = parts;
    this.#leaseMs = leaseMs;
  }

  /** @param letGo lets all clients of this node go; Redis is not needed for that */
  begin(letGo: () => Promise<void>): void {
    this.#timer = every(ROUND_MS, () => this.#round(letGo));
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** The lease was renewed: Redis is there. */
  async renewed(): Promise<void> {
    const { node, store, readiness, logger } = this.#parts;
    this.#missed = this.#found = 0;
    if (readiness.isCutOff) {
      readiness.isCutOff = false;
      logger.info("Redis answers this node again: it takes clients again");
    }
    if (this.#renewals % RENEWALS_PER_LOOK === 0) this.#neighbours = await store.nodes.neighbours(node, NEIGHBOURS);
    this.#renewals += 1;
  }

  async #round(letGo: () => Promise<void>): Promise<void> {
    const { readiness, logger, metrics } = this.#parts;
    this.#missed += 1;
    if (readiness.isCutOff || this.#missed * ROUND_MS <= this.#leaseMs) return;
    this.#found = (await this.#isOnlyOne()) ? this.#found + 1 : 0;
    if (this.#found < ROUNDS || this.#missed === 0) return;
    readiness.isCutOff = true;
    metrics.cutOffs.inc();
    logger.warn("this node is the only one that can't reach Redis: its clients are let go, and resume at other nodes");
    await letGo();
  }

  /** Redis that answers, and refuses to write, does so to all. */
  async #isOnlyOne(): Promise<boolean> {
    if ((await this.#parts.readiness.problem()) === undefined) return false;
    return isOnlyOne(await Promise.all(this.#neighbours.map(askNeighbour)));
  }
}

/**
 * Whether a node that can't reach Redis is the only one, by what others answered: one of them can, or none can be reached
 * either. The second may be wrong; but without Redis no session ends, so that nothing is lost then. A node that knows no
 * other holds its clients, who have nowhere to go.
 */
export function isOnlyOne(answers: readonly NeighbourAnswer[]): boolean {
  if (answers.includes("ready")) return true;
  return answers.length > 0 && answers.every((answer) => answer === "silent");
}
