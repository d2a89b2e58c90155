import type { Delivery, DeliveryObserver, Participant } from "@switchyard/core";
import type { ErrorCode, RoomId } from "@switchyard/protocol";
import type { Logger } from "@switchyard/runtime";
import { type MissedEvent, type Trace, type Traces, traceIdOf } from "@switchyard/store";
import type { Metrics } from "./metrics.ts";
import { RepeatedErrors } from "./repeated-errors.ts";

export interface EventTracingParts {
  readonly traces: Traces;
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, "deliverySeconds">;
}

/** An entry of a feed as it goes over the wire. */
export interface FeedPacket {
  readonly id: string;
  readonly number: number;
  readonly except: readonly string[];
  /** JSON array text; `undefined` where the dialect is silent. */
  readonly packet: string | undefined;
  /** The trace that led to it, as `Traces` reads it; older versions sent none. */
  readonly trace: string | undefined;
}

/** An event that a client sent. */
export interface EventIn {
  readonly trace: Trace;
  readonly participant: Participant;
  readonly dialect: string;
  /** One that the dialect knows, if any: what else a client may call an event is not for the log. */
  readonly event: string | undefined;
}

/**
 * Follows events through the node: gives them their traces, measures how long they took, and logs what becomes of them. The lines about
 * every single event are logged at `debug` only, where one trace finds them all at all nodes; else they cost a comparison.
 */
export class EventTracing {
  /** Receives each delivery; `undefined` where the log level leaves that out. */
  readonly onDelivery: DeliveryObserver | undefined;
  /** Whether the outcome of every event is logged. */
  readonly isVerbose: boolean;
  readonly #traces: Traces;
  readonly #logger: Logger;
  readonly #seconds: Metrics["deliverySeconds"];
  readonly #failures = new RepeatedErrors();

  constructor({ traces, logger, metrics }: EventTracingParts) {
    this.#traces = traces;
    this.#logger = logger;
    this.#seconds = metrics.deliverySeconds;
    this.isVerbose = logger.isLevelEnabled("debug");
    this.onDelivery = this.isVerbose ? (delivery) => this.#delivery(delivery) : undefined;
  }

  /** For an event that arrived now, or at that reading of the monotonic clock. */
  begin(arrivedAt?: number): Trace {
    return this.#traces.begin(arrivedAt);
  }

  /** For what no client asked for just now. */
  background(): Trace {
    return this.#traces.background();
  }

  received(received: EventIn): void {
    this.#logger.debug(fieldsOf(received), "event in");
  }

  refused(refused: EventIn, code: ErrorCode): void {
    if (code === "server_error") this.#logger.info({ ...fieldsOf(refused), code }, "event refused for now");
    else if (this.isVerbose) this.#logger.debug({ ...fieldsOf(refused), code }, "event refused");
  }

  /** An event that nobody waits for an answer to is not one to be handled. */
  ignored({ session, dialect }: Participant, reason: "unknown" | "binary"): void {
    if (this.isVerbose) this.#logger.debug({ session, dialect, reason }, "event ignored");
  }

  /** An event was over a limit, and not looked at. */
  overLimit({ session, dialect }: Participant, limit: string): void {
    if (this.isVerbose) this.#logger.debug({ session, dialect, limit, code: "rate_limited" }, "event turned away");
  }

  /** An event broke on something unexpected: logged once a second for each kind of error, with how many like it were not. */
  failed(failed: EventIn, error: unknown): void {
    const unsaid = this.#failures.notice(error, performance.now());
    if (unsaid !== undefined) this.#logger.error({ ...fieldsOf(failed), err: error, unsaid }, "an event failed");
    else if (this.isVerbose) this.#logger.debug({ ...fieldsOf(failed), err: error }, "an event failed, like others");
  }

  /** An event of a session was handed to its connection as it came. */
  delivered(participant: Participant, event: MissedEvent): void {
    if (event.trace !== undefined) this.#measure(event.trace, "session");
    if (this.isVerbose) this.#logger.debug(this.#outgoing(participant, event), "event out");
  }

  /** An event was handed over late, because the client, or this node, had missed it. */
  deliveredLate(participant: Participant, missed: MissedEvent): void {
    if (this.isVerbose) this.#logger.debug(this.#outgoing(participant, missed), "missed event out");
  }

  /** An entry of a feed was handed to all sessions at this node that follow it. */
  feedDelivered(trace: string): void {
    this.#measure(trace, "feed");
  }

  /** An entry of a feed was handed to a connection, or lies ready for it. */
  feedEntryDelivered({ session }: Participant, { id, trace, packet }: FeedPacket): void {
    if (!this.isVerbose || packet === undefined) return;
    this.#logger.debug({ trace: trace && traceIdOf(trace), session, event: nameIn(packet), entry: id }, "entry out");
  }

  #measure(trace: string, way: "session" | "feed"): void {
    const seconds = this.#traces.secondsSince(trace);
    if (seconds !== undefined) this.#seconds.observe(seconds, way, this.#traces.isOwn(trace) ? "same" : "other");
  }

  #delivery({ packet: { trace, type }, sessions, outcomes, room }: Delivery): void {
    for (const [i, session] of sessions.entries()) {
      this.#logger.debug({ trace: trace?.id, session, room, type, outcome: outcomes[i] }, "event to a session");
    }
  }

  #outgoing(participant: Participant, { number, packet, trace }: MissedEvent) {
    const { session } = participant;
    return { trace: trace && traceIdOf(trace), session, room: roomOf(participant), event: nameIn(packet), number };
  }
}

function fieldsOf({ trace, participant, dialect, event }: EventIn): Readonly<Record<string, unknown>> {
  return { trace: trace.id, session: participant.session, room: roomOf(participant), dialect, event };
}

/** Where a participant is, if it is in one room only. */
function roomOf({ rooms }: { readonly rooms: readonly RoomId[] }): RoomId | undefined {
  return rooms.length === 1 ? rooms[0] : undefined;
}

/** The event's name in a JSON array text; its content is not for the log. */
function nameIn(packet: string): string {
  return packet.slice(2, packet.indexOf('"', 2));
}
