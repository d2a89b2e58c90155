import { randomUUID } from "node:crypto";
import type { Context } from "@switchyard/core";
import { detach, disconnect, endDueSessions, finishRecovery, Participant, reconcileIndex } from "@switchyard/core";
import type { NodeId, SessionId } from "@switchyard/protocol";
import type { Restored } from "@switchyard/store";
import { answer } from "./answering.ts";
import { Arrivals, type ModelNodeParts, whole } from "./arrivals.ts";
import { Held } from "./held.ts";
import { unlessLost } from "./interleaver.ts";
import type { ModelLease } from "./model-lease.ts";
import type { Connection, Page } from "./page/page.ts";
import type { Request } from "./request.ts";
import { Sockets } from "./sockets.ts";

/** A signaling node without sockets: the steps and their order are those of the signaling service. */
export class ModelNode {
  readonly id: NodeId;
  readonly lease: ModelLease;
  readonly sockets = new Sockets();
  alive = true;
  readonly held = new Map<SessionId, Held>();
  readonly #overtaken = new Map<Connection, Held>();
  readonly #parts: ModelNodeParts;
  readonly #arrivals: Arrivals;

  constructor(parts: ModelNodeParts) {
    this.id = parts.id;
    this.lease = parts.lease;
    this.#parts = parts;
    this.#arrivals = new Arrivals(parts);
  }

