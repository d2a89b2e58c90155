import type { Conversation } from "../oracle/conversation.ts";
import type { Stage } from "../run/stage.ts";
import type { BehaviourOf } from "../scenario/schema.ts";
import type { Timer } from "../wire/timer-wheel.ts";
import { Talker } from "./talker.ts";
import type { Request } from "./user.ts";

const CALL = 1;
const signals = ["webrtc-offer", "webrtc-answer", "webrtc-ice-candidate"] as const;
const wanted = new Set<string>(["call-started", "call-participants", "user-joined-call", "user-left-call", ...signals]);
/** About what a browser's description without video takes. */
const DESCRIPTION_BYTES = 2000;
const CANDIDATE_BYTES = 120;

interface CallEvent {
  readonly callId: string;
  readonly userId?: unknown;
  readonly fromUserId?: unknown;
  readonly participants?: readonly { readonly id: unknown }[];
  readonly offer?: { readonly sdp?: unknown };
  readonly answer?: { readonly sdp?: unknown };
  readonly candidate?: { readonly candidate?: unknown };
}

/** In `calls`: comes online and takes part in a group call, in which everybody calls everybody. */
export class CallUser extends Talker {
  readonly #behaviour: BehaviourOf<"calls">;
  readonly #callId: string;
  #call: Conversation | undefined;
  #others: readonly string[] = [];
  #timer: Timer | undefined;

  constructor(stage: Stage, index: number, url: string, behaviour: BehaviourOf<"calls">) {
    super(stage, index, url, "/calls");
    this.#behaviour = behaviour;
    this.#callId = stage.takeSeat(`call-of-${behaviour.size}`, behaviour.size);
  }

  override wants(name: string): boolean {
    return wanted.has(name);
  }

  override onEvent(name: string, [content]: readonly unknown[]): void {
    const event = content as CallEvent;
    if (event.participants) this.#listed(event.participants);
    if (name === "call-started") this.#entered(event.callId, []);
    else if (name === "call-participants") this.#entered(event.callId, this.#others);
    else if (name === "user-left-call") this.#left(event.userId);
    else if (name === "webrtc-ice-candidate") this.hear(event.candidate?.candidate, event.fromUserId);
    else if (name === "webrtc-answer") this.hear(event.answer?.sdp, event.fromUserId);
    else if (name === "webrtc-offer") this.#called(event.offer?.sdp, event.fromUserId);
  }

  override due(what: number, at: number): void {
    if (what === CALL) this.#callAll(at);
    else super.due(what, at);
  }

  /** A call whose id is there already is joined. */
  override onAnswer(request: Request, answer: unknown): void {
    super.onAnswer(request, answer);
    const isOnline = request.event === "user-joined" && answer !== undefined;
    if (!isOnline || this.isLeaving) return;
    const call = { id: this.#callId, initiator: this.name, participants: [], isVideo: true };
    this.request("start-call", call, this.stage.now);
  }

  protected override begin(at: number): void {
    this.request("user-joined", { id: this.name, username: this.name, joinedAt: new Date().toISOString() }, at);
  }

  protected override startAnew(at: number, awayMs: number): void {
    super.startAnew(at, awayMs);
    this.#stop();
  }

  protected override bidFarewell(at: number): void {
    super.bidFarewell(at);
    if (this.#call && this.isConnected) {
      this.request("leave-call", { callId: this.#callId, userId: this.name }, at);
    }
    this.#stop();
  }

  /** The newcomer calls those who are there. */
  #entered(callId: string, others: readonly string[]): void {
    if (this.isLeaving) return;
    const { now, watch, wheel } = this.stage;
    watch.rosters.enters(now, callId, this);
    this.listed(callId, [this.name, ...others]);
    if (this.#call) return; // a repeated answer
    this.#call = watch.inRoom(callId, false);
    this.involve(this.#call);
    this.#call.seated(now, this);
    for (const other of others) this.#offer(now, other);
    this.#timer = wheel.set(now + this.#behaviour.callAgainAfter, this, CALL);
  }

  #listed(participants: readonly { readonly id: unknown }[]): void {
    const names = participants.map(({ id }) => String(id));
    this.#others = names.filter((name) => name !== this.name);
    if (this.#call) this.listed(this.#callId, names);
  }

  #callAll(at: number): void {
    if (!this.#call || this.stage.isStopping) return;
    this.#timer = this.stage.wheel.set(at + this.#behaviour.callAgainAfter, this, CALL);
    for (const other of this.#others) this.#offer(at, other);
  }

  #offer(at: number, to: string): void {
    this.#signal("webrtc-offer", at, to, (sdp) => ({ offer: { type: "offer", sdp } }), DESCRIPTION_BYTES);
    this.#trickle(at, to);
  }

  #called(sdp: unknown, from: unknown): void {
    this.hear(sdp, from);
    if (!this.#call || this.isLeaving || typeof from !== "string") return;
    const { now } = this.stage;
    this.#signal("webrtc-answer", now, from, (text) => ({ answer: { type: "answer", sdp: text } }), DESCRIPTION_BYTES);
    this.#trickle(now, from);
  }

  #trickle(at: number, to: string): void {
    for (let sent = 0; sent < this.#behaviour.candidates; sent += 1) {
      const payloadOf = (candidate: string) => ({ candidate: { candidate, sdpMid: "0", sdpMLineIndex: 0 } });
      this.#signal("webrtc-ice-candidate", at, to, payloadOf, CANDIDATE_BYTES);
    }
  }

  #signal(event: string, at: number, target: string, payloadOf: (text: string) => object, bytes: number): void {
    const to = this.partyNamed(target);
    if (!this.#call || !to) return;
    const address = { callId: this.#callId, targetUserId: target };
    this.say(this.#call, event, at, (text) => ({ ...address, ...payloadOf(text) }), { bytes, to });
  }

  #left(userId: unknown): void {
    const gone = this.partyNamed(userId);
    if (gone) this.#call?.reportedGone(this.stage.now, gone);
  }

  #stop(): void {
    this.stage.wheel.clear(this.#timer);
    this.#call = undefined;
    this.#others = [];
  }
}
