import { HotCounter, HotHistogram } from "@switchyard/runtime";
import { Counter, collectDefaultMetrics, Gauge, Registry } from "prom-client";

const latencyBuckets = [0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5];

/** What a node measures. No label ever holds an id of a user, a room or a session. */
export class Metrics {
  readonly registry = new Registry();
  readonly eventsIn = this.#hot("events_in_total", "Events from clients", ["dialect", "event"]);
  readonly eventsOut = this.#hot("events_out_total", "Events to participants, once for each", ["dialect", "event"]);
  readonly refusals = this.#counter("refusals_total", "Events that were refused", ["dialect", "code"]);
  readonly connectionsRefused = this.#counter("connections_refused_total", "Connections refused for their token", [
    "code",
  ]);
  readonly limitsHit = this.#counter("limits_hit_total", "Events, connections and requests over a limit", ["limit"]);
  readonly deliveries = this.#hot("deliveries_total", "Attempts to reach a session", ["outcome"]);
  readonly resumes = this.#counter("resumes_total", "Sessions that clients wanted back", ["outcome"]);
  readonly sessionsEnded = this.#counter("sessions_ended_total", "Sessions that ended", ["reason"]);
  readonly overflows = this.#counter("send_overflows_total", "Connections closed because the client did not read", []);
  readonly eventSeconds = this.#hotHistogram("event_seconds", "Time from an event's arrival to its effect being safe", [
    "dialect",
    "event",
  ]);
  readonly redisSeconds = this.#hotHistogram("redis_seconds", "Time that Redis took, by script", [
    "command",
    "outcome",
  ]);

  /** @param connections counts what is connected now */
  constructor(node: string, connections: () => number) {
    this.registry.setDefaultLabels({ node });
    collectDefaultMetrics({ register: this.registry });
    new Gauge({
      name: "switchyard_connections",
      help: "Sessions that this node holds",
      registers: [this.registry],
      collect() {
        this.set(connections());
      },
    });
  }

  #counter<Label extends string>(name: string, help: string, labelNames: Label[]): Counter<Label> {
    return new Counter({ name: `switchyard_${name}`, help, labelNames, registers: [this.registry] });
  }

  #hot(name: string, help: string, labels: readonly string[]): HotCounter {
    return new HotCounter({ name: `switchyard_${name}`, help, labels }, this.registry);
  }

  #hotHistogram(name: string, help: string, labels: readonly string[]): HotHistogram {
    return new HotHistogram({ name: `switchyard_${name}`, help, labels }, latencyBuckets, this.registry);
  }
}
