import { type Connection, connect } from "@switchyard/client";
import {
  type ClientToServerEvents,
  type MatchOptions,
  match,
  type ServerToClientEvents,
} from "@switchyard/client/match";
import { Live } from "../session/live.ts";
import type { Opening, ServerOptions } from "../session/use-session.ts";

export type MatchConnection = Connection<ClientToServerEvents, ServerToClientEvents, MatchOptions>;

export interface MatchOwn {
  /** User ids of those who are in the match, the own one included. */
  readonly participants: readonly string[];
  /** Those who were there when this user came, or came again in a new session: a new array each time. */
  readonly found: readonly string[];
  /**
   * The call with `peer`: `calling` and `ringing` until it is accepted or rejected; `ended` when the other side ended it, or left.
   */
  readonly call: "none" | "calling" | "ringing" | "accepted" | "rejected" | "ended";
  readonly peer: string | null;
  /** Whether this side called: then it makes the first offer. */
  readonly isCaller: boolean;
  /** Why the other side rejected the call, in its words. */
  readonly reason: string | null;
}

export const noMatch: MatchOwn = {
  participants: [],
  found: [],
  call: "none",
  peer: null,
  isCaller: false,
  reason: null,
};

/** A match, and the call that its two are in, or about to be. */
export class MatchSession extends Live<MatchOwn, MatchConnection> {
  constructor({ url, ...options }: Opening<MatchOptions & ServerOptions>) {
    super(connect(url, { ...options, dialect: match }), noMatch);
    const { connection } = this;
    connection.on("joined", ({ participants, userId }) =>
      this.set({ participants, found: participants.filter((id) => id !== userId) }),
    );
    connection.on("user-joined", ({ userId }) => this.#came(userId));
    connection.on("user-left", ({ userId }) => this.#left(userId));
    connection.on("incoming-call", ({ from }) => this.#rings(from));
    connection.on("call-accepted", ({ from }) => this.set({ call: "accepted", peer: from }));
    connection.on("call-rejected", ({ from, reason }) => this.set({ call: "rejected", peer: from, reason }));
    connection.on("call-ended", ({ from }) => this.set({ call: "ended", peer: from }));
  }

  /** One that is accepted goes on meanwhile: after a reload the other side has to be asked again. */
  async initiateCall(to: string): Promise<void> {
    if (!this.#isStill("accepted", to)) this.set({ call: "calling", peer: to, isCaller: true, reason: null });
    try {
      await this.connection.deliver("initiate-call", [{ to }], () => this.get().peer === to);
    } catch (error) {
      if (this.#isStill("calling", to)) this.set({ call: "none", peer: null });
      throw error;
    }
  }

  /** Takes the call that rings. */
  async acceptCall(): Promise<void> {
    const { peer } = this.get();
    if (peer === null) return;
    this.set({ call: "accepted" });
    await this.connection.deliver("accept-call", [{ to: peer }], () => this.#isStill("accepted", peer));
  }

  async rejectCall(reason?: string): Promise<void> {
    const { peer } = this.get();
    this.set({ call: "none", peer: null });
    if (peer !== null) await this.connection.deliver("reject-call", [{ to: peer, reason }]);
  }

  async endCall(): Promise<void> {
    this.set({ call: "none", peer: null, reason: null });
    await this.connection.deliver("end-call", []);
  }

  #isStill(call: MatchOwn["call"], peer: string): boolean {
    const now = this.get();
    return now.call === call && now.peer === peer;
  }

  /** Both call at once, or the other side has a new page: nobody has to be asked. */
  #rings(from: string): void {
    if (!this.#isStill("calling", from) && !this.#isStill("accepted", from))
      return this.set({ call: "ringing", peer: from, isCaller: false, reason: null });
    this.set({ call: "accepted" });
    this.connection.deliver("accept-call", [{ to: from }]).catch(() => {}); // the other one is gone again
  }

  #came(userId: string): void {
    const { participants } = this.get();
    if (!participants.includes(userId)) this.set({ participants: [...participants, userId] });
  }

  #left(userId: string): void {
    const { participants, peer } = this.get();
    this.set({ participants: participants.filter((id) => id !== userId) });
    if (peer === userId) this.set({ call: "ended" });
  }
}
