import { until } from "@switchyard/testkit";
import { Ledger } from "./ledger.ts";
import { type Gap, Talker } from "./talker.ts";

/** How clients connect, in turn. */
const ways = [["websocket"], ["polling", "websocket"], ["polling"]];
const AT_A_TIME = 25;
const PAIRED_WITHIN_MS = 180_000;

export interface CrowdFigures {
  readonly clients: number;
  /** Those of a pair in which somebody was away for longer than the grace; they are in no other figure. */
  readonly late: number;
  readonly sent: number;
  readonly acknowledged: number;
  readonly received: number;
  readonly doubled: number;
  readonly reordered: number;
  readonly lost: number;
  /** Why messages were not acknowledged, and how often. */
  readonly refusals: ReadonlyMap<string, number>;
  /** By when they were over. */
  readonly gaps: readonly Gap[];
  readonly parted: number;
}

/** Clients in pairs, each sending the other numbered messages. */
export class Crowd {
  readonly #graceMs: number;
  readonly #talkers: Talker[] = [];
  /** The messages that each of them sends, by user. */
  readonly #ledgers = new Map<string, Ledger>();

  /** @param graceMs who is away for longer has lost its place: nothing was promised to that pair from then on, so it is left out */
  constructor(graceMs: number) {
    this.#graceMs = graceMs;
  }

  /** Resolves when all are paired. */
  async gather(url: string, count: number): Promise<void> {
    while (this.#talkers.length < count) {
      const more = Array.from({ length: Math.min(AT_A_TIME, count - this.#talkers.length) }, (_, index) => {
        return new Talker(url, ways[index % ways.length] ?? []);
      });
      this.#talkers.push(...more);
      await until("clients to be connected", () => more.every(({ isConnected }) => isConnected), PAIRED_WITHIN_MS);
    }
    await until("all to be paired", () => this.#talkers.every(({ partner }) => partner), PAIRED_WITHIN_MS);
  }

  begin(): void {
    for (const { user } of this.#talkers) this.#ledgers.set(user, new Ledger());
    for (const talker of this.#talkers) {
      talker.hear(this.#ledgerOf(talker.partner));
      talker.begin(this.#ledgerOf(talker.user));
    }
  }

  /** Stops all senders; resolves when the acknowledged messages have arrived, or when that takes too long. */
  async finish(timeoutMs: number): Promise<void> {
    for (const talker of this.#talkers) talker.stop();
    const isOver = () => this.#kept().every(({ isQuiet, isConnected }) => isQuiet && isConnected) && this.#lost() === 0;
    await until("every message to arrive", isOver, timeoutMs).catch(() => {}); // the figures say it
  }

  /** Resolves when every client is connected and has received an acknowledgement since then. */
  async goesOn(timeoutMs: number): Promise<void> {
    const since = Date.now();
    const goesOn = ({ isConnected, acknowledgedAt }: Talker) => isConnected && acknowledgedAt > since;
    await until("everybody to talk on", () => this.#kept().every(goesOn), timeoutMs);
  }

  figures(): CrowdFigures {
    const kept = this.#kept();
    const ledgers = kept.map(({ user }) => this.#ledgerOf(user));
    const sum = (of: (ledger: Ledger) => number) => ledgers.reduce((total, ledger) => total + of(ledger), 0);
    return {
      clients: kept.length,
      sent: sum(({ sent }) => sent),
      acknowledged: sum(({ acknowledged }) => acknowledged),
      received: sum(({ received }) => received),
      doubled: sum(({ doubled }) => doubled),
      reordered: sum(({ reordered }) => reordered),
      lost: this.#lost(),
      refusals: sumsOf(this.#talkers.map(({ refusals }) => refusals)),
      gaps: kept.flatMap(({ gaps }) => gaps).sort((one, other) => overAt(one) - overAt(other)),
      late: this.#talkers.length - kept.length,
      parted: kept.reduce((total, { parted }) => total + parted, 0),
    };
  }

  leave(): void {
    for (const talker of this.#talkers) talker.leave();
  }

  #lost(): number {
    return this.#kept().reduce((total, { user }) => total + this.#ledgerOf(user).missing().length, 0);
  }

  #kept(): Talker[] {
    const late = new Set(
      this.#talkers.filter((talker) => talker.longestGapMs >= this.#graceMs).map(({ user }) => user),
    );
    return this.#talkers.filter(({ user, partner }) => !late.has(user) && !late.has(partner ?? ""));
  }

  #ledgerOf(user: string | undefined): Ledger {
    const ledger = this.#ledgers.get(user ?? "");
    if (!ledger) throw new Error("somebody was paired with a stranger");
    return ledger;
  }
}

function overAt({ at, lastedMs }: Gap): number {
  return at + lastedMs;
}

function sumsOf(counts: readonly ReadonlyMap<string, number>[]): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const [name, count] of counts.flatMap((each) => [...each])) sums.set(name, (sums.get(name) ?? 0) + count);
  return sums;
}
