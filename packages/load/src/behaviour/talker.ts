import type { Conversation } from "../oracle/conversation.ts";
import { DistantConversation } from "../oracle/distant-conversation.ts";
import type { Party } from "../oracle/member.ts";
import { readTag, type Tag, writeTag } from "../oracle/tagged-message.ts";
import { type Answer, type Request, User } from "./user.ts";

/** Refusals that are right where somebody of the conversation is leaving it, or is not there. */
const expectedOfLeavers: readonly unknown[] = ["room_not_found", "call_not_found", "user_offline", "not_joined"];

/** A user who is in conversations with others, and keeps the oracles informed of them. */
export abstract class Talker extends User {
  /** Those that it is in, also where its own event has not come yet. */
  readonly #conversations = new Set<Conversation>();
  /** Those that it has left, and that may still owe it something. */
  readonly #left = new Set<Conversation>();
  #lastNumber = 0;

  /** It is in that conversation, as it or somebody else has received. */
  involve(conversation: Conversation): void {
    this.#conversations.add(conversation);
    conversation.enter(this);
    if (this.isLeaving) this.leaveConversations(this.stage.now, true);
  }

  /** @param isOwnWish it asked to leave; else it received that the room is over */
  protected leaveConversations(at: number, isOwnWish: boolean): void {
    for (const conversation of this.#left) if (conversation.isQuietFor(this)) this.#left.delete(conversation);
    for (const conversation of this.#conversations) {
      conversation.leaves(at, this, isOwnWish);
      this.#left.add(conversation);
      this.#noteEnd(conversation, at);
    }
    this.#conversations.clear();
    this.stage.watch.rosters.leaves(at, this);
  }

  /** A message has its answer, after which its user pauses until then. */
  protected thinks(_until: number): void {}

  /** When the next message is due, where it does not wait for the answer to this one. */
  protected nextMessage(at: number, every: number): number | undefined {
    const { arrival } = this.stage.scenario;
    return "pause" in arrival && arrival.pause !== undefined ? undefined : at + every;
  }

  /** The user with that name, if it is one of this run. */
  protected partyNamed(name: unknown): Party | undefined {
    const index = this.stage.indexOf(name);
    return index === undefined ? undefined : this.stage.watch.party(index);
  }

  /** It received a list of the users in its room. */
  protected listed(room: string, names: readonly unknown[]): void {
    const { stage } = this;
    const users = names.map((name) => stage.indexOf(name)).filter((index) => index !== undefined);
    stage.watch.rosters.lists(stage.now, room, this, users);
  }

  /**
   * Sends a message of which the oracles know.
   * @param payloadOf the event's payload, with that text in it
   * @param options `bytes`: least length of the text; `to`: the only one that it is for; `isLast`: no other one follows
   */
  protected say(
    conversation: Conversation,
    event: string,
    at: number,
    payloadOf: (text: string) => unknown,
    { bytes = 0, to, isLast = false }: { bytes?: number; to?: Party | undefined; isLast?: boolean } = {},
  ) {
    this.#lastNumber += 1;
    const number = this.#lastNumber;
    const { run, now, counts } = this.stage;
    conversation.sent(now, this, number, to);
    counts.add("sent");
    const tag = { run, conversation: conversation.number, sender: this.index, number, intendedAt: at, isLast };
    this.client.emit(event, payloadOf(writeTag(tag, bytes)), { event, at, number, conversation });
  }

  /** @param sender the name of its sender, as the server gives it */
  protected hear(text: unknown, sender: unknown): void {
    const { run, family, now, watch, counts } = this.stage;
    const tag = readTag(family, text);
    if (!tag) return;
    if (tag.run !== run) return this.#hearFromAfar(tag, sender);
    const conversation = watch.conversation(tag.conversation);
    if (!conversation) return counts.add("late arrivals");
    const by = this.stage.nameOf(tag.sender);
    if (sender !== by) {
      const finding = `${conversation.room}: message ${tag.number} of ${by} came as one of ${String(sender)}`;
      watch.violations.add("misdelivered", finding, () => conversation.eventsAbout(this, tag.number));
    }
    if (!conversation.received(now, this, tag.sender, tag.number)) return;
    counts.add("received");
    this.measure("relay", now - tag.intendedAt);
  }

  override onAnswer(request: Request, answer: unknown): void {
    const { conversation, number } = request;
    const ok = answer === undefined ? undefined : (answer as Answer).ok === true;
    conversation?.answered(this.stage.now, this, number, ok);
    super.onAnswer(request, answer);
    const { arrival } = this.stage.scenario;
    if (conversation && "pause" in arrival && arrival.pause !== undefined) this.thinks(this.stage.now + arrival.pause);
  }

  protected override refused(request: Request, answer: Answer): void {
    const isAlone = request.conversation ? !request.conversation.isComplete : this.isLeaving;
    if (!isAlone || !expectedOfLeavers.includes(answer.error?.code)) super.refused(request, answer);
  }

  protected override goAway(at: number): void {
    for (const conversation of this.#conversations) conversation.cut(at, this);
    this.stage.watch.rosters.goesAway(at, this);
  }

  protected override resume(at: number, awayMs: number): void {
    for (const conversation of this.#conversations) conversation.back(at, this, awayMs, true);
    this.stage.watch.rosters.returns(at, this);
  }

  protected override startAnew(at: number, awayMs: number): void {
    for (const conversation of this.#conversations) {
      conversation.back(at, this, awayMs, false);
      this.#noteEnd(conversation, at);
    }
    this.#conversations.clear();
    this.stage.watch.rosters.leaves(at, this);
  }

  protected override bidFarewell(at: number): void {
    this.leaveConversations(at, true);
  }

  protected override isServed(): boolean {
    return [...this.#left].every((conversation) => conversation.isQuietFor(this));
  }

  protected override settle(): void {
    if (this.isConnected) for (const conversation of this.#left) conversation.settle(this);
  }

  /** Another worker's clock has nothing in common with this one's: such a message counts, and no latency is measured. */
  #hearFromAfar(tag: Tag, sender: unknown): void {
    const { now, watch, counts } = this.stage;
    const by = this.stage.nameOf(tag.sender, tag.run);
    const isItsOwn = (one: Conversation) => one instanceof DistantConversation && one.isWith(by, tag.conversation);
    const conversation = [...this.#conversations, ...this.#left].find(isItsOwn);
    if (sender !== by || !(conversation instanceof DistantConversation)) {
      const finding = `message ${tag.number} of ${by} came to ${this.name} as one of ${String(sender)}`;
      watch.violations.add("misdelivered", finding, () => conversation?.events() ?? [`${this.name} is not with ${by}`]);
    }
    if (conversation instanceof DistantConversation && conversation.receivedFromAfar(now, tag)) counts.add("received");
  }

  #noteEnd(conversation: Conversation, at: number): void {
    if (conversation.isOver) this.stage.watch.ends(at, conversation);
  }
}
