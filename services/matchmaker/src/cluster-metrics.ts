import type { Cluster, Context } from "@switchyard/core";
import { Readings, type Sample } from "@switchyard/runtime";
import type { NodeCensus } from "@switchyard/store";
import type { Registry } from "prom-client";

interface QueueState {
  readonly queue: string;
  readonly waiting: number;
  /** How long the first in line has waited, in seconds. */
  readonly longest: number;
  /** Pairings that are final and not carried out. */
  readonly open: number;
}

interface DialectState {
  readonly dialect: string;
  readonly participants: number;
  readonly rooms: number;
}

interface ClusterState {
  readonly queues: readonly QueueState[];
  readonly dialects: readonly DialectState[];
  readonly nodes: NodeCensus;
}

/** Reports the figures that are the same at every matchmaker: queues, nodes, sessions, rooms. They are counted when the metrics are read. */
export function watchCluster(registry: Registry, cluster: Pick<Cluster, "contexts" | "store">): void {
  const readings = new Readings(registry, () => readClusterState(cluster));
  const gauge = (name: string, help: string, label: string, read: (state: ClusterState) => Sample[]) =>
    readings.gauge({ name: `switchyard_${name}`, help, labels: [label] }, (state) => (state ? read(state) : []));
  const byQueue = (figure: "waiting" | "longest" | "open") => (state: ClusterState) =>
    state.queues.map((one) => ({ labels: { queue: one.queue }, value: one[figure] }));
  const byDialect = (figure: "participants" | "rooms") => (state: ClusterState) =>
    state.dialects.map((one) => ({ labels: { dialect: one.dialect }, value: one[figure] }));

  gauge("queue_length", "Number of waiting sessions, cluster-wide", "queue", byQueue("waiting"));
  gauge(
    "queue_longest_wait_seconds",
    "Waiting time of the first session in the queue; 0: none waits",
    "queue",
    byQueue("longest"),
  );
  gauge("assignments_open", "Pairings that are not carried out yet", "queue", byQueue("open"));
  gauge(
    "participants",
    "Participants, cluster-wide, including those within their grace",
    "dialect",
    byDialect("participants"),
  );
  gauge("rooms", "Open rooms, including pairs and calls", "dialect", byDialect("rooms"));
  gauge("nodes", "Nodes with a lease: alive, or dead and still to be cleared up after", "state", ({ nodes }) => [
    { labels: { state: "alive" }, value: nodes.alive },
    { labels: { state: "dead" }, value: nodes.dead },
  ]);
  gauge("sessions", "Sessions, cluster-wide: connected, or detached and within their grace", "state", ({ nodes }) => [
    { labels: { state: "connected" }, value: nodes.connected },
    { labels: { state: "detached" }, value: nodes.detached },
  ]);
}

async function readClusterState({ contexts, store }: Pick<Cluster, "contexts" | "store">): Promise<ClusterState> {
  const all = [...contexts.values()];
  const [queues, dialects, nodes] = await Promise.all([
    Promise.all(all.flatMap((context) => context.queues.map((queue) => queueState(context, queue)))),
    Promise.all(all.map(dialectState)),
    store.nodes.census(),
  ]);
  return { queues, dialects, nodes };
}

async function queueState({ store: { queues, assignments, clock } }: Context, queue: string): Promise<QueueState> {
  const [{ waiting }, since, open] = await Promise.all([
    queues.figures(queue),
    queues.firstSince(queue),
    assignments.open(queue),
  ]);
  const longest = since === undefined ? 0 : Math.max(0, clock.now() - since) / 1000;
  return { queue, waiting, longest, open };
}

async function dialectState({ dialect, store: { presence } }: Context): Promise<DialectState> {
  const [participants, rooms] = await Promise.all([presence.count(dialect), presence.rooms(dialect)]);
  return { dialect, participants, rooms };
}
