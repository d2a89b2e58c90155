import { type Cluster, type Context, chatroom } from "@switchyard/core";
import { SharedReading } from "@switchyard/runtime";
import { entryNumberOf, type Store } from "@switchyard/store";

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

/** The figures that anybody may ask a node for, without costing Redis more than a reading of each a second. */
export class ClusterFigures {
  readonly statistics: SharedReading<Record<string, DialectStatistics>>;
  readonly sums: SharedReading<Sums>;
  readonly queueLengths: SharedReading<ReadonlyMap<string, number>>;
  /** Matches, people who are connected there, and all connections. */
  readonly matches: SharedReading<readonly [matches: number, connected: number, connections: number]>;

  constructor(cluster: Cluster) {
    const { store } = cluster;
    this.statistics = new SharedReading(() => readStatistics(cluster));
    this.sums = new SharedReading(() => readSums(cluster));
    this.queueLengths = new SharedReading(() => readQueueLengths(cluster));
    this.matches = new SharedReading(() =>
      Promise.all([store.presence.rooms("match"), store.presence.count("match"), countConnections(store)]),
    );
  }
}

type Sums = Awaited<ReturnType<typeof readSums>>;

/** The figures of the whole cluster, by dialect, whichever node answers. */
async function readStatistics({ store, contexts }: Cluster): Promise<Record<string, DialectStatistics>> {
  const entries = await Promise.all(
    [...contexts].map(async ([name, context]) => [name, await readDialect(store, context)] as const),
  );
  return Object.fromEntries(entries);
}

async function readDialect(store: Store, context: Context): Promise<DialectStatistics> {
  const { dialect: name, queues: types } = context;
  const { presence, queues } = store;
  const [connected, rooms, messages, signals, figures] = await Promise.all([
    presence.count(name),
    presence.rooms(name),
    countMessages(store, context),
    presence.counter(name, "signals"),
    Promise.all(types.map(async (type) => [type, await queues.figures(type)] as const)),
  ]);
  return { connected, rooms, messages, signals, queues: Object.fromEntries(figures) };
}

/** A message in the chatroom goes to nobody in particular, so no delivery is counted; but each message has its number. */
async function countMessages({ presence, feeds }: Store, { dialect: name, features }: Context): Promise<number> {
  return features.includes(chatroom) ? entryNumberOf(await feeds.last(name)) : presence.counter(name, "messages");
}

/** How many wait, by queue. */
async function readQueueLengths({ store: { queues }, contexts }: Cluster): Promise<ReadonlyMap<string, number>> {
  const types = [...contexts.values()].flatMap((context) => context.queues);
  return new Map(await Promise.all(types.map(async (type) => [type, (await queues.figures(type)).waiting] as const)));
}

/** How many meetings at most are looked into for the number of people in them: each is a command. */
const MEETINGS_COUNTED = 50;

/** The sums that `/health` gives, named as older deployments know them. */
async function readSums(cluster: Cluster) {
  const { store } = cluster;
  const { presence } = store;
  const [connected, connections, inMeetings, ...rooms] = await Promise.all([
    countConnected(cluster),
    countConnections(store),
    countInMeetings(store),
    ...(["match", "calls", "rooms", "random"] as const).map((name) => presence.rooms(name)),
  ]);
  const [activeMatches = 0, activeCalls = 0, meetings = 0, pairs = 0] = rooms;
  return {
    activeMatches,
    connectedUsers: connected,
    totalConnections: connections,
    activeRooms: meetings + pairs,
    activeCalls,
    totalParticipants: inMeetings + pairs * 2,
  };
}

/** Sessions that are connected, in all dialects, or within their grace. */
async function countConnected({ store: { presence }, contexts }: Cluster): Promise<number> {
  return sum(await Promise.all([...contexts.keys()].map((name) => presence.count(name))));
}

/** These, and the sessions that are connected at `/` and have opened no dialect yet. */
async function countConnections({ nodes }: Store): Promise<number> {
  const { connected, detached } = await nodes.census();
  return connected + detached;
}

/** Exact below that many meetings; from there on what a random choice of them makes likely. */
async function countInMeetings({ presence, memberships }: Store): Promise<number> {
  const looked = await presence.sampleRooms("rooms", MEETINGS_COUNTED);
  const people = sum(await Promise.all(looked.map((room) => memberships.size(room))));
  if (looked.length < MEETINGS_COUNTED) return people;
  return Math.round((people / looked.length) * (await presence.rooms("rooms")));
}

function sum(figures: readonly number[]): number {
  return figures.reduce((total, figure) => total + figure, 0);
}
