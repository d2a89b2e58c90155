import type { SessionId } from "@switchyard/protocol";
import type { ReceivedSignal } from "../signal.ts";

/** The signals that a page received in one session: those of each page, and of each user, in the order in which they were sent. */
export class Inbox {
  readonly session: SessionId;
  readonly #received: ReceivedSignal[] = [];

  constructor(session: SessionId) {
    this.session = session;
  }

  /** Returns what is wrong about it. */
  receive(signal: ReceivedSignal): string[] {
    const before = this.#received.filter(({ room }) => room === signal.room);
    this.#received.push(signal);
    const overtook = before.find(({ page, n }) => page === signal.page && n >= signal.n);
    const newer = before.find(({ user, entry }) => user === signal.user && entry > signal.entry);
    const text = JSON.stringify(signal);
    return [
      ...(overtook ? [`${text} came after ${overtook.n} of the same page`] : []),
      ...(newer ? [`${text} came after ${JSON.stringify(newer)}, by a newer session of the user`] : []),
    ];
  }

  has(page: string, n: number): boolean {
    return this.#received.some((signal) => signal.page === page && signal.n === n);
  }
}
