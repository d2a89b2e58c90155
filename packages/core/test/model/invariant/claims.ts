import type { SessionId } from "@switchyard/protocol";

/** For which rooms each ticket was reserved, by the calls that did it. */
export class Claims {
  readonly #rooms = new Map<string, Set<string>>();

  observe(name: string, args: readonly unknown[], answer: unknown): void {
    if (name !== "sessions.reserve" || (answer as { outcome: string }).outcome === "gone") return;
    const [session, room, { number }] = args as [SessionId, string, { number: number }];
    const ticket = `${session} ${number}`;
    this.#rooms.set(ticket, (this.#rooms.get(ticket) ?? new Set()).add(room));
  }

  /** What was reserved for more than one. */
  get broken(): string[] {
    const several = [...this.#rooms].filter(([, rooms]) => rooms.size > 1);
    return several.map(([ticket, rooms]) => `ticket ${ticket} was reserved for ${[...rooms].join(" and ")}`);
  }
}
