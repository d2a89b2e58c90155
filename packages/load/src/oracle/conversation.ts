import type { ConversationRecord } from "./conversation-record.ts";
import { freshMember, type Member, type Party } from "./member.ts";
import { MessageStream } from "./message-stream.ts";

export interface ConversationOptions {
  readonly number: number;
  /** Whether a sender receives its own messages. */
  readonly echo: boolean;
  /** How long the cluster keeps the place of somebody who is away, in ms. */
  readonly graceMs: number;
  readonly record: ConversationRecord;
}

/** The users of a room and what each of them is owed by the others. Times in ms. */
export class Conversation {
  readonly #options: ConversationOptions;
  readonly #record: ConversationRecord;
  readonly #members = new Map<number, Member>();

  constructor(options: ConversationOptions) {
    this.#options = options;
    this.#record = options.record;
  }

  get number(): number {
    return this.#options.number;
  }

  get room(): string {
    return this.#record.room;
  }

  get isEmpty(): boolean {
    return this.#members.size === 0;
  }

  /** Everybody has left it. */
  get isOver(): boolean {
    return [...this.#members.values()].every(({ hasLeft }) => hasLeft);
  }

  /** Nobody has left it or is away. */
  get isComplete(): boolean {
    return [...this.#members.values()].every(({ hasLeft, user }) => !hasLeft && user.isConnected);
  }

  /** Nothing is on its way to somebody who is there to receive it. */
  get isQuiet(): boolean {
    return [...this.#members.values()].every(({ user }) => !user.isConnected || this.isQuietFor(user));
  }

  isQuietFor(user: Party): boolean {
    return [...this.#members.values()].every(({ streams }) => streams.get(user.index)?.isQuiet !== false);
  }

  has(user: Party): boolean {
    return this.#members.has(user.index);
  }

  hasLeft(user: Party): boolean {
    return this.#members.get(user.index)?.hasLeft === true;
  }

  /** How its members came and went, as lines. */
  events(): string[] {
    return this.#record.about([...this.#members.keys()]);
  }

  eventsAbout(user: Party, message: number): string[] {
    return this.#record.about([user.index], message === 0 ? [] : [message]);
  }

  /** Only what is sent from now on is owed to it. */
  enter(user: Party): void {
    for (const { lastSent, streams } of this.#members.values()) streams.set(user.index, new MessageStream(lastSent));
    this.#members.set(user.index, freshMember(user, this.#members.get(user.index)));
  }

  isSeated(user: Party): boolean {
    return this.#members.get(user.index)?.isSeated === true;
  }

  seated(at: number, user: Party): void {
    const member = this.#members.get(user.index);
    if (member) member.isSeated = true;
    this.#record.note(at, "enters", user);
  }

  /** @param to the only one that it is for; else it is for all */
  sent(at: number, sender: Party, number: number, to?: Party): void {
    const member = this.#members.get(sender.index);
    if (!member) return;
    for (const { user, hasLeft } of this.#members.values()) {
      if (to === undefined ? user === sender && !this.#options.echo : user !== to) continue;
      let stream = member.streams.get(user.index);
      if (!stream) {
        stream = new MessageStream(member.lastSent);
        member.streams.set(user.index, stream);
        if (hasLeft) stream.close();
      }
      stream.sent(number);
    }
    member.lastSent = number;
    this.#record.note(at, "sends", sender, number);
  }

  /** @param accepted nothing if the connection was lost before the answer */
  answered(at: number, sender: Party, number: number, accepted: boolean | undefined): void {
    for (const stream of this.#members.get(sender.index)?.streams.values() ?? []) {
      if (accepted) stream.acknowledged(number);
      else stream.unacknowledged(number);
    }
    if (accepted !== undefined) this.#record.note(at, accepted ? "acknowledged" : "refused", sender, number);
  }

  /** @returns whether it is the first time that it comes */
  received(at: number, receiver: Party, sender: number, number: number): boolean {
    this.#record.note(at, "receives", receiver, number);
    const from = this.#members.get(sender);
    const stream = from?.streams.get(receiver.index);
    const fault = stream ? stream.received(number) : "misdelivered";
    if (fault === undefined) return true;
    this.#record.misreceived(fault, from?.user.name ?? `user ${sender}`, sender, receiver, number);
    return fault === "reordered";
  }

  /** It asked to leave, or received that the room is over. */
  leaves(at: number, user: Party, isOwnWish: boolean): void {
    this.#record.note(at, isOwnWish ? "leaves" : "learns-gone", user);
    this.#leave(user, (stream) => stream.close());
  }

  cut(at: number, user: Party): void {
    this.#record.note(at, "cut", user);
  }

  /** It is connected again, after it was away for that long. */
  back(at: number, user: Party, awayMs: number, recovered: boolean): void {
    this.#record.note(at, recovered ? "back" : "anew", user);
    const member = this.#members.get(user.index);
    if (!member || member.hasLeft) return;
    if (member.reportedGoneAt !== undefined && awayMs < this.#options.graceMs) this.#departed(user, awayMs);
    member.reportedGoneAt = undefined;
    if (recovered) return;
    member.lostAfterMs = awayMs;
    this.#leave(user, (stream) => stream.void());
  }

  /** Somebody received that `gone` is gone. */
  reportedGone(at: number, gone: Party): void {
    const member = this.#members.get(gone.index);
    if (member?.lostAfterMs !== undefined && member.lostAfterMs < this.#options.graceMs) {
      this.#departed(gone, member.lostAfterMs);
    } else if (member && !member.hasLeft) member.reportedGoneAt = at;
  }

  /** Nothing more is to come, to `receiver` or to all: what is owed to somebody who is there is a violation. */
  settle(receiver?: Party): void {
    for (const { user, hasLeft, reportedGoneAt } of this.#members.values()) {
      if (receiver !== undefined && user !== receiver) continue;
      if (!user.isConnected) continue;
      if (!hasLeft && reportedGoneAt !== undefined && user.heardAt > reportedGoneAt) this.#departed(user, 0);
      this.#collect(user);
    }
  }

  #collect(to: Party): void {
    for (const { user, streams } of this.#members.values()) {
      const stream = streams.get(to.index);
      for (const number of stream?.owed() ?? []) {
        this.#record.missing(user, to, number, stream?.lastReceived ?? 0);
      }
      stream?.void();
    }
  }

  #leave(user: Party, end: (stream: MessageStream) => void): void {
    const member = this.#members.get(user.index);
    if (member) member.hasLeft = true;
    for (const { streams } of this.#members.values()) {
      const stream = streams.get(user.index);
      if (stream) end(stream);
    }
  }

  #departed(user: Party, awayMs: number): void {
    this.#record.departed(user, awayMs, [...this.#members.keys()]);
  }
}
