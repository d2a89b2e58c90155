import { randomUUID } from "node:crypto";
import type { Store } from "@switchyard/store";

/** How many events a session keeps for recovery. */
export const KEPT = 16;

/** An event, as a session's channel and a resume tell it. */
export interface Numbered {
  readonly number: number;
  readonly packet: string;
}

/** One session, what its nodes believe of it, and a client that comes and goes. */
export class Life {
  readonly room = randomUUID();
  readonly session = randomUUID();
  /** What was accepted, by what it says. */
  readonly accepted = new Set<string>();
  /** What would be told of being replaced; of several at once one is. */
  readonly evictions = new Set<string>();
  readonly published: Numbered[] = [];
  /** What the client has, in the order in which it came. */
  readonly had: Numbered[] = [];
  /** Every epoch there has been, and by whom. */
  readonly holders = [{ node: "node", epoch: 1 }];
  connected = true;
  over = false;
  /** The latest epoch in which the peer was heard. */
  received = 1;
  #sent = 0;

  /** Opens the session and seats it beside its peer. */
  static async begin({ sessions, outboxes }: Store): Promise<Life> {
    const life = new Life();
    const { session, room } = life;
    await sessions.open(session, "random", "secret", "node");
    await sessions.requestTicket(session, 1, "chat", "user", "{}");
    await sessions.reserve(session, room, { queue: "chat", number: 1 }, "{}");
    const seat = { kind: "pair", queue: "chat", peer: "peer", partner: "partner", initiator: true } as const;
    const packet = '["seated"]';
    await outboxes.seat(session, room, { ...seat, sharedInterests: [] }, packet);
    life.accepted.add(packet);
    for (const sent of [life.published, life.had]) sent.push({ number: 1, packet });
    return life;
  }

  get epoch(): number {
    return Math.max(...this.holders.map(({ epoch }) => epoch));
  }

  get offset(): number {
    return this.had.at(-1)?.number ?? 0;
  }

  send(): string {
    this.#sent += 1;
    return `["said",${this.#sent}]`;
  }

  /** The client takes what has come over its connection. */
  pump(): void {
    if (!this.connected) return;
    for (const event of this.published) if (event.number > this.offset) this.had.push(event);
  }
}
