import { CallUser } from "../behaviour/call-user.ts";
import { ChatUser } from "../behaviour/chat-user.ts";
import { MatchUser } from "../behaviour/match-user.ts";
import { MeetingUser } from "../behaviour/meeting-user.ts";
import { RandomUser } from "../behaviour/random-user.ts";
import { StormUser } from "../behaviour/storm-user.ts";
import { User } from "../behaviour/user.ts";
import type { Behaviour } from "../scenario/schema.ts";
import type { Timed } from "../wire/timer-wheel.ts";
import type { Stage } from "./stage.ts";

const ARRIVE = 1;
const LEAVE = 2;

/** The users of a run, and when they come and go. A user is made when it comes, whatever became of those before. */
export class Crowd implements Timed {
  readonly users: User[] = [];
  readonly #stage: Stage;
  /** Of an open arrival: how many have left. */
  #leavers = 0;
  #everyMs = 0;
  #last = 0;
  #stayMs = 0;
  #startedAt = 0;

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  /** @param lengthMs how long an open arrival lasts */
  gather(lengthMs: number): void {
    const { arrival, ramp } = this.#stage.scenario;
    const isClosed = "users" in arrival;
    this.#everyMs = isClosed ? ramp / arrival.users : 1000 / arrival.rate;
    this.#last = isClosed ? arrival.users : Math.ceil(lengthMs / this.#everyMs);
    this.#startedAt = this.#stage.now;
    this.#stage.wheel.set(this.#startedAt, this, ARRIVE);
    if (isClosed) return;
    this.#stayMs = arrival.stay;
    this.#setLeave();
  }

  due(what: number, at: number): void {
    if (this.#stage.isStopping) return;
    if (what === ARRIVE) this.#arrive(at);
    else this.#leave(at);
  }

  /** The run is over for all. */
  end(): void {
    for (const user of this.users.slice(this.#leavers)) user.end();
  }

  /** All who are due by now: more than one in a tick of the wheel. */
  #arrive(at: number): void {
    let next = 0;
    do {
      const user = this.#userNumbered(this.users.length);
      this.users.push(user);
      this.#stage.limiter.enter(user, at);
      next = this.#startedAt + this.users.length * this.#everyMs;
    } while (next <= at && this.users.length < this.#last);
    if (this.users.length < this.#last) this.#stage.wheel.set(next, this, ARRIVE);
  }

  #leave(at: number): void {
    this.users[this.#leavers]?.leave(at);
    this.#leavers += 1;
    this.#setLeave();
  }

  #setLeave(): void {
    const next = this.#startedAt + this.#stayMs + this.#leavers * this.#everyMs;
    this.#stage.wheel.set(next, this, LEAVE);
  }

  #userNumbered(index: number): User {
    const { targets } = this.#stage.scenario;
    const url = targets[index % targets.length] ?? "";
    const behaviour = this.#drawBehaviour();
    switch (behaviour.behaviour) {
      case "random":
        return new RandomUser(this.#stage, index, url, behaviour);
      case "rooms":
        return new MeetingUser(this.#stage, index, url, behaviour);
      case "match":
        return new MatchUser(this.#stage, index, url, behaviour);
      case "calls":
        return new CallUser(this.#stage, index, url, behaviour);
      case "chat":
        return new ChatUser(this.#stage, index, url, behaviour);
      case "storm":
        return new StormUser(this.#stage, index, url, behaviour);
      case "idle":
        return new User(this.#stage, index, url, behaviour.namespace);
    }
  }

  #drawBehaviour(): Behaviour {
    const { mix } = this.#stage.scenario;
    let drawn = this.#stage.random() * mix.reduce((sum, { weight }) => sum + weight, 0);
    for (const behaviour of mix) {
      drawn -= behaviour.weight;
      if (drawn < 0) return behaviour;
    }
    return mix.at(-1) ?? { behaviour: "idle", weight: 1, namespace: "/" };
  }
}
