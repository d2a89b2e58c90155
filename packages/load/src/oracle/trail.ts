/** Events of a conversation that its trail keeps; `n` is a message's number. */
const phrases = {
  sends: "sends n",
  acknowledged: "is answered: n was accepted",
  refused: "is answered: n was refused",
  receives: "receives n",
  enters: "receives the room",
  leaves: "asks to leave the room",
  "learns-gone": "receives that the other one is gone",
  cut: "loses its connection",
  back: "is back, its session recovered",
  anew: "is back with a new session",
} as const;

export type TrailEvent = keyof typeof phrases;

const events = Object.keys(phrases) as TrailEvent[];
const CAPACITY = 128;
/** Fields of an entry: time, event, user, number. */
const FIELDS = 4;

/** The last events of a conversation, kept as numbers in one array that is used again. */
export class Trail {
  readonly #nameOf: (user: number) => string;
  readonly #startedAt: number;
  #entries: Float64Array | undefined;
  #count = 0;

  /** @param startedAt from when times are counted, in ms */
  constructor(startedAt: number, nameOf: (user: number) => string) {
    this.#startedAt = startedAt;
    this.#nameOf = nameOf;
  }

  /** @param number of a message, or 0 */
  note(at: number, event: TrailEvent, user: number, number = 0): void {
    this.#entries ??= new Float64Array(CAPACITY * FIELDS);
    this.#entries.set([at, events.indexOf(event), user, number], (this.#count % CAPACITY) * FIELDS);
    this.#count += 1;
  }

  /** The events about these messages and users, as lines: from the first event of one of the messages on, as far as it is kept. */
  about(users: readonly number[], numbers: readonly number[]): string[] {
    const kept = this.#kept().filter(
      ({ user, number }) => (number === 0 && users.includes(user)) || numbers.includes(number),
    );
    const first =
      numbers.length === 0
        ? 0
        : Math.max(
            0,
            kept.findIndex(({ number }) => number > 0),
          );
    return kept.slice(first).map(({ at, event, user, number }) => {
      const seconds = ((at - this.#startedAt) / 1000).toFixed(3);
      return `${seconds} s: ${this.#nameOf(user)} ${phrases[event].replace(/\bn\b/, String(number))}`;
    });
  }

  #kept(): { at: number; event: TrailEvent; user: number; number: number }[] {
    const first = Math.max(0, this.#count - CAPACITY);
    return Array.from({ length: this.#count - first }, (_, index) => {
      const from = ((first + index) % CAPACITY) * FIELDS;
      const [at = 0, code = 0, user = 0, number = 0] = this.#entries?.subarray(from, from + FIELDS) ?? [];
      return { at, event: events[code] ?? "sends", user, number };
    });
  }
}
