import { setTimeout as wait } from "node:timers/promises";
import { finishRecovery, networkText, Participant, withTrace } from "@switchyard/core";
import type { DialectName, SessionId } from "@switchyard/protocol";
import type { RecoveringUser, Restored } from "@switchyard/store";
import type { Metrics } from "../telemetry/metrics.ts";
import { observePairingWait } from "../telemetry/pairing-wait.ts";
import { awaitLateDisconnect, type CloseReason, closeSession } from "./disconnect.ts";
import type { HeldSessions } from "./held-sessions.ts";
import { LocalSession, type LocalSessionHooks } from "./local-session.ts";
import { Reconciliation } from "./reconciliation.ts";
import type { RecoveryId, RecoveryOffset } from "./recovery-credentials.ts";
import type { OpeningChoices, Resumption, SessionHostParts } from "./session-host-parts.ts";
import { findFormer, takeOver, takeOverByUser } from "./takeover.ts";

/**
 * The sessions that this node holds: opened, taken over from other nodes, let go. The order of the steps is what makes it safe: first
 * the node's index (so somebody will end the session), then its channel (so nothing is missed), then the session itself.
 */
export class SessionHost {
  readonly #parts: SessionHostParts;
  readonly #sessions: HeldSessions;
  readonly #closing = new Set<Promise<unknown>>();
  readonly #reconciliation: Reconciliation;
  readonly #hooks: LocalSessionHooks;

