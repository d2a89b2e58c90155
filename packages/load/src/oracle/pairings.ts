import type { Conversation } from "./conversation.ts";
import type { Party } from "./member.ts";
import type { Violations } from "./violation.ts";

interface Waiting {
  readonly user: Party;
  since: number;
}

/** A pair of which one has received its room. */
interface HalfPaired {
  readonly conversation: Conversation;
  readonly other: Party;
  readonly at: number;
}

/**
 * The users of one queue, any two of whom fit: who waits, who is in which pair. Times in ms. An event takes constant
 * time; so does a look, since those who wait are in the order in which they began to.
 */
export class Pairings {
  readonly #violations: Violations;
  readonly #patienceMs: number;
  readonly #waiting = new Map<Party, Waiting>();
  readonly #rooms = new Map<Party, Conversation>();
  #half: HalfPaired[] = [];

  /** @param patienceMs how long two who fit may wait, and how long one of a pair may not know of it */
  constructor(violations: Violations, patienceMs: number) {
    this.#violations = violations;
    this.#patienceMs = patienceMs;
  }

  /** It waits from now on; again, if it was away meanwhile. */
  waits(at: number, user: Party): void {
    this.#waiting.delete(user);
    this.#waiting.set(user, { user, since: at });
  }

  /** It does not wait: it left, it is away, or its session is lost. */
  waitsNoLonger(user: Party): void {
    this.#waiting.delete(user);
  }

  /** It has left its room, or received that it is over. */
  leaves(user: Party): void {
    this.#rooms.delete(user);
  }

  /** It received its room with somebody; `other` is missing if that is nobody of this run. */
  paired(at: number, user: Party, conversation: Conversation, other: Party | undefined): void {
    const before = this.#rooms.get(user);
    if (before && before !== conversation) {
      const finding = `${user.name} was seated in ${conversation.room} while it is in ${before.room}`;
      this.#violations.add("two-rooms", finding, () => [...before.events(), ...conversation.events()]);
    }
    if (!conversation.has(user)) {
      const finding = `${user.name} was seated in ${conversation.room}, which is the room of two others`;
      this.#violations.add("two-rooms", finding, () => conversation.events());
    }
    this.#waiting.delete(user);
    this.#rooms.set(user, conversation);
    if (other && !conversation.isSeated(other)) this.#half.push({ conversation, other, at });
  }

  /** Finds what is wrong by now, each once. */
  look(now: number): void {
    const [first, second] = this.#waiting.values();
    if (first && second && now - second.since > this.#patienceMs) {
      const [one, two] = [first, second].map(({ user, since }) => `${user.name} for ${Math.round(now - since)} ms`);
      const finding = `${one} and ${two} wait in the same queue`;
      this.#violations.add("unpaired", finding, () => [`${one}`, `${two}`, "neither has received a room"]);
      for (const waiting of [first, second]) this.waits(now, waiting.user);
    }
    const isOpen = ({ at }: HalfPaired) => now - at <= this.#patienceMs;
    for (const half of this.#half) if (!isOpen(half)) this.#check(half);
    this.#half = this.#half.filter(isOpen);
  }

  #check({ conversation, other }: HalfPaired): void {
    const isExcused = conversation.hasLeft(other) || !other.isConnected || conversation.isOver;
    if (isExcused || conversation.isSeated(other)) return;
    const finding = `${other.name} never received ${conversation.room}, and the other one did`;
    this.#violations.add("half-paired", finding, () => conversation.events());
  }
}
