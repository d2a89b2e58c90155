import type { Stage } from "../run/stage.ts";
import type { BehaviourOf } from "../scenario/schema.ts";
import { User } from "./user.ts";

const GO = 1;
const COME = 2;

/** Connects, stays briefly, leaves, and comes again with a new session: all that it costs is the connections themselves. */
export class StormUser extends User {
  readonly #behaviour: BehaviourOf<"storm">;
  /** It is between two visits. */
  #isPausing = false;

  constructor(stage: Stage, index: number, url: string, behaviour: BehaviourOf<"storm">) {
    super(stage, index, url, behaviour.namespace);
    this.#behaviour = behaviour;
  }

  override get isCalm(): boolean {
    return this.#isPausing || super.isCalm;
  }

  override due(what: number, at: number): void {
    if (what === GO) this.#go(at);
    else if (what === COME) this.#come(at);
    else super.due(what, at);
  }

  protected override begin(at: number): void {
    this.stage.wheel.set(at + this.#behaviour.stay, this, GO);
  }

  #go(at: number): void {
    if (this.isLeaving || this.stage.isStopping || this.#isPausing) return;
    this.#isPausing = true;
    this.client.disconnect();
    this.stage.wheel.set(at + this.#behaviour.pause, this, COME);
  }

  /** Its time is the one for which it was intended, as that of its first connection. */
  #come(at: number): void {
    if (this.isLeaving || this.stage.isStopping) return;
    this.#isPausing = false;
    this.connect(at);
  }
}
