import type { BanEffect, Ticket } from "@switchyard/store";
import { openMonitor, type TestCluster } from "@switchyard/testkit";

/** By its marks, whether a ban is surely in force, surely not, or possibly. */
type Known = "in" | "out" | "open";

/** A subject of bans: a user or a network. */
export type Subject = string;

const CONCERNS = /^\+\S+ \[\d+ \S+\] "(?:XADD|xadd|SPUBLISH|spublish|ECHO|echo)"/;

/**
 * Judges each pairing of a queue by what Redis did, in Redis's order: pairings that are made final, and marks that operators leave before
 * they begin to change a ban and after that was acknowledged.
 */
export class PairingJudge {
  /** What must not be, each as a sentence. */
  readonly broken: string[] = [];
  readonly paired = new Set<string>();
  /** Sessions whose tickets were taken out and not paired. */
  readonly refused = new Set<string>();
  readonly counts = { pairs: 0, inPool: 0, marks: 0 };
  readonly #subjectsOf: (user: string) => readonly Subject[];
  readonly #known = new Map<string, Known>();

  /** @param subjectsOf the subjects by which a user can be banned */
  constructor(subjectsOf: (user: string) => readonly Subject[]) {
    this.#subjectsOf = subjectsOf;
  }

  /** @returns what ends it */
  watch({ redis }: TestCluster, queue: string): Promise<() => void> {
    return openMonitor(
      redis,
      ([name = "", key = "", ...rest]) => {
        if (/^echo$/i.test(name)) this.#mark(key);
        else if (/^spublish$/i.test(name) && key.includes(`{queue:${queue}}`)) this.#drop(rest[0] ?? "");
        else if (/^xadd$/i.test(name) && key.includes(`{queue:${queue}}`)) this.#pair(rest);
      },
      CONCERNS,
    );
  }

  /** Leaves a mark. */
  static mark({ redis }: TestCluster, effect: BanEffect, subject: Subject, known: Known): Promise<unknown> {
    return redis.echo(`${known} ${effect} ${subject}`);
  }

  #mark(text: string): void {
    const [known, effect, subject] = text.split(" ");
    this.#known.set(`${effect} ${subject}`, known as Known);
    this.counts.marks += 1;
  }

  /** Both of a pair are taken out before the assignment is written. */
  #drop(text: string): void {
    const [, kind, ...sessions] = JSON.parse(text) as [number, string, ...string[]];
    if (kind === "drop") for (const session of sessions) this.refused.add(session);
  }

  #pair(fields: readonly string[]): void {
    const fieldOf = (name: string) => fields[fields.indexOf(name) + 1] ?? "";
    const sessions = [fieldOf("one"), fieldOf("two")];
    const tickets = [fieldOf("oneTicket"), fieldOf("twoTicket")].map((text) => JSON.parse(text) as Ticket);
    const [one, two] = tickets as [Ticket, Ticket];
    this.counts.pairs += 1;
    for (const session of sessions) {
      this.refused.delete(session);
      if (this.paired.has(session)) this.broken.push(`${session} was paired twice`);
      this.paired.add(session);
    }
    if (one.cohort !== two.cohort) this.broken.push(`${one.user} and ${two.user} are of two cohorts`);
    for (const { user } of tickets) if (this.#is("ban", user) === "in") this.broken.push(`${user} was banned`);
    const pool = tickets.map(({ user }) => this.#is("shadow", user));
    if (pool.includes("in") && pool.includes("out"))
      this.broken.push(`${one.user} and ${two.user} were on both sides of the shadow pool's boundary`);
    if (pool.every((known) => known === "in")) this.counts.inPool += 1;
  }

  #is(effect: BanEffect, user: string): Known {
    const all = this.#subjectsOf(user).map((subject) => this.#known.get(`${effect} ${subject}`) ?? "out");
    if (all.includes("in")) return "in";
    return all.every((known) => known === "out") ? "out" : "open";
  }
}