  /** A page connects: its session is recovered if it can be, else it gets a new one. */
  async connect(page: Page, connection: Connection): Promise<void> {
    if (page.recoverable && page.session) {
      if (await this.#resume(page.session, page.offset, connection)) return;
    }
    await this.#open(page, connection);
  }

  /** A client asks for something. */
  ask(page: Page, request: Request): void {
    const held = page.session && this.held.get(page.session.id);
    if (!held || held.connection !== page.connection) return;
    page.asks(request);
    this.sockets.arrive(() => held.inTurn(() => answer(this.#context, this.#parts, held, page, request)));
  }

  /** The node notices that a connection is gone. */
  notice(connection: Connection): void {
    for (const held of this.held.values()) {
      if (held.connection === connection) held.inTurn(() => this.#drop(held, connection.hasDisconnected));
    }
    const overtaken = this.#overtaken.get(connection);
    if (connection.hasDisconnected && overtaken) overtaken.inTurn(() => this.#disconnect(overtaken, true));
  }

  /** A sign of life; when the lease had run out, every session is compared with Redis, and acts for that long by the one that is over. */
  async renew(leaseMs: number): Promise<void> {
    this.lease.renewed(await this.#store.nodes.renew(this.id, leaseMs));
    const { term } = this.lease;
    const toCheck = [...this.held.values()].filter((held) => held.participant.lease !== term || held.uncertain);
    await Promise.all(toCheck.map((held) => this.#check(held)));
  }

  /** Lets go of what Redis says this node holds, and does not. */
  async reconcileIndex(): Promise<void> {
    const isKnown = (session: SessionId) => this.held.has(session) || this.#arrivals.has(session);
    await reconcileIndex(this.#parts.cluster, this.id, isKnown);
  }

  async endDueSessions(): Promise<void> {
    await endDueSessions(this.#parts.cluster, this.id, (session) => this.#reclaim(session));
  }

  get #store() {
    return this.#parts.cluster.store;
  }

  get #context(): Context {
    const context = this.#parts.cluster.contexts.get(this.#parts.dialect);
    if (!context) throw new Error("no context");
    return context;
  }

  async #open(page: Page, connection: Connection): Promise<void> {
    const id = this.#parts.newSession();
    const held = this.#hold(new Participant(id, this.#parts.dialect, 1), connection, 0);
    const secret = randomUUID();
    const open = () => this.#store.sessions.open(id, this.#parts.dialect, secret, this.id);
    const opened = await this.#arrivals.take(id, held, open);
    if (!opened) throw new Error("the session's id is taken");
    this.held.set(id, held);
    if (!connection.open) return this.#drop(held, true);
    page.begin(id, secret);
    held.inTurn(() => this.#setUp(held, () => this.#store.presence.add(this.#parts.dialect, id)));
    held.attach([]);
  }

  async #resume(known: { id: SessionId; secret: string }, offset: number, connection: Connection): Promise<boolean> {
    const { id, secret } = known;
    const held = this.#hold(new Participant(id, "", 0), connection, offset);
    let missed: Restored["missed"] = [];
    const resumed = await this.#arrivals.take(id, held, async () => {
      const restored = await whole(this.#parts, id, await this.#store.sessions.resume(id, secret, offset, this.id));
      if (typeof restored === "string") return false;
      await this.#store.nodes.hold(this.id, id);
      missed = restored.missed;
      held.participant.restore(restored);
      held.inTurn(() => this.#setUp(held, () => this.#finishRecovery(held, restored)));
      held.inTurn(() => this.#setUp(held, () => this.#store.presence.add(this.#parts.dialect, id)));
      this.held.set(id, held);
      return true;
    });
    if (!resumed) return false;
    if (!connection.open) held.inTurn(() => this.#drop(held, false));
    held.attach(missed);
    return true;
  }

  #finishRecovery({ participant }: Held, { epoch, record }: Restored): Promise<void> {
    return finishRecovery(this.#context, participant.session, epoch, record, participant.origin);
  }

  /** What is to be done first for a connection; where it fails, the connection closes. */
  async #setUp(held: Held, task: () => Promise<unknown>): Promise<void> {
    try {
      await task();
    } catch (error) {
      unlessLost(error);
      held.connection.page.hangUpIf(held.connection);
      held.inTurn(() => this.#drop(held, false));
    }
  }

  async #drop(held: Held, forGood: boolean): Promise<void> {
    if (!held.released || (forGood && this.#overtaken.has(held.connection))) await this.#disconnect(held, forGood);
  }

  async #disconnect(held: Held, forGood: boolean): Promise<void> {
    this.#release(held);
    const { session, epoch } = held.participant;
    const { cluster } = this.#parts;
    await (forGood ? disconnect(cluster, session, this.id) : detach(cluster, session, this.id, epoch)).catch(
      unlessLost,
    );
    this.#parts.hub.leave(session, held);
  }

  async #check(held: Held): Promise<void> {
    const { session, epoch } = held.participant;
    held.holdBack();
    held.uncertain = true;
    const { term } = this.lease;
    const compared = await this.#store.sessions.reconcile(session, epoch, held.lastNumber);
    const restored = await whole(this.#parts, session, compared);
    if (held.released) return;
    if (typeof restored === "string") return this.#dismiss(held);
    held.participant.restore(restored);
    held.participant.lease = term;
    held.uncertain = false;
    held.attach(restored.missed);
    if (restored.epoch === epoch) return;
    await this.#store.nodes.hold(this.id, session);
    await this.#setUp(held, () => this.#finishRecovery(held, restored));
  }

  #reclaim(session: SessionId): boolean {
    const held = this.held.get(session);
    if (held) this.#parts.start(`check ${session}`, () => this.#check(held));
    return held !== undefined || this.#arrivals.has(session);
  }

  #hold(participant: Participant, connection: Connection, lastNumber: number): Held {
    participant.bearer = connection.bearer;
    return new Held(participant, connection, lastNumber, {
      onTakenOver: (held) => this.#handOver(held),
      onEnded: (held) => this.#dismiss(held),
    });
  }

  #handOver(held: Held): void {
    this.#overtaken.set(held.connection, held);
    this.#dismiss(held);
  }

  #dismiss(held: Held): void {
    this.#release(held);
    held.connection.page.hangUpIf(held.connection);
    this.#parts.hub.leave(held.participant.session, held);
  }

  #release(held: Held): void {
    held.released = true;
    const { session } = held.participant;
    if (this.held.get(session) === held) this.held.delete(session);
  }
}
