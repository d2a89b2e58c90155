import type { Conversation } from "../oracle/conversation.ts";
import type { Stage } from "../run/stage.ts";
import type { BehaviourOf } from "../scenario/schema.ts";
import type { Timer } from "../wire/timer-wheel.ts";
import { Talker } from "./talker.ts";

const SAY = 1;
const ROOM = "chatroom";
const wanted = new Set(["message_history", "new_message", "online_users"]);

/** In `chat`: writes to everybody in the chatroom, with a token of its own. */
export class ChatUser extends Talker {
  readonly #behaviour: BehaviourOf<"chat">;
  #chatroom: Conversation | undefined;
  #timer: Timer | undefined;

  constructor(stage: Stage, index: number, url: string, behaviour: BehaviourOf<"chat">) {
    super(stage, index, url, "/chat", true);
    this.#behaviour = behaviour;
  }

  override wants(name: string): boolean {
    return wanted.has(name);
  }

  override onEvent(name: string, [content, more]: readonly unknown[]): void {
    if (name === "message_history") this.#entered();
    else if (name === "online_users") this.#online(content as readonly unknown[], more);
    else {
      const { text, username } = content as { readonly text: unknown; readonly username: unknown };
      if (!this.stage.isElsewhere(username)) this.hear(text, username); // its own worker knows what it sent
    }
  }

  override due(what: number, at: number): void {
    if (what === SAY) this.#say(at);
    else super.due(what, at);
  }

  protected override startAnew(at: number, awayMs: number): void {
    super.startAnew(at, awayMs);
    this.#stop();
  }

  protected override bidFarewell(at: number): void {
    super.bidFarewell(at);
    this.#stop();
  }

  protected override thinks(until: number): void {
    if (!this.#chatroom) return;
    this.stage.wheel.clear(this.#timer);
    this.#timer = this.stage.wheel.set(until, this, SAY);
  }

  /** All messages after the history are owed to it. */
  #entered(): void {
    if (this.#chatroom || this.isLeaving) return;
    const { now, watch, wheel, random } = this.stage;
    this.#chatroom = watch.inRoom(ROOM, true);
    this.involve(this.#chatroom);
    this.#chatroom.seated(now, this);
    watch.rosters.enters(now, ROOM, this);
    this.#timer = wheel.set(now + this.#behaviour.messageEvery * random(), this, SAY);
  }

  #say(at: number): void {
    if (!this.#chatroom || this.stage.isStopping) return;
    const { messageEvery, messageBytes } = this.#behaviour;
    this.say(this.#chatroom, "send_message", at, (text) => ({ text }), { bytes: messageBytes });
    const next = this.nextMessage(at, messageEvery);
    if (next !== undefined) this.#timer = this.stage.wheel.set(next, this, SAY);
  }

  /** A list that is cut short says nothing about those who are not in it. */
  #online(names: readonly unknown[], more: unknown): void {
    const { total } = (more ?? {}) as { readonly total?: unknown };
    if (this.#chatroom && total === names.length) this.listed(ROOM, names);
  }

  #stop(): void {
    this.stage.wheel.clear(this.#timer);
    this.#chatroom = undefined;
  }
}
