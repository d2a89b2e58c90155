import { z } from "zod";
import { Latencies, LatencyFigures, type LatencyKind, latencyKinds } from "./latencies.ts";

const count = z.int().min(0);

/** Figures of one node, by the users of a run that were connected to it. */
export const NodeFigures = z.object({
  node: z.string().meta({ description: "Its id, or its target where it does not give one." }),
  opened: count.meta({ description: "Connections, those of users who came back too." }),
  received: count.meta({ description: "Messages that it delivered." }),
  latencies: z
    .partialRecord(z.enum(latencyKinds), LatencyFigures)
    .meta({ description: "As measured by users who were connected to it." }),
});
export type NodeFigures = z.output<typeof NodeFigures>;

/** A node as its users see it. */
class ServingNode {
  opened = 0;
  received = 0;
  connected = 0;
  readonly all = new Latencies();
  /** Those that are in no sum yet. */
  readonly fresh = new Latencies();
}

/** Latencies of a run, of its last interval, and by node. A latency is recorded once, and summed up once an interval. */
export class Served {
  readonly all = new Latencies();
  readonly interval = new Latencies();
  readonly #nodes = new Map<string, ServingNode>();

  record(kind: LatencyKind, durationMs: number, node: string): void {
    this.#node(node).fresh.record(kind, durationMs);
    if (kind === "relay") this.#node(node).received += 1;
  }

  opened(node: string): void {
    const serving = this.#node(node);
    serving.opened += 1;
    serving.connected += 1;
  }

  closed(node: string): void {
    this.#node(node).connected -= 1;
  }

  /** Ends an interval, which has what was recorded since the one before. */
  sumUp(): void {
    this.interval.reset();
    for (const { all, fresh } of this.#nodes.values()) {
      all.include(fresh);
      this.interval.include(fresh);
      fresh.reset();
    }
    this.all.include(this.interval);
  }

  /** Connections that are open, by node. */
  get connected(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#nodes].map(([node, { connected }]) => [node, connected]));
  }

  /** Of each node; without latencies that are in no sum yet. */
  get figures(): NodeFigures[] {
    return [...this.#nodes]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([node, { opened, received, all }]) => ({ node, opened, received, latencies: all.measured }));
  }

  #node(name: string): ServingNode {
    const known = this.#nodes.get(name) ?? new ServingNode();
    this.#nodes.set(name, known);
    return known;
  }
}
