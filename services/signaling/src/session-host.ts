import { setTimeout as wait } from "node:timers/promises";
import { type Bearer, type Cluster, type Context, catchUp, Participant, tracedBy } from "@switchyard/core";
import type { DialectName, NodeId, SessionId } from "@switchyard/protocol";
import type { Logger } from "@switchyard/runtime";
import type { Restored } from "@switchyard/store";
import type { Feed } from "./feed.ts";
import type { Hearing } from "./hearing.ts";
import { InsistentTask } from "./insistent-task.ts";
import { sayFarewell } from "./letting-go.ts";
import { LocalSession, type LocalSessionHooks } from "./local-session.ts";
import type { Metrics } from "./metrics.ts";
import type { Offset } from "./offset.ts";
import type { RecoveryId } from "./recovery-id.ts";
import type { Resumption } from "./resumption.ts";
import { takeOver } from "./taking-over.ts";
import type { Trail } from "./trail.ts";

export interface SessionHostParts {
  readonly node: NodeId;
  readonly cluster: Cluster;
  readonly hearing: Hearing;
  readonly feedOf: (dialect: DialectName | "") => Feed | undefined;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly trail: Trail;
}

/**
 * The sessions that this node holds: opened, taken over from other nodes, let go. The order of the steps is what makes it safe: first
 * the node's index (so somebody will end the session), then its channel (so nothing is missed), then the session itself.
 */
export class SessionHost {
  readonly #parts: SessionHostParts;
  readonly #sessions = new Map<SessionId, LocalSession>();
  readonly #arriving = new Set<LocalSession>();
  readonly #farewells = new Set<Promise<unknown>>();
  readonly #comparing: InsistentTask<LocalSession>;
  readonly #toFinish = new WeakMap<LocalSession, Restored>();
  readonly #hooks: LocalSessionHooks;

