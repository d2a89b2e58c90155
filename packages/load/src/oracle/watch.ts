import { Conversation, type ConversationOptions } from "./conversation.ts";
import { ConversationRecord } from "./conversation-record.ts";
import { DistantConversation } from "./distant-conversation.ts";
import type { Half } from "./half.ts";
import type { Party } from "./member.ts";
import { Pairings } from "./pairings.ts";
import { Rosters } from "./rosters.ts";
import { Violations } from "./violation.ts";

export interface WatchOptions {
  /** How long the cluster keeps the place of somebody who is away, in ms. */
  readonly graceMs: number;
  /** How long what is owed may take, in ms. */
  readonly patienceMs: number;
  /** When the run began, in ms of its clock. */
  readonly startedAt: number;
}

/** All oracles of a run. They never ask the cluster: they compare what its users were sent with what these did. */
export class Watch {
  readonly violations = new Violations();
  readonly rosters: Rosters;
  readonly #options: WatchOptions;
  readonly #parties: Party[] = [];
  readonly #conversations = new Map<number, Conversation>();
  readonly #byRoom = new Map<string, Conversation>();
  readonly #pairings = new Map<string, Pairings>();
  /** Conversations that are over, in that order, and until when messages of theirs may arrive. */
  readonly #ending = new Map<Conversation, number>();
  #last = 0;
  #halves: Half[] = [];

  constructor(options: WatchOptions) {
    this.#options = options;
    const { patienceMs, graceMs } = options;
    const nameOf = (user: number) => this.#nameOf(user);
    this.rosters = new Rosters(this.violations, { patienceMs, graceMs, nameOf, seconds: (at) => this.seconds(at) });
  }

  add(user: Party): void {
    this.#parties[user.index] = user;
  }

  party(index: number): Party | undefined {
    return this.#parties[index];
  }

  /** The conversation in a room of the cluster; it begins with the first who receives it. */
  inRoom(room: string, echo: boolean): Conversation {
    return this.#byRoom.get(room) ?? this.#add(new Conversation(this.#optionsOf(room, echo)));
  }

  /** The same for a user whose partner is one of another worker. */
  inRoomWith(partner: string, room: string, user: Party, at: number): Conversation {
    const conclude = (half: Half) => void this.#halves.push(half);
    const options = { ...this.#optionsOf(room, false), user, partner, at, conclude };
    return this.#byRoom.get(room) ?? this.#add(new DistantConversation(options));
  }

  /** The sides of conversations with users of other workers that have ended since the last call. */
  takeHalves(): Half[] {
    const halves = this.#halves;
    this.#halves = [];
    return halves;
  }

  /** Whether nothing more is to come from users of other workers. */
  get isConcluded(): boolean {
    const conversations = [...this.#conversations.values()];
    return conversations.every((one) => !(one instanceof DistantConversation) || one.isConcluded);
  }

  /** By its number, as long as messages of it may arrive. */
  conversation(number: number): Conversation | undefined {
    return this.#conversations.get(number);
  }

  queue(name: string): Pairings {
    const known = this.#pairings.get(name) ?? new Pairings(this.violations, this.#options.patienceMs);
    this.#pairings.set(name, known);
    return known;
  }

  /** A time of the run, as trails have it. */
  seconds(at: number): string {
    return `${((at - this.#options.startedAt) / 1000).toFixed(3)} s`;
  }

  /** Everybody has left it: its messages are owed for a while yet. It goes on if somebody enters it again meanwhile. */
  ends(at: number, conversation: Conversation): void {
    this.#ending.delete(conversation); // its last end counts, and is the latest of all
    this.#ending.set(conversation, at + this.#options.patienceMs);
  }

  /** Finds what is overdue by now. */
  look(now: number): void {
    for (const pairings of this.#pairings.values()) pairings.look(now);
    this.rosters.look(now);
    for (const [conversation, until] of this.#ending) {
      if (until > now) break;
      this.#ending.delete(conversation);
      if (!conversation.isOver) continue;
      conversation.settle();
      this.#conversations.delete(conversation.number);
      this.#byRoom.delete(conversation.room);
    }
  }

  #nameOf(index: number): string {
    return this.#parties[index]?.name ?? `user ${index}`;
  }

  get isQuiet(): boolean {
    return [...this.#conversations.values()].every(({ isQuiet }) => isQuiet);
  }

  /** The run is over: nothing more is to come. */
  settle(now: number): void {
    this.look(now);
    for (const conversation of this.#conversations.values()) conversation.settle();
  }

  /** The same for conversations with users of other workers. */
  settleDistant(): void {
    for (const one of this.#conversations.values()) if (one instanceof DistantConversation) one.settle();
  }

  #optionsOf(room: string, echo: boolean): ConversationOptions {
    const { startedAt, graceMs } = this.#options;
    const record = new ConversationRecord(room, startedAt, this.violations, (index) => this.#nameOf(index));
    return { number: this.#last + 1, echo, graceMs, record };
  }

  #add(conversation: Conversation): Conversation {
    this.#last = conversation.number;
    this.#byRoom.set(conversation.room, conversation);
    this.#conversations.set(conversation.number, conversation);
    return conversation;
  }
}
