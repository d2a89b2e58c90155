import type { Conversation } from "../oracle/conversation.ts";
import type { Stage } from "../run/stage.ts";
import type { BehaviourOf } from "../scenario/schema.ts";
import type { Timer } from "../wire/timer-wheel.ts";
import { Talker } from "./talker.ts";

const SAY = 1;
const TOGGLE = 2;
const wanted = new Set(["joined-room", "participants-updated", "new-message", "user-left"]);

type Participants = readonly { readonly userName: unknown }[];

/** In `rooms`: takes part in a meeting, writes to everybody, and turns its microphone and camera on and off. */
export class MeetingUser extends Talker {
  readonly #behaviour: BehaviourOf<"rooms">;
  readonly #room: string;
  #meeting: Conversation | undefined;
  #timers: Timer[] = [];
  #toggles = 0;

  constructor(stage: Stage, index: number, url: string, behaviour: BehaviourOf<"rooms">) {
    super(stage, index, url, "/rooms");
    this.#behaviour = behaviour;
    this.#room = stage.takeSeat(`of-${behaviour.size}`, behaviour.size);
  }

  override wants(name: string): boolean {
    return wanted.has(name);
  }

  override onEvent(name: string, [content]: readonly unknown[]): void {
    if (name === "joined-room")
      this.#joined(content as { readonly roomId: string; readonly participants: Participants });
    else if (name === "participants-updated") this.#listed(content as Participants);
    else {
      const { message, userName } = content as { message?: unknown; userName: unknown };
      if (name === "new-message") this.hear(message, userName);
      else this.#left(userName);
    }
  }

  override due(what: number, at: number): void {
    if (what === SAY) this.#say(at);
    else if (what === TOGGLE) this.#toggle(at);
    else super.due(what, at);
  }

  protected override begin(at: number): void {
    this.request("join-room", { roomId: this.#room, userName: this.name }, at);
  }

  protected override startAnew(at: number, awayMs: number): void {
    super.startAnew(at, awayMs);
    this.#stop();
  }

  protected override bidFarewell(at: number): void {
    super.bidFarewell(at);
    this.#stop();
    if (this.isConnected) this.request("leave-room", { roomId: this.#room }, at);
  }

  #joined({ roomId, participants }: { readonly roomId: string; readonly participants: Participants }): void {
    const { now, wheel, watch, random } = this.stage;
    if (this.isLeaving) return;
    watch.rosters.enters(now, roomId, this);
    this.#listed(participants);
    if (this.#meeting) return; // a repeated answer
    this.#meeting = watch.inRoom(this.#room, true);
    this.involve(this.#meeting);
    this.#meeting.seated(now, this);
    const { messageEvery, toggleEvery } = this.#behaviour;
    this.#timers = [
      wheel.set(now + messageEvery * random(), this, SAY),
      wheel.set(now + toggleEvery * random(), this, TOGGLE),
    ];
  }

  #say(at: number): void {
    if (!this.#meeting || this.stage.isStopping) return;
    const { messageEvery, messageBytes } = this.#behaviour;
    this.say(this.#meeting, "send-message", at, (message) => ({ roomId: this.#room, message }), {
      bytes: messageBytes,
    });
    const next = this.nextMessage(at, messageEvery);
    if (next !== undefined) this.#timers[0] = this.stage.wheel.set(next, this, SAY);
  }

  #toggle(at: number): void {
    if (!this.#meeting || this.stage.isStopping) return;
    this.#timers[1] = this.stage.wheel.set(at + this.#behaviour.toggleEvery, this, TOGGLE);
    if (!this.isConnected) return;
    this.#toggles += 1;
    const isOn = this.#toggles % 4 > 1;
    if (this.#toggles % 2 === 0) this.request("toggle-audio", { roomId: this.#room, isAudioMuted: isOn }, at);
    else this.request("toggle-video", { roomId: this.#room, isVideoOff: isOn }, at);
  }

  protected override thinks(until: number): void {
    if (!this.#meeting) return;
    this.stage.wheel.clear(this.#timers[0]);
    this.#timers[0] = this.stage.wheel.set(until, this, SAY);
  }

  #listed(participants: Participants): void {
    this.listed(
      this.#room,
      participants.map(({ userName }) => userName),
    );
  }

  #left(userName: unknown): void {
    const gone = this.partyNamed(userName);
    if (gone) this.#meeting?.reportedGone(this.stage.now, gone);
  }

  #stop(): void {
    for (const timer of this.#timers) this.stage.wheel.clear(timer);
    this.#timers = [];
    this.#meeting = undefined;
  }
}
