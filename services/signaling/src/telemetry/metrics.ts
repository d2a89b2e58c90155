import type { Dialect } from "@switchyard/dialects";
import { reportCategories } from "@switchyard/protocol";
import { addProcessMetrics, HotCounter, HotHistogram, latencyBuckets, Readings } from "@switchyard/runtime";
import { Counter, Gauge, Histogram, Registry } from "prom-client";
import { version } from "../config.ts";

/** The outcomes of a client's attempt to resume its session; all but the first name why it could not. */
const resumeOutcomes = [
  "resumed",
  /** It has ended, or never was. */
  "unknown",
  "wrong_secret",
  /** More was missed than is kept. */
  "gap",
  /** The recovery id or offset that the client shows can't be read. */
  "malformed",
  /** The client itself has disconnected, or is being disconnected for good. */
  "leaving",
  "unauthorized",
  "token_expired",
  /** Its user, or its address, is banned. */
  "banned",
  /** The client was gone again before it received the result. */
  "closed",
  /** Redis, or the server with the keys to check tokens with, did not answer. */
  "failed",
  "returned",
] as const;

export type ResumeOutcome = (typeof resumeOutcomes)[number];

/** From two who may meet and are both there to a queue to which nobody else comes, in seconds. */
const waitBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600];
const missedBuckets = [0, 1, 2, 5, 10, 25, 50, 100, 250, 1000];

/** How many wait, by queue. */
type QueueLengths = () => Promise<ReadonlyMap<string, number>>;

