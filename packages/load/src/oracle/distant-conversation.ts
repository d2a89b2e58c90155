import { Conversation, type ConversationOptions } from "./conversation.ts";
import type { Half } from "./half.ts";
import type { Party } from "./member.ts";
import type { Tag } from "./tagged-message.ts";

/** The side of the partner is a user of another worker. */
interface DistantOptions extends ConversationOptions {
  readonly user: Party;
  readonly partner: string;
  readonly at: number;
  /** Receives this side when it is over. */
  readonly conclude: (half: Half) => void;
}

/**
 * A conversation with a user of another worker. Faults in the order of what is received are found here; losses
 * are found where both sides are joined.
 */
export class DistantConversation extends Conversation {
  readonly partner: string;
  readonly #options: DistantOptions;
  readonly #unaccepted = new Set<number>();
  readonly #missing = new Set<number>();
  #firstSent: number | undefined;
  #lastSent = 0;
  #received: { conversation: number; first: number; last: number } | undefined;
  #ending: Half["ending"] = "stayed";
  #endedAt: number | undefined;
  #hasLast = false;
  #isConcluded = false;

  constructor(options: DistantOptions) {
    super(options);
    this.#options = options;
    this.partner = options.partner;
  }

  /** Whether the partner has left is known elsewhere. */
  override get isComplete(): boolean {
    return false;
  }

  /** Whether nothing more is to come: the partner's last message is here, or the user is no longer in the room. */
  get isConcluded(): boolean {
    return this.#hasLast || this.#endedAt !== undefined;
  }

  /** Whether messages of that sender, who calls the conversation so, belong here. */
  isWith(name: string, conversation: number): boolean {
    return this.partner === name && (this.#received?.conversation ?? conversation) === conversation;
  }

  override sent(at: number, sender: Party, number: number): void {
    super.sent(at, sender, number);
    this.#firstSent ??= number;
    this.#lastSent = number;
    this.#unaccepted.add(number);
  }

  override answered(at: number, sender: Party, number: number, accepted: boolean | undefined): void {
    super.answered(at, sender, number, accepted);
    if (accepted) this.#unaccepted.delete(number);
  }

  /** @returns whether it is the first time that it comes */
  receivedFromAfar(at: number, { conversation, number, isLast }: Tag): boolean {
    const { record, user, partner } = this.#options;
    record.note(at, "receives", user, number);
    if (isLast) this.#hasLast = true;
    const received = this.#received;
    if (!received) {
      this.#received = { conversation, first: number, last: number };
      return true;
    }
    if (number > received.last) {
      for (let between = received.last + 1; between < number; between += 1) this.#missing.add(between);
      received.last = number;
      return true;
    }
    const isLate = this.#missing.delete(number) || number < received.first;
    for (let between = number + 1; between < received.first; between += 1) this.#missing.add(between);
    received.first = Math.min(received.first, number);
    record.misreceived(isLate ? "reordered" : "doubled", partner, -1, user, number);
    return isLate;
  }

  override leaves(at: number, user: Party, isOwnWish: boolean): void {
    super.leaves(at, user, isOwnWish);
    this.#end(at, isOwnWish ? "left" : "gone");
  }

  override back(at: number, user: Party, awayMs: number, recovered: boolean): void {
    super.back(at, user, awayMs, recovered);
    if (!recovered) this.#end(at, "lost");
  }

  override settle(receiver?: Party): void {
    super.settle(receiver);
    if (receiver !== undefined || this.#isConcluded) return;
    this.#isConcluded = true;
    this.#options.conclude(this.#half());
  }

  #end(at: number, ending: Half["ending"]): void {
    if (this.#endedAt !== undefined) return;
    this.#endedAt = at;
    this.#ending = ending;
  }

  #half(): Half {
    const { user, number, at } = this.#options;
    const endedAt = this.#endedAt ?? user.heardAt;
    const [first, received] = [this.#firstSent, this.#received];
    return {
      room: this.room,
      user: user.name,
      partner: this.partner,
      conversation: number,
      sent: first === undefined ? undefined : { first, last: this.#lastSent, unaccepted: [...this.#unaccepted] },
      received: received && { ...received, missing: [...this.#missing] },
      ending: this.#ending === "stayed" && !user.isConnected ? "lost" : this.#ending,
      heldMs: Math.max(0, endedAt - at),
    };
  }
}