  constructor(parts: SessionHostParts) {
    this.#parts = parts;
    this.#hooks = {
      onGap: (session) => void this.#check(session, parts.metrics.gaps),
      onTakenOver: (session) => this.#dismiss(session, "taken over by another connection"),
      onFollow: (session) => parts.feedOf(session.participant.dialect)?.catchUp(session),
      onTold: ({ participant }, event) => parts.trail.wentOut(participant, event),
      onCaughtUp: ({ participant }, event) => parts.trail.caughtUp(participant, event),
      onHeard: ({ participant }, entry) => parts.trail.heard(participant, entry),
      onLost: (session) => void this.#giveUp(session),
    };
    this.#comparing = new InsistentTask(
      (session) => this.#compare(session),
      (session) => !session.released,
      ({ participant: { session } }, err) =>
        parts.logger.warn({ err, session }, "a session could not be compared with Redis; it is tried again"),
    );
  }

  get sessions(): readonly LocalSession[] {
    return [...this.#sessions.values()];
  }

  /** Whether this node holds a session, or is about to. */
  holds(session: SessionId): boolean {
    const isIt = ({ participant }: LocalSession) => participant.session === session;
    return this.#sessions.has(session) || [...this.#arriving].some(isIt);
  }

  /** Takes back a session that was given up although this node holds it; whether it does. */
  reclaim(id: SessionId): boolean {
    const session = this.#sessions.get(id);
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
      this.#sessions.set(id, session);
      return session;
    });
  }

  /** Takes a session over from wherever it was; `undefined` if the client has to start anew. */
  async resume(recovery: RecoveryId, offset: Offset): Promise<Resumption | undefined> {
    const { metrics } = this.#parts;
    if (this.#sessions.get(recovery.session)?.leaving) return void metrics.resumes.inc({ outcome: "leaving" });
    const session = new LocalSession(new Participant(recovery.session, "", 0), offset.number, this.#hooks);
    return this.#arrive(session, async () => {
      const restored = await takeOver(this.#parts, session, recovery, offset);
      if (restored) this.#sessions.set(recovery.session, session);
      return restored && { session, restored };
    });
  }

  /** Finishes what the node that had the session before left half done. */
  async finishResumption({ session, restored }: Resumption): Promise<void> {
    const context = this.contextOf(session);
    if (!context) return;
    const traced = tracedBy(this.#parts.trail.ofNoEvent(), context);
    await catchUp(traced, session.participant.session, restored.epoch, restored.record);
  }

  /** Settles what a session speaks that did not say it when it connected. */
  async adoptDialect({ participant }: LocalSession, dialect: DialectName): Promise<void> {
    const refusal = await this.#parts.cluster.store.sessions.adoptDialect(
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
   * The connection is gone. With `forGood` the client left of its own: the session ends; else its grace begins.
   * @param deadline of the grace (Unix time in ms), if the session is to get no time besides what it had
   */
  async drop(session: LocalSession, forGood: boolean, deadline?: number): Promise<void> {
    if (session.released) return;
    this.#letGo(session);
    const farewell = sayFarewell(this.#parts, session, forGood, deadline);
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
    await Promise.all(this.sessions.map((session) => this.#check(session)));
  }

  /** What arrives counts as held. If that fails nothing of it stays here; what Redis may have noted of it is disowned later. */
  async #arrive<Arrived>(session: LocalSession, arrive: () => Promise<Arrived>): Promise<Arrived> {
    this.#arriving.add(session);
    try {
      return await arrive();
    } catch (error) {
      await this.#parts.hearing.end(session).catch(() => {}); // Redis is away: then nothing is subscribed either
      throw error;
    } finally {
      this.#arriving.delete(session);
    }
  }

  #check(session: LocalSession, counter?: Metrics["gaps"]): Promise<void> {
    counter?.inc();
    session.holdBack();
    return this.#comparing.ask(session);
  }

  /** What its client has missed can't be told any more: it ends, and the client starts anew. */
  async #giveUp(session: LocalSession): Promise<void> {
    const { logger } = this.#parts;
    const { session: id, dialect } = session.participant;
    logger.info({ session: id, dialect }, "what a session missed is not kept any more; its client starts anew");
    session.leaving = true;
    try {
      await this.drop(session, true);
    } catch (error) {
      logger.warn({ err: error, session: id }, "a session could not be ended; this node disowns it later");
    }
    session.connection?.close();
  }

  /** Closes the connection of a session that is not ours any more; a client that has lost it can recover. */
  #dismiss(session: LocalSession, why: string): void {
    const { logger, hearing } = this.#parts;
    const { session: id, dialect } = session.participant;
    logger.debug({ session: id, dialect }, `a session was let go: ${why}`);
    this.#letGo(session);
    session.connection?.close();
    hearing.end(session).catch((err: unknown) => logger.warn({ err, session: id }, "could not unsubscribe"));
  }

  #letGo(session: LocalSession): void {
    session.released = true;
    const { session: id } = session.participant;
    if (this.#sessions.get(id) === session) this.#sessions.delete(id);
  }

  /** Compares a session with Redis; meanwhile what comes for it is held back. */
  async #compare(session: LocalSession): Promise<void> {
    const { cluster, node } = this.#parts;
    const { session: id, epoch } = session.participant;
    session.holdBack();
    const restored = await cluster.store.sessions.check(id, epoch, session.lastNumber);
    if (session.released) return;
    if (typeof restored === "string") return this.#dismiss(session, "not held by this node any more");
    session.participant.restore(restored);
    session.fill(restored.missed, restored.record.feed);
    if (restored.epoch !== epoch) this.#toFinish.set(session, restored); // it had been given up for dead
    const unfinished = this.#toFinish.get(session);
    if (!unfinished) return;
    await cluster.store.nodes.hold(node, id);
    await this.finishResumption({ session, restored: unfinished });
    this.#toFinish.delete(session);
  }
}