/** The measurements of a node. No label ever holds an id of a user, a room or a session. */
export class Metrics {
  readonly registry = new Registry();
  readonly eventsIn = this.#hot("events_in_total", "Events from clients", ["dialect", "event"]);
  readonly eventsOut = this.#hot("events_out_total", "Events to participants, once for each", ["dialect", "event"]);
  readonly eventsIgnored = this.#counter(
    "events_ignored_total",
    "Events without a callback that were ignored; unknown: the dialect has no such event; binary: they came with binary",
    ["dialect", "reason"],
  );
  readonly refusals = this.#counter("refusals_total", "Events that were refused", ["dialect", "code"]);
  readonly reports = this.#counter("reports_total", "Reports of users about others, each once", [
    "dialect",
    "category",
  ]);
  readonly notices = this.#counter(
    "notices_total",
    "Events of back ends by POST /api/events; nobody: no session was there; kept: only for sessions without a connection; repeated: the id was there before",
    ["to", "outcome"],
  );
  readonly connectionsRefused = this.#counter(
    "connections_refused_total",
    "Connections refused because of their token, because they are banned, or because Redis is almost full",
    ["code"],
  );
  readonly limitsHit = this.#counter("limits_hit_total", "Events, connections and requests over a limit", ["limit"]);
  readonly chargedBytes = this.#hot(
    "charged_bytes_total",
    "Bytes that count against the allowances of addresses, for clients' events, for the deliveries to others, and for sessions",
    ["of"],
  );
  readonly deliveries = this.#hot("deliveries_total", "Attempts to reach a session", ["outcome"]);
  readonly resumes = this.#counter(
    "resumes_total",
    `Attempts of clients to resume a session: ${resumeOutcomes.join(", ")}`,
    ["outcome"],
  );
  readonly missedEvents = this.#histogram("missed_events", "Events that resumed sessions had missed", missedBuckets);
  readonly gaps = this.#counter("gaps_total", "Events that did not reach a session's node, and were fetched", []);
  readonly feedLate = this.#hot(
    "feed_late_total",
    "Entries of a feed that were delivered late, once for each session",
    ["dialect"],
  );
  readonly leaseLapses = this.#counter("lease_lapses_total", "Number of times that the node's lease had ended", []);
  readonly cutOffs = this.#counter(
    "cut_offs_total",
    "Number of times that the node let its clients go because only it could not reach Redis",
    [],
  );
  readonly sessionsOpened = this.#counter("sessions_opened_total", "Sessions that began", ["dialect"]);
  readonly sessionsEnded = this.#counter("sessions_ended_total", "Sessions that ended", ["reason"]);
  readonly sessionsBanned = this.#counter("sessions_banned_total", "Sessions that ended because of a ban", []);
  readonly transportRefusals = this.#counter(
    "transport_refusals_total",
    "Requests that the transport refused; unknown_sid: they came to the wrong node, or too late",
    ["reason"],
  );
  readonly overflows = this.#counter("send_overflows_total", "Connections closed because the client did not read", []);
  readonly eventSeconds = this.#hotHistogram(
    "event_seconds",
    "Time from an event's arrival until its effect is stored",
    ["dialect", "event"],
  );
  readonly deliverySeconds = this.#hotHistogram(
    "delivery_seconds",
    "Time from an event's arrival at the sender's node to the receiver's connection, by way: to a session, or once to all sessions of a node that follow a feed; from the same node or another one. Between two nodes it may be off by half a round trip to Redis of each, see switchyard_clock_error_seconds",
    ["way", "from"],
  );
  readonly redisSeconds = this.#hotHistogram("redis_seconds", "Time that Redis took, by script", [
    "command",
    "outcome",
  ]);

  readonly pairingWaitSeconds = new Histogram({
    name: "switchyard_pairing_wait_seconds",
    help: "Time from the request of a session for a partner to the event with its partner; without sessions that were detached meanwhile",
    labelNames: ["queue"],
    buckets: waitBuckets,
    registers: [this.registry],
  });
  #queueLengths: QueueLengths = async () => new Map();

  /** @param connections counts what is connected now */
  constructor(node: string, dialects: readonly Pick<Dialect, "name" | "queues">[], connections: () => number) {
    addProcessMetrics(this.registry, { service: "signaling", node, version });
    for (const outcome of resumeOutcomes) this.resumes.inc({ outcome }, 0);
    for (const dialect of [...dialects.map(({ name }) => name), "none"]) this.sessionsOpened.inc({ dialect }, 0);
    for (const { name: dialect } of dialects) {
      for (const category of reportCategories) this.reports.inc({ dialect, category }, 0); // so that the first one is an increase
    }
    for (const to of ["user", "room", "dialect"])
      for (const outcome of ["delivered", "kept", "nobody", "repeated"]) this.notices.inc({ to, outcome }, 0);
    for (const queue of dialects.flatMap(({ queues }) => queues)) this.pairingWaitSeconds.zero({ queue });
    new Readings(this.registry, () => this.#queueLengths()).gauge(
      { name: "switchyard_queue_length", help: "Number of waiting sessions, cluster-wide", labels: ["queue"] },
      (lengths) => [...(lengths ?? [])].map(([queue, value]) => ({ labels: { queue }, value })),
    );
    this.#gauge("connections", "Sessions that this node holds", connections);
  }

  /** Reports how many wait when it is asked for; the same at every node. */
  watchQueues(lengths: QueueLengths): void {
    this.#queueLengths = lengths;
  }

  /** Measures whether the node can do its work when asked. */
  watchReadiness(readiness: { readonly draining: boolean; problem(): Promise<string | undefined> }): void {
    const readings = new Readings(this.registry, async () => ({ problem: await readiness.problem() }));
    const own = (name: string, help: string) => ({ name: `switchyard_${name}`, help, labels: [] });
    readings.gauge(own("ready", "1 if the node is ready, as in /readyz"), (look) => [
      { value: look && look.problem === undefined ? 1 : 0 },
    ]);
    readings.gauge(own("draining", "1 while the node is draining and stops"), () => [
      { value: readiness.draining ? 1 : 0 },
    ]);
  }

  /** Reports how many bans the node knows; the same at every node. */
  watchBans(bans: { readonly size: number }): void {
    this.#gauge("bans", "Bans in force, as this node knows them", () => bans.size);
  }

  /** Reports how full Redis is, as this node knows it. */
  watchMemory(memory: { readonly ratio: number; readonly isOver: boolean }): void {
    const ratio = "Share of maxmemory that the fullest server of Redis has used; 0: no bound";
    this.#gauge("redis_memory_ratio", ratio, () => memory.ratio);
    const over = "1 while nothing new is taken because Redis is almost full";
    this.#gauge("redis_memory_over_watermark", over, () => Number(memory.isOver));
  }

  /** Measures how far what two nodes measure of one message may be off. */
  watchClock(clock: { readonly errorMs: number }): void {
    const help = "Greatest error of this node's reading of Redis's clock";
    this.#gauge("clock_error_seconds", help, () => clock.errorMs / 1000);
  }

  /** @param read its value, when it is asked for */
  #gauge(name: string, help: string, read: () => number): void {
    const collect = function (this: Gauge) {
      this.set(read());
    };
    new Gauge({ name: `switchyard_${name}`, help, registers: [this.registry], collect });
  }

  #counter<Label extends string>(name: string, help: string, labelNames: Label[]): Counter<Label> {
    return new Counter({ name: `switchyard_${name}`, help, labelNames, registers: [this.registry] });
  }

  #histogram(name: string, help: string, buckets: number[]): Histogram {
    return new Histogram({ name: `switchyard_${name}`, help, buckets, registers: [this.registry] });
  }

  #hot(name: string, help: string, labels: readonly string[]): HotCounter {
    return new HotCounter({ name: `switchyard_${name}`, help, labels }, this.registry);
  }

  #hotHistogram(name: string, help: string, labels: readonly string[]): HotHistogram {
    return new HotHistogram({ name: `switchyard_${name}`, help, labels }, latencyBuckets, this.registry);
  }
}
