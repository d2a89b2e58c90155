import type { ShadowChange, Ticket } from "@switchyard/store";

const NETWORK = /^(\w+:network:)([46][01]*)$/;
const SCOPES = ["here", "everywhere"] as const;

/** The members of a queue's shadow pool, as the queue's bans have them: they are paired with each other only. */
export class ShadowPool {
  readonly #subjects = new Set<string>();
  /** How many networks there are, by the length of their bits: only these lengths are looked for. */
  readonly #lengths = new Map<number, number>();

  apply({ isWhole, put, dropped }: ShadowChange): void {
    if (isWhole) {
      this.#subjects.clear();
      this.#lengths.clear();
    }
    for (const subject of dropped) if (this.#subjects.delete(subject)) this.#count(subject, -1);
    for (const subject of put) {
      if (this.#subjects.has(subject)) continue;
      this.#subjects.add(subject);
      this.#count(subject, 1);
    }
  }

  /** By the ticket's user, or by a network that has the address that it was requested from. */
  has({ user, network = "" }: Ticket): boolean {
    if (this.#subjects.size === 0) return false;
    return SCOPES.some((scope) => {
      if (this.#subjects.has(`${scope}:user:${user}`)) return true;
      for (const length of this.#lengths.keys()) {
        if (this.#subjects.has(`${scope}:network:${network.slice(0, length)}`)) return true;
      }
      return false;
    });
  }

  #count(subject: string, by: 1 | -1): void {
    const length = NETWORK.exec(subject)?.[2]?.length;
    if (length === undefined) return;
    const count = (this.#lengths.get(length) ?? 0) + by;
    if (count === 0) this.#lengths.delete(length);
    else this.#lengths.set(length, count);
  }
}
