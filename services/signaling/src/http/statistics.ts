import { dialects } from "@switchyard/dialects";
import type { DialectName } from "@switchyard/protocol";
import type { Store } from "@switchyard/store";

/** The figures of one queue. Times in ms. */
interface QueueStatistics {
  readonly waiting: number;
  readonly pairs: number;
  readonly meanWaitMs: number;
}

/** The figures of one dialect, cluster-wide. */
export interface DialectStatistics {
  readonly connected: number;
  readonly rooms: number;
  readonly messages: number;
  readonly signals: number;
  readonly queues: Readonly<Record<string, QueueStatistics>>;
}

/** What the cluster is doing, by dialect, whichever node answers. */
export async function readStatistics(store: Store): Promise<Record<string, DialectStatistics>> {
  const entries = await Promise.all(
    dialects.map(async ({ name, queues }) => [name, await readDialect(store, name, queues)] as const),
  );
  return Object.fromEntries(entries);
}

async function readDialect(
  { presence, queues }: Store,
  name: DialectName,
  types: readonly string[],
): Promise<DialectStatistics> {
  const [connected, rooms, messages, signals, figures] = await Promise.all([
    presence.count(name),
    presence.rooms(name),
    presence.counter(name, "messages"),
    presence.counter(name, "signals"),
    Promise.all(types.map(async (type) => [type, await queues.figures(type)] as const)),
  ]);
  return { connected, rooms, messages, signals, queues: Object.fromEntries(figures) };
}

/** The sums that `/health` gives, named as older deployments know them. */
export async function readSums(store: Store) {
  const [connected, rooms] = await Promise.all([
    sum(dialects.map(({ name }) => store.presence.count(name))),
    Promise.all((["match", "calls", "rooms", "random"] as const).map((name) => store.presence.rooms(name))),
  ]);
  const [activeMatches = 0, activeCalls = 0, meetings = 0, pairs = 0] = rooms;
  return {
    activeMatches,
    connectedUsers: connected,
    totalConnections: connected,
    activeRooms: meetings + pairs,
    activeCalls,
    totalParticipants: pairs * 2,
  };
}

async function sum(figures: readonly Promise<number>[]): Promise<number> {
  return (await Promise.all(figures)).reduce((total, figure) => total + figure, 0);
}
