import type { Conversation } from "../oracle/conversation.ts";
import { DistantConversation } from "../oracle/distant-conversation.ts";
import type { Pairings } from "../oracle/pairings.ts";
import type { Stage } from "../run/stage.ts";
import type { BehaviourOf } from "../scenario/schema.ts";
import type { Timer } from "../wire/timer-wheel.ts";
import { Talker } from "./talker.ts";
import type { Answer, Request } from "./user.ts";

const SAY = 1;
const NEXT = 2;
const ASK = 3;
const ASK_AGAIN_MS = 1000;
const wanted = new Set(["partner_found", "partner_disconnected", "new_message"]);

interface PartnerFound {
  readonly roomId: string;
  readonly partnerId: string;
}

/** In `random`: waits for a partner, writes to it at fixed times, and goes on to the next one. */
export class RandomUser extends Talker {
  readonly #behaviour: BehaviourOf<"random">;
  readonly #queue: Pairings;
  #pair: { readonly conversation: Conversation; readonly partner: Talker | undefined } | undefined;
  /** Since when it waits for a partner. */
  #waitsSince: number | undefined;
  #timers: Timer[] = [];

  constructor(stage: Stage, index: number, url: string, behaviour: BehaviourOf<"random">) {
    super(stage, index, url, "/random");
    this.#behaviour = behaviour;
    this.#queue = stage.watch.queue(behaviour.type);
  }

  override wants(name: string): boolean {
    return wanted.has(name);
  }

  override onEvent(name: string, [content]: readonly unknown[]): void {
    if (name === "partner_found") this.#found(content as PartnerFound);
    else if (name === "partner_disconnected") this.#parted();
    else {
      const { text, sender } = content as { text: unknown; sender: unknown };
      this.hear(text, sender);
    }
  }

  override due(what: number, at: number): void {
    if (what === SAY) this.#say(at);
    else if (what === NEXT) this.#next(at);
    else if (what === ASK) this.#askAgain();
    else super.due(what, at);
  }

  /** It waits once that is accepted. A request that was refused is repeated, as a user would. */
  override onAnswer(request: Request, answer: unknown): void {
    super.onAnswer(request, answer);
    const isRequest = request.event === "join" || request.event === "next";
    if (!isRequest || answer === undefined || this.#waitsSince === undefined) return;
    const { now, wheel } = this.stage;
    if ((answer as Answer).ok) this.#queue.waits(now, this);
    else wheel.set(now + ASK_AGAIN_MS, this, ASK);
  }

  protected override begin(at: number): void {
    this.#waitsSince = at;
    this.#join(at);
  }

  protected override goAway(at: number): void {
    super.goAway(at);
    this.#queue.waitsNoLonger(this);
  }

  protected override resume(at: number, awayMs: number): void {
    super.resume(at, awayMs);
    // its request may have been lost with the connection, or its partner is among the events that it missed
    if (this.#waitsSince !== undefined) this.stage.wheel.set(at + ASK_AGAIN_MS, this, ASK);
  }

  protected override startAnew(at: number, awayMs: number): void {
    super.startAnew(at, awayMs);
    this.#leavePair();
  }

  protected override bidFarewell(at: number): void {
    super.bidFarewell(at);
    if (this.isConnected) this.request(this.#pair ? "leave_room" : "leave_queue", {}, at);
    this.#leavePair();
    this.#waitsSince = undefined;
    this.#queue.waitsNoLonger(this);
  }

  #join(at: number): void {
    this.request("join", { userId: this.name, type: this.#behaviour.type }, at);
  }

  /** The same `join` again has no effect but its answer where the first one, or a `next`, had its own. */
  #askAgain(): void {
    const { now, isStopping } = this.stage;
    if (this.#waitsSince !== undefined && this.isConnected && !isStopping && !this.isLeaving) this.#join(now);
  }

  #wait(at: number): void {
    this.#waitsSince = at;
    this.request("next", {}, at);
  }

  #found({ roomId, partnerId }: PartnerFound): void {
    const { now, watch, wheel, counts, random } = this.stage;
    const partner = this.#userNamed(partnerId);
    const conversation = this.stage.isElsewhere(partnerId)
      ? watch.inRoomWith(partnerId, roomId, this, now)
      : watch.inRoom(roomId, false);
    if (conversation.hasLeft(this)) return this.#stillIn(now);
    if (conversation.isEmpty) for (const user of [this, partner]) user?.involve(conversation);
    conversation.seated(now, this);
    this.#queue.paired(now, this, conversation, partner);
    if (this.#pair?.conversation === conversation || this.isLeaving) return;
    this.#leavePair(true);
    this.#pair = { conversation, partner };
    counts.add("paired");
    if (this.#waitsSince !== undefined) this.measure("pairing", now - this.#waitsSince);
    this.#waitsSince = undefined;
    const { messageEvery, nextAfter } = this.#behaviour;
    const until = now + nextAfter * (0.75 + random() / 2); // not everybody at the same moment
    this.#timers = [wheel.set(now + messageEvery * random(), this, SAY), wheel.set(until, this, NEXT)];
  }

  /** The request by which it left had no effect: the answer to a `join` says that it is in that room. */
  #stillIn(at: number): void {
    if (this.#waitsSince !== undefined && !this.stage.isStopping) this.request("next", {}, at);
  }

  #parted(): void {
    const { now, isStopping } = this.stage;
    if (!this.#pair) return; // it has asked to leave, and so has the other one
    const { conversation, partner } = this.#pair;
    if (partner) conversation.reportedGone(now, partner);
    this.leaveConversations(now, false);
    this.#leavePair();
    if (isStopping || this.isLeaving) return;
    this.#wait(now);
  }

  /** The last message tells the partner's worker that it has received all. */
  override conclude(at: number): void {
    if (this.#pair?.conversation instanceof DistantConversation) this.#send(this.#pair.conversation, at, true);
  }

  #say(at: number): void {
    const { wheel, isStopping } = this.stage;
    if (!this.#pair || isStopping || this.isLeaving) return;
    this.#send(this.#pair.conversation, at);
    const next = this.nextMessage(at, this.#behaviour.messageEvery);
    if (next !== undefined) this.#timers[0] = wheel.set(next, this, SAY);
  }

  #send(conversation: Conversation, at: number, isLast = false): void {
    const payloadOf = (message: string) => ({ roomId: conversation.room, message });
    this.say(conversation, "send_message", at, payloadOf, { bytes: this.#behaviour.messageBytes, isLast });
  }

  protected override thinks(until: number): void {
    if (!this.#pair) return;
    this.stage.wheel.clear(this.#timers[0]);
    this.#timers[0] = this.stage.wheel.set(until, this, SAY);
  }

  #next(at: number): void {
    if (!this.#pair || this.stage.isStopping || this.isLeaving) return;
    if (!this.isConnected) {
      this.#timers[1] = this.stage.wheel.set(this.stage.now + this.#behaviour.messageEvery, this, NEXT);
      return;
    }
    this.leaveConversations(this.stage.now, true);
    this.#leavePair();
    this.#wait(at);
  }

  /** @param staysInRoom the oracle knows of its next room already */
  #leavePair(staysInRoom = false): void {
    for (const timer of this.#timers) this.stage.wheel.clear(timer);
    this.#timers = [];
    this.#pair = undefined;
    if (!staysInRoom) this.#queue.leaves(this);
  }

  #userNamed(name: string): Talker | undefined {
    const user = this.partyNamed(name);
    return user instanceof Talker ? user : undefined;
  }
}
