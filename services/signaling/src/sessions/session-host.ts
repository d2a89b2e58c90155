import { setTimeout as wait } from "node:timers/promises";
import { type Bearer, type Context, finishRecovery, Participant, withTrace } from "@switchyard/core";
import type { DialectName, SessionId } from "@switchyard/protocol";
import type { Metrics } from "../telemetry/metrics.ts";
import { Comparison } from "./comparison.ts";
import type { HeldSessions } from "./held-sessions.ts";
import { awaitGoodbye, type Parting, sayFarewell } from "./letting-go.ts";

import { LocalSession, type LocalSessionHooks } from "./local-session.ts";
import type { Offset, RecoveryId } from "./recovery-id.ts";

import type { Resumption, SessionHostParts } from "./resumption.ts";
import { takeOver } from "./taking-over.ts";

/**
 * The sessions that this node holds: opened, taken over from other nodes, let go. The order of the steps is what makes it safe: first
 * the node's index (so somebody will end the session), then its channel (so nothing is missed), then the session itself.
 */
export class SessionHost {
  readonly #parts: SessionHostParts;
  readonly #sessions: HeldSessions;
  readonly #farewells = new Set<Promise<unknown>>();
  readonly #comparison: Comparison;
  readonly #hooks: LocalSessionHooks;

