import type { Party } from "./member.ts";
import type { ReceiptFault } from "./message-stream.ts";
import { Trail, type TrailEvent } from "./trail.ts";
import type { Violations } from "./violation.ts";

/** The events of a conversation, and those of them that are a violation. */
export class ConversationRecord {
  readonly room: string;
  readonly #violations: Violations;
  readonly #trail: Trail;

  /** @param startedAt from when times are counted, in ms */
  constructor(room: string, startedAt: number, violations: Violations, nameOf: (user: number) => string) {
    this.room = room;
    this.#violations = violations;
    this.#trail = new Trail(startedAt, nameOf);
  }

  /** @param number of a message, or 0 */
  note(at: number, event: TrailEvent, user: Party, number = 0): void {
    this.#trail.note(at, event, user.index, number);
  }

  /** The events of these users about these messages, as lines; without messages: how they came and went. */
  about(users: readonly number[], numbers: readonly number[] = []): string[] {
    return this.#trail.about(users, numbers);
  }

  misreceived(fault: ReceiptFault, from: string, sender: number, to: Party, number: number): void {
    const finding = `${this.room}: message ${number} of ${from} to ${to.name} is ${fault}`;
    this.#violations.add(fault, finding, () => this.about([sender, to.index], [number]));
  }

  /** @param later a message that was received after it, or 0 */
  missing(from: Party, to: Party, number: number, later: number): void {
    const isOvertaken = later > number;
    const kind = isOvertaken ? "lost" : "undelivered";
    this.#violations.add(kind, `${this.room}: message ${number} of ${from.name} to ${to.name} is ${kind}`, () => [
      ...this.about([from.index, to.index], isOvertaken ? [number, later] : [number]),
      `at the end: ${to.name} is there, and has not received ${number}`,
    ]);
  }

  departed(user: Party, awayMs: number, others: readonly number[]): void {
    const finding = `${this.room}: ${user.name} was reported as gone, and was away for ${Math.round(awayMs)} ms`;
    this.#violations.add("departed", finding, () => this.about(others));
  }
}
