import { until } from "../until.ts";
import { isWithin, Ledger, type Span } from "./ledger.ts";
import { type Gap, Talker } from "./talker.ts";

/** How clients connect, in turn. */
const ways = [["websocket"], ["polling", "websocket"], ["polling"]];
const AT_A_TIME = 25;
const PAIRED_WITHIN_MS = 180_000;
/** For tests of a deployment: how long clients may take to talk on after a fault, and messages to arrive at the end. */
export const BACK_WITHIN_MS = 60_000;
export const ARRIVED_WITHIN_MS = 30_000;

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
  /** Lost, or parted, in the time that was excused; they are not in `lost` and `parted`. */
  readonly excused: { readonly lost: number; readonly parted: number };
  /** Why messages were not acknowledged, and how often. */
  readonly refusals: ReadonlyMap<string, number>;
  /** By when they were over. */
  readonly gaps: readonly Gap[];
  /** Those of clients that are in no other figure, too. */
  readonly allGaps: readonly Gap[];
  readonly parted: number;
}

export interface CrowdOptions {
  /** A client that is away for longer has lost its place: nothing was promised to that pair from then on, so it is left out. */
  readonly graceMs: number;
}

/** Clients in pairs, each sending the other numbered messages. */
export class Crowd {
  readonly #graceMs: number;
  readonly #talkers: Talker[] = [];
  /** The messages that each of them sends, by user. */
  readonly #ledgers = new Map<string, Ledger>();
  /** A message that was acknowledged in this time may be lost, and the pair of its sender with it. */
  #excused: Span | undefined;

  constructor({ graceMs }: CrowdOptions) {
    this.#graceMs = graceMs;
  }

  /**
   * Resolves when all are paired.
   * @param urls where they connect to, in turn
   */
  async gather(urls: readonly string[], count: number): Promise<void> {
    while (this.#talkers.length < count) {
      const more = Array.from({ length: Math.min(AT_A_TIME, count - this.#talkers.length) }, (_, index) => {
        return new Talker(urls[index % urls.length] ?? "", ways[index % ways.length] ?? []);
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

  /** Resolves when every client whose pair is still one is connected and has received an acknowledgement since then. */
  async goesOn(timeoutMs: number): Promise<void> {
    const since = Date.now();
    const goesOn = ({ isConnected, acknowledgedAt }: Talker) => isConnected && acknowledgedAt > since;
    const pairs = () => this.#kept().filter((talker) => partingsOf(talker, this.#partnerOf(talker)).length === 0);
    await until("everybody to talk on", () => pairs().every(goesOn), timeoutMs);
  }

  excuse(span: Span): void {
    this.#excused = span;
  }

  figures(): CrowdFigures {
    const kept = this.#kept();
    const ledgers = kept.map(({ user }) => this.#ledgerOf(user));
    const sum = (of: (ledger: Ledger) => number) => ledgers.reduce((total, ledger) => total + of(ledger), 0);
    const excused = kept.filter((talker) => this.#isExcused(talker));
    const partings = (talkers: readonly Talker[]) => talkers.reduce((all, { partings }) => all + partings.length, 0);
    const excusedLost = kept.reduce((all, talker) => all + this.#excusedLossesOf(talker), 0);
    return {
      clients: kept.length,
      sent: sum(({ sent }) => sent),
      acknowledged: sum(({ acknowledged }) => acknowledged),
      received: sum(({ received }) => received),
      doubled: sum(({ doubled }) => doubled),
      reordered: sum(({ reordered }) => reordered),
      lost: this.#lost() - excusedLost,
      excused: { lost: excusedLost, parted: partings(excused) },
      refusals: sumsOf(this.#talkers.map(({ refusals }) => refusals)),
      gaps: gapsOf(kept),
      allGaps: gapsOf(this.#talkers),
      late: this.#talkers.length - kept.length,
      parted: partings(kept) - partings(excused),
    };
  }

  leave(): void {
    for (const talker of this.#talkers) talker.leave();
  }

  #lost(): number {
    return this.#kept().reduce((total, { user }) => total + this.#ledgerOf(user).missing().length, 0);
  }

  #partnerOf({ partner }: Talker): Talker | undefined {
    return this.#talkers.find(({ user }) => user === partner);
  }

  /** Whether something that either of the pair has sent may be lost. */
  #isExcused({ user, partner }: Talker): boolean {
    const span = this.#excused;
    return span !== undefined && [user, partner].some((one) => this.#ledgerOf(one).isActiveIn(span));
  }

  /** Once a pair is parted for an excused reason, nothing else that was for its sessions arrives. */
  #excusedLossesOf(talker: Talker): number {
    const span = this.#excused;
    if (!span) return 0;
    const missing = this.#ledgerOf(talker.user).missing();
    const isOver = this.#isExcused(talker) && partingsOf(talker, this.#partnerOf(talker)).length > 0;
    return isOver ? missing.length : missing.filter((at) => isWithin(at, span)).length;
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

function partingsOf(...talkers: readonly (Talker | undefined)[]): number[] {
  return talkers.flatMap((talker) => talker?.partings ?? []);
}

function gapsOf(talkers: readonly Talker[]): Gap[] {
  return talkers.flatMap(({ gaps }) => gaps).sort((one, other) => overAt(one) - overAt(other));
}

function overAt({ at, lastedMs }: Gap): number {
  return at + lastedMs;
}

function sumsOf(counts: readonly ReadonlyMap<string, number>[]): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const [name, count] of counts.flatMap((each) => [...each])) sums.set(name, (sums.get(name) ?? 0) + count);
  return sums;
}
