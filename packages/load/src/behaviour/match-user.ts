import type { Conversation } from "../oracle/conversation.ts";
import type { Stage } from "../run/stage.ts";
import type { BehaviourOf } from "../scenario/schema.ts";
import type { Timer } from "../wire/timer-wheel.ts";
import { Talker } from "./talker.ts";

const CALL = 1;
const wanted = new Set(["joined", "offer", "answer", "ice-candidate", "user-left"]);
/** About what a browser's description without video takes. */
const DESCRIPTION_BYTES = 2000;
const CANDIDATE_BYTES = 120;

interface Signal {
  readonly from: unknown;
  readonly offer?: { readonly sdp?: unknown };
  readonly answer?: { readonly sdp?: unknown };
  readonly candidate?: { readonly candidate?: unknown };
}

/** In `match`: one of two who call each other, with offer, answer and candidates, again and again. */
export class MatchUser extends Talker {
  readonly #behaviour: BehaviourOf<"match">;
  readonly #match: string;
  #call: Conversation | undefined;
  #other: unknown;
  #timer: Timer | undefined;

  constructor(stage: Stage, index: number, url: string, behaviour: BehaviourOf<"match">) {
    super(stage, index, url, "/match");
    this.#behaviour = behaviour;
    this.#match = stage.takeSeat("match", 2);
  }

  override wants(name: string): boolean {
    return wanted.has(name);
  }

  override onEvent(name: string, [content]: readonly unknown[]): void {
    const { from, offer, answer, candidate } = content as Signal;
    if (name === "joined") this.#joined(content as { readonly participants: readonly string[] });
    else if (name === "user-left") this.#left((content as { readonly userId: unknown }).userId);
    else if (name === "ice-candidate") this.hear(candidate?.candidate, from);
    else this.#described(name, name === "offer" ? offer?.sdp : answer?.sdp, from);
  }

  override due(what: number, at: number): void {
    if (what === CALL) this.#offer(at);
    else super.due(what, at);
  }

  protected override begin(at: number): void {
    this.request("register", { userId: this.name, matchId: this.#match }, at);
  }

  protected override startAnew(at: number, awayMs: number): void {
    super.startAnew(at, awayMs);
    this.#stop();
  }

  protected override bidFarewell(at: number): void {
    super.bidFarewell(at);
    if (this.#call && this.isConnected) this.request("end-call", {}, at);
    this.#stop();
  }

  /** The second of the two calls: it knows that the other one is there. */
  #joined({ participants }: { readonly participants: readonly string[] }): void {
    if (this.#call || this.isLeaving) return; // a repeated answer
    const { now, watch, wheel } = this.stage;
    this.#call = watch.inRoom(this.#match, false);
    this.involve(this.#call);
    this.#call.seated(now, this);
    this.#other = participants.find((name) => name !== this.name);
    if (this.#other !== undefined) this.#timer = wheel.set(now, this, CALL);
  }

  #offer(at: number): void {
    if (!this.#call || this.stage.isStopping) return;
    this.#signal("offer", at, (sdp) => ({ offer: { type: "offer", sdp } }), DESCRIPTION_BYTES);
    this.#trickle(at);
    this.#timer = this.stage.wheel.set(at + this.#behaviour.callAgainAfter, this, CALL);
  }

  #described(kind: string, sdp: unknown, from: unknown): void {
    this.hear(sdp, from);
    if (kind !== "offer" || !this.#call || this.isLeaving) return;
    const { now } = this.stage;
    this.#other = from;
    this.#signal("answer", now, (text) => ({ answer: { type: "answer", sdp: text } }), DESCRIPTION_BYTES);
    this.#trickle(now);
  }

  #trickle(at: number): void {
    for (let sent = 0; sent < this.#behaviour.candidates; sent += 1) {
      const payloadOf = (candidate: string) => ({ candidate: { candidate, sdpMid: "0", sdpMLineIndex: 0 } });
      this.#signal("ice-candidate", at, payloadOf, CANDIDATE_BYTES);
    }
  }

  #signal(event: string, at: number, payloadOf: (text: string) => object, bytes: number): void {
    if (this.#call) this.say(this.#call, event, at, (text) => ({ to: this.#other, ...payloadOf(text) }), { bytes });
  }

  #left(userId: unknown): void {
    const gone = this.partyNamed(userId);
    if (gone) this.#call?.reportedGone(this.stage.now, gone);
  }

  #stop(): void {
    this.stage.wheel.clear(this.#timer);
    this.#call = undefined;
  }
}