  constructor(parts: SessionHostParts) {
    this.#parts = parts;
    this.#sessions = parts.sessions;
    this.#hooks = {
      onGap: (session) => void this.#reconcile(session, parts.metrics.gaps),
      onTakenOver: (session) => this.#handOver(session),
      onEnded: (session) => this.#dismiss(session, "its client has left"),
      onPaired: ({ participant }, seat) => observePairingWait(parts.metrics, participant, seat),
      onFollow: (session) => parts.feedOf(session.participant.dialect)?.catchUp(session),
      onDelivered: ({ participant }, event) => parts.tracing.delivered(participant, event),
      onDeliveredLate: ({ participant }, event) => parts.tracing.deliveredLate(participant, event),
      onFeedEntry: ({ participant }, entry) => parts.tracing.feedEntryDelivered(participant, entry),
      onLost: (session) => void this.#endLost(session),
    };
    this.#reconciliation = new Reconciliation(parts, {
      onLost: (session) => this.#dismiss(session, "no longer held by this node"),
      onHalfDone: (resumption) => this.finishResumption(resumption),
    });
  }

  /** Takes back a session that was given up although this node holds it; whether it does. */
  reclaim(id: SessionId): boolean {
    const session = this.#sessions.find(id);
    if (session) void this.#reconcile(session);
    return session !== undefined;
  }

  /** Opens a session for a new connection. It holds events back until it is given the connection. */
  async open(
    dialect: DialectName | "",
    recovery: RecoveryId,
    { bearer, network }: Pick<Participant, "bearer" | "network">,
    choices: OpeningChoices,
  ): Promise<LocalSession> {
    const { node, cluster, subscriptions } = this.#parts;
    const id = recovery.session;
    const session = new LocalSession(new Participant(id, dialect, 1), choices.lastNumber, this.#hooks);
    Object.assign(session.participant, { bearer, network, echoes: choices.echoes });
    return this.#whileOpening(session, async () => {
      await Promise.all([cluster.store.nodes.expect(node, id), subscriptions.subscribe(session)]);
      const { lease } = session.participant; // in which it was noted in the index
      const given = { network: network && networkText(network), bearer: bearer?.user, lease: lease?.until };
      const isOpened = await cluster.store.sessions.open(id, dialect, recovery.hash, node, { ...choices, ...given });
      if (!isOpened) throw new Error("the session's id is taken");
      this.#sessions.add(session);
      return session;
    });
  }

  /** Takes a session over from wherever it was; `undefined` if the client has to start anew. */
  async resume(recovery: RecoveryId, offset: RecoveryOffset): Promise<Resumption | undefined> {
    const { metrics } = this.#parts;
    if (this.#sessions.find(recovery.session)?.isDisconnecting) return void metrics.resumes.inc({ outcome: "leaving" });
    const session = new LocalSession(new Participant(recovery.session, "", 0), offset.number, this.#hooks);
    return this.#takeOver(session, () => takeOver(this.#parts, session, recovery, offset));
  }

  /**
   * Takes over the session with which a client that can't recover was that user, if its grace is not over; else `undefined`.
   * @param fresh the session that the client has now; events that it has sent keep their order
   */
  async resumeByUser(user: RecoveringUser, dialect: DialectName, fresh: LocalSession): Promise<Resumption | undefined> {
    const former = await findFormer(this.#parts, user.user, dialect);
    if (!former) return undefined;
    const session = new LocalSession(new Participant(former.id, "", 0), former.number, this.#hooks, fresh.eventQueue);
    session.participant.inherit(fresh.participant);
    return this.#takeOver(session, () => takeOverByUser(this.#parts, session, user));
  }

  /** Finishes what the node that had the session before left half done. */
  async finishResumption({ session, restored }: Resumption): Promise<void> {
    const { epoch, record } = restored;
    const context = record.dialect === "" ? undefined : this.#parts.cluster.contexts.get(record.dialect);
    const { session: id, origin } = session.participant;
    if (context) await finishRecovery(withTrace(this.#parts.tracing.background(), context), id, epoch, record, origin);
  }

  /** Settles the dialect of a session that did not name it when it connected. */
  async adoptDialect({ participant }: LocalSession, dialect: DialectName): Promise<void> {
    const { session, epoch } = participant;
    const errorCode = await this.#parts.cluster.store.sessions.setDialect(session, dialect, epoch);
    if (errorCode) throw new Error(`the session is ${errorCode}`);
    participant.dialect = dialect;
  }

  /**
   * Parts a session from its connection. From one that was overtaken only a disconnect by the client counts.
   * @param deadline of the grace (Unix time in ms), if the session is to get no time besides what it had
   */
  async disconnect(session: LocalSession, reason: CloseReason, deadline?: number): Promise<void> {
    if (session.released && !(session.overtaken && reason === "disconnect")) return;
    this.#release(session);
    const closing = closeSession(this.#parts, session, reason, deadline);
    this.#closing.add(closing);
    await closing.finally(() => this.#closing.delete(closing));
  }

  /** Resolves when no session is held, or after `atMostMs`. */
  async allReleased(atMostMs: number): Promise<void> {
    const until = performance.now() + atMostMs;
    while ((this.#sessions.size > 0 || this.#closing.size > 0) && performance.now() < until) await wait(10);
  }

  /** Compares the cached state of sessions with Redis: of all, after this node was cut off from it. */
  async reconcile(sessions: readonly LocalSession[] = this.#sessions.all): Promise<void> {
    await Promise.all(sessions.map((session) => this.#reconcile(session)));
  }

  /** A session that arrives counts as held. If it fails nothing of it stays here; Redis's notes of it, if any, are disowned later. */
  async #whileOpening<Arrived>(session: LocalSession, open: () => Promise<Arrived>): Promise<Arrived> {
    const { leaseTerms, renewLease, cluster } = this.#parts;
    if (leaseTerms.current.until <= cluster.store.clock.now()) await renewLease(); // else nothing could be done for it yet
    session.participant.lease = leaseTerms.current;
    return this.#sessions.whileOpening(session, () =>
      open().catch(async (error: unknown) => {
        await this.#parts.subscriptions.unsubscribe(session).catch(() => {}); // Redis is away: then nothing is subscribed either
        throw error;
      }),
    );
  }

  #takeOver(session: LocalSession, take: () => Promise<Restored | undefined>): Promise<Resumption | undefined> {
    return this.#whileOpening(session, async () => {
      const restored = await take();
      if (restored) this.#sessions.add(session);
      return restored && { session, restored };
    });
  }

  #reconcile(session: LocalSession, counter?: Metrics["gaps"]): Promise<void> {
    counter?.inc();
    return this.#reconciliation.run(session);
  }

  /** The events that its client has missed can no longer be delivered: it ends, and the client starts anew. */
  async #endLost(session: LocalSession): Promise<void> {
    const { logger } = this.#parts;
    const { session: id, dialect } = session.participant;
    logger.info({ session: id, dialect }, "a session's missed events are no longer kept; its client starts anew");
    session.isDisconnecting = true;
    try {
      await this.disconnect(session, "end");
    } catch (error) {
      logger.warn({ err: error, session: id }, "a session could not be ended; this node disowns it later");
    }
    session.connection?.close();
  }

  /** Another connection of the client has the session; this one is listened to a while longer, for its client's disconnect. */
  #handOver(session: LocalSession): void {
    session.overtaken = true;
    this.#unsubscribe(session, "taken over by another connection");
    void awaitLateDisconnect(session, this.#parts.cluster.store.sessions);
  }

  /** Closes the connection of a session that is no longer ours; a client that has lost it can recover. */
  #dismiss(session: LocalSession, why: string): void {
    this.#unsubscribe(session, why);
    session.connection?.close();
  }

  #unsubscribe(session: LocalSession, why: string): void {
    const { logger, subscriptions } = this.#parts;
    const { session: id, dialect } = session.participant;
    logger.debug({ session: id, dialect }, `a session was let go: ${why}`);
    this.#release(session);
    const onFailure = (err: unknown) => logger.warn({ err, session: id }, "could not unsubscribe");
    subscriptions.unsubscribe(session).catch(onFailure);
  }

  #release(session: LocalSession): void {
    session.released = true;
    this.#sessions.remove(session);
  }
}
