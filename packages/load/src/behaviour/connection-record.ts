import type { LatencyKind } from "../measure/latencies.ts";
import type { Party } from "../oracle/member.ts";
import type { Arriving } from "../run/handshake-limiter.ts";
import type { Stage } from "../run/stage.ts";
import type { DisconnectReason } from "../wire/reconnection.ts";

/** How a connection began: a visit's first one, or one after another, with the session of before or without it. */
export type Beginning = "first" | "recovered" | "anew";

/** The connections of one user, and what they add to the figures of a run. Times in ms. */
export class ConnectionRecord {
  readonly #stage: Stage;
  readonly #user: Arriving & Party;
  #arrivedAt = 0;
  #hasBeenConnected = false;
  #lostAt = 0;
  #heardBefore = 0;
  #node = "";

  constructor(stage: Stage, user: Arriving & Party) {
    this.#stage = stage;
    this.#user = user;
  }

  /** Whether a visit has begun. */
  get hasArrived(): boolean {
    return this.#arrivedAt > 0;
  }

  /** A visit was to begin then; its session is new. */
  begins(at: number): void {
    this.#arrivedAt = at;
    this.#hasBeenConnected = false;
  }

  /** @returns how it began, and for how long nothing had been received */
  opened(node: string, recovered: boolean): { readonly beginning: Beginning; readonly awayMs: number } {
    const { now, counts, served, limiter } = this.#stage;
    limiter.leave(this.#user);
    this.#node = node;
    counts.connected += 1;
    served.opened(node);
    const beginning = recovered ? "recovered" : this.#hasBeenConnected ? "anew" : "first";
    if (beginning === "first") this.measure("handshake", now - this.#arrivedAt);
    else counts.add(recovered ? "recovered" : "not recovered");
    if (recovered) this.measure("recovery", now - this.#lostAt);
    this.#hasBeenConnected = true;
    return { beginning, awayMs: now - this.#heardBefore };
  }

  /** @returns whether it was lost, and not ended by the client itself */
  closed(reason: DisconnectReason, heardAt: number): boolean {
    const { now, counts, served, disturbed } = this.#stage;
    counts.connected -= 1;
    served.closed(this.#node);
    this.#lostAt = now;
    this.#heardBefore = heardAt;
    if (reason === "io client disconnect") return false;
    disturbed.add(this.#user.index);
    counts.add("lost connections");
    if (reason === "io server disconnect") counts.fail(reason);
    return true;
  }

  /** An attempt to connect has failed, for that reason. */
  failed(reason: string): void {
    this.#stage.counts.fail(reason);
    this.#stage.limiter.leave(this.#user);
  }

  /** Notes a latency that the node has caused to which it is connected. */
  measure(kind: LatencyKind, durationMs: number): void {
    this.#stage.served.record(kind, durationMs, this.#node);
  }
}
