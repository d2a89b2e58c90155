import type { Half } from "./half.ts";
import type { Violations } from "./violation.ts";

/** The users of a worker whose part is over. */
interface WorkersUsers {
  /** Whether a user of that name is one of its. */
  has(name: string): boolean;
  /** Whether a user never lost its connection. */
  isUndisturbed(name: string): boolean;
}

/**
 * Joins both sides of the conversations between users of two workers. It compares what was accepted with what arrived, by
 * the numbers of messages alone, so no two clocks need to agree:
 * - A message is owed if a later one of its sender arrived, since the cluster keeps their order.
 * - It is owed to a user who received that the partner is gone, since that is sent after the partner's messages.
 * - It is owed to a user who stayed until the end, when all had stopped sending.
 * The last messages before a user asked to leave are not judged: whether they were accepted before cannot be known.
 */
export class JoinedHalves {
  readonly #violations: Violations;
  readonly #patienceMs: number;
  readonly #single = new Map<string, Half>();
  /** Users that stayed, and whose partners received that they are gone. */
  #reportedGone: { readonly there: Half; readonly told: Half }[] = [];

  constructor(violations: Violations, patienceMs: number) {
    this.#violations = violations;
    this.#patienceMs = patienceMs;
  }

  add(half: Half): void {
    const other = this.#single.get(half.room);
    if (!other) return void this.#single.set(half.room, half);
    this.#single.delete(half.room);
    if (other.user === half.user || other.partner !== half.user || half.partner !== other.user) {
      const finding = `${half.user} was seated in ${half.room} with ${half.partner}, and ${other.user} with ${other.partner}`;
      this.#violations.add("two-rooms", finding, () => [half, other].flatMap(linesOf));
      return;
    }
    this.#compare(half, other);
    this.#compare(other, half);
  }

  /** Nothing more is to come. Those of workers that were lost are not judged. */
  settle(workers: readonly WorkersUsers[]): void {
    const isUndisturbed = (name: string) => workers.some((one) => one.has(name) && one.isUndisturbed(name));
    for (const half of this.#single.values()) {
      const { room, user, partner, heldMs } = half;
      if (heldMs <= this.#patienceMs || !isUndisturbed(partner)) continue;
      const finding = `${partner} never received ${room}, and ${user} did`;
      this.#violations.add("half-paired", finding, () => linesOf(half));
    }
    for (const { there, told } of this.#reportedGone) {
      if (!isUndisturbed(there.user)) continue;
      const finding = `${there.room}: ${there.user} was reported as gone, and was there all the time`;
      this.#violations.add("departed", finding, () => [there, told].flatMap(linesOf));
    }
    this.#single.clear();
    this.#reportedGone = [];
  }

  #compare(from: Half, to: Half): void {
    if (to.ending === "gone" && from.ending === "stayed") this.#reportedGone.push({ there: from, told: to });
    const { sent, room } = from;
    const { received } = to;
    const add = (kind: "lost" | "undelivered" | "misdelivered", numbers: string) => {
      const finding = `${room}: message ${numbers} of ${from.user} to ${to.user} is ${kind}`;
      this.#violations.add(kind, finding, () => [from, to].flatMap(linesOf));
    };
    const neverSent = received && (received.last > (sent?.last ?? 0) || received.first < (sent?.first ?? 0));
    if (neverSent || (received && received.conversation !== from.conversation)) {
      add("misdelivered", `${received.last}`);
      return;
    }
    if (!sent) return;
    const wasAccepted = (number: number) => !sent.unaccepted.includes(number);
    const before = received ? numbersFrom(sent.first, received.first - 1) : [];
    for (const number of [...before, ...(received?.missing ?? [])].filter(wasAccepted)) add("lost", `${number}`);
    if (to.ending !== "gone" && to.ending !== "stayed") return;
    const behind = numbersFrom((received?.last ?? sent.first - 1) + 1, sent.last);
    for (const number of behind.filter(wasAccepted)) add("undelivered", `${number}`);
  }
}

function numbersFrom(first: number, last: number): number[] {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
}

const endings = {
  stayed: "is there at the end",
  left: "asks to leave the room",
  gone: "receives that the other one is gone",
  lost: "loses its session",
} as const;

/** The events of one side, as lines. */
function linesOf({ user, sent, received, ending, heldMs }: Half): string[] {
  const list = (numbers: readonly number[]) => (numbers.length === 0 ? "" : ` but ${numbers.join(", ")}`);
  return [
    sent
      ? `${user} sends ${sent.first} to ${sent.last}, all accepted${list(sent.unaccepted)}`
      : `${user} sends nothing`,
    received
      ? `${user} receives ${received.first} to ${received.last}${list(received.missing)}`
      : `${user} receives nothing`,
    `${user} ${endings[ending]}, ${(heldMs / 1000).toFixed(3)} s after it was seated`,
  ];
}