  constructor(parts: SessionHostParts) {
    this.#parts = parts;
    this.#sessions = parts.sessions;
    this.#hooks = {
      onGap: (session) => void this.#check(session, parts.metrics.gaps),
      onTakenOver: (session) => this.#handOver(session),
      onEnded: (session) => this.#dismiss(session, "its client has left"),
      onPaired: (session, seat) => parts.waits.end(session, seat),
      onFollow: (session) => parts.feedOf(session.participant.dialect)?.catchUp(session),
      onTold: ({ participant }, event) => parts.trail.wentOut(participant, event),
      onCaughtUp: ({ participant }, event) => parts.trail.caughtUp(participant, event),
      onHeard: ({ participant }, entry) => parts.trail.heard(participant, entry),
      onLost: (session) => void this.#giveUp(session),
    };
    this.#comparison = new Comparison(parts, {
      onLost: (session) => this.#dismiss(session, "not held by this node any more"),
      onTakenBack: (resumption) => this.finishResumption(resumption),
    });
  }

  /** Takes back a session that was given up although this node holds it; whether it does. */
  reclaim(id: SessionId): boolean {
    const session = this.#sessions.find(id);
    if (session) void this.#check(session);
    return session !== undefined;
  }

  /** Opens a session for a new connection. It holds events back until it is given the connection. */
  async open(dialect: DialectName | "", recovery: RecoveryId, bearer?: Bearer): Promise<LocalSession> {
    const { node, cluster, hearing } = this.#parts;
    const id = recovery.session;
    const session = new LocalSession(new Participant(id, dialect, 1), 0, this.#hooks);
    session.participant.bearer = bearer;
    return this.#arrive(session, async () => {
      await Promise.all([cluster.store.nodes.expect(node, id), hearing.begin(session)]);
      if (!(await cluster.store.sessions.open(id, dialect, recovery.hash, node, bearer?.user))) {
        throw new Error("the session's id is taken");
      }
      this.#sessions.add(session);
      return session;
    });
  }

  /** Takes a session over from wherever it was; `undefined` if the client has to start anew. */
  async resume(recovery: RecoveryId, offset: Offset): Promise<Resumption | undefined> {
    const { metrics } = this.#parts;
    if (this.#sessions.find(recovery.session)?.leaving) return void metrics.resumes.inc({ outcome: "leaving" });
    const session = new LocalSession(new Participant(recovery.session, "", 0), offset.number, this.#hooks);
    return this.#arrive(session, async () => {
      const restored = await takeOver(this.#parts, session, recovery, offset);
      if (restored) this.#sessions.add(session);
      return restored && { session, restored };
    });
  }

  /** Finishes what the node that had the session before left half done. */
  async finishResumption({ session, restored }: Resumption): Promise<void> {
    const context = this.contextOf(session);
    if (!context) return;
    const traced = withTrace(this.#parts.trail.ofNoEvent(), context);
    await finishRecovery(traced, session.participant.session, restored.epoch, restored.record);
  }

  /** Settles what a session speaks that did not say it when it connected. */
  async adoptDialect({ participant }: LocalSession, dialect: DialectName): Promise<void> {
    const refusal = await this.#parts.cluster.store.sessions.setDialect(
      participant.session,
      dialect,
      participant.epoch,
    );
    if (refusal) throw new Error(`the session is ${refusal}`);
    participant.dialect = dialect;
  }

  contextOf({ participant: { dialect } }: LocalSession): Context | undefined {
    return dialect === "" ? undefined : this.#parts.cluster.contexts.get(dialect);
  }

  /**
   * Parts a session from its connection. From one that was overtaken only a goodbye counts.
   * @param deadline of the grace (Unix time in ms), if the session is to get no time besides what it had
   */
  async part(session: LocalSession, parting: Parting, deadline?: number): Promise<void> {
    if (session.released && !(session.overtaken && parting === "goodbye")) return;
    this.#letGo(session);
    const farewell = sayFarewell(this.#parts, session, parting, deadline);
    this.#farewells.add(farewell);
    await farewell.finally(() => this.#farewells.delete(farewell));
  }

  /** Resolves when no session is held any more, or after `atMostMs`. */
  async settled(atMostMs: number): Promise<void> {
    const until = performance.now() + atMostMs;
    while ((this.#sessions.size > 0 || this.#farewells.size > 0) && performance.now() < until) await wait(10);
  }

  /** Compares everything that this node believes with Redis, after it was cut off from it. */
  async checkAll(): Promise<void> {
    await Promise.all(this.#sessions.all.map((session) => this.#check(session)));
  }

  /** What arrives counts as held. If it fails nothing of it stays here; what Redis may have noted of it is disowned later. */
  async #arrive<Arrived>(session: LocalSession, arrive: () => Promise<Arrived>): Promise<Arrived> {
    return this.#sessions.arriving(session, () =>
      arrive().catch(async (error: unknown) => {
        await this.#parts.hearing.end(session).catch(() => {}); // Redis is away: then nothing is subscribed either
        throw error;
      }),
    );
  }

  #check(session: LocalSession, counter?: Metrics["gaps"]): Promise<void> {
    counter?.inc();
    return this.#comparison.make(session);
  }

  /** What its client has missed can't be told any more: it ends, and the client starts anew. */
  async #giveUp(session: LocalSession): Promise<void> {
    const { logger } = this.#parts;
    const { session: id, dialect } = session.participant;
    logger.info({ session: id, dialect }, "what a session missed is not kept any more; its client starts anew");
    session.leaving = true;
    try {
      await this.part(session, "end");
    } catch (error) {
      logger.warn({ err: error, session: id }, "a session could not be ended; this node disowns it later");
    }
    session.connection?.close();
  }

  /** Another connection of the client has the session; this one is listened to a while longer, for its client's goodbye. */
  #handOver(session: LocalSession): void {
    session.overtaken = true;
    this.#forsake(session, "taken over by another connection");
    void awaitGoodbye(session, this.#parts.cluster.store.sessions);
  }

  /** Closes the connection of a session that is not ours any more; a client that has lost it can recover. */
  #dismiss(session: LocalSession, why: string): void {
    this.#forsake(session, why);
    session.connection?.close();
  }

  #forsake(session: LocalSession, why: string): void {
    const { logger, hearing } = this.#parts;
    const { session: id, dialect } = session.participant;
    logger.debug({ session: id, dialect }, `a session was let go: ${why}`);
    this.#letGo(session);
    hearing.end(session).catch((err: unknown) => logger.warn({ err, session: id }, "could not unsubscribe"));
  }

  #letGo(session: LocalSession): void {
    session.released = true;
    this.#sessions.remove(session);
  }
}
