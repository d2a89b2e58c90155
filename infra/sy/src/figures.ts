import type { DialectName, NodeId } from "@switchyard/protocol";
import { memoryRatio, memoryUseOf, RedisInfo } from "@switchyard/runtime";
import type { Redis } from "ioredis";
import { type Operator, queuesOf } from "./operator.ts";

/** A matchmaker that carried a pairing out so short a time ago is there. */
const RECENTLY_MS = 5000;

interface NodeFigures {
  readonly id: NodeId;
  /** `dead`: its lease has run out, and it is being cleared up after. */
  readonly state: "alive" | "dead";
  /** How long its lease goes on; negative where it has run out. */
  readonly leaseMs: number;
  readonly host: string | undefined;
  readonly port: number | undefined;
  readonly pid: number | undefined;
  readonly version: string | undefined;
  /** Unix time in ms. */
  readonly started: number | undefined;
  /** Sessions with a connection. */
  readonly connected: number;
  /** Sessions within their grace. */
  readonly detached: number;
}

interface DialectFigures {
  readonly name: DialectName;
  readonly people: number;
  readonly rooms: number;
  /** Since the cluster's first start. */
  readonly messages: number;
  readonly signals: number;
}

interface QueueState {
  readonly name: string;
  readonly waiting: number;
  /** Pairings that are final and not carried out. */
  readonly open: number;
  readonly pairs: number;
  readonly meanWaitMs: number;
  /** The matchmaker that pairs it. */
  readonly leader: string | undefined;
}

/** One that neither pairs nor carries anything out at the moment leaves no trace in Redis. */
interface MatchmakerFigures {
  readonly id: string;
  /** The queues that it pairs. */
  readonly leads: readonly string[];
}

interface ServerFigures {
  readonly address: string;
  readonly version: string;
  readonly memoryBytes: number;
  /** Share of its `maxmemory` that it has used; 0 where there is no bound. */
  readonly memoryRatio: number;
  readonly clients: number;
  readonly commandsPerSecond: number;
}

/** The cluster at a glance. Times are Unix time in ms, or spans in ms. */
export interface Figures {
  readonly at: number;
  readonly redis: {
    readonly arrangement: string;
    readonly servers: readonly ServerFigures[];
    /** Share of `maxmemory` from which on nodes take nothing new, as it is set where `sy` runs. */
    readonly watermark: number;
    readonly isOverWatermark: boolean;
  };
  readonly nodes: readonly NodeFigures[];
  readonly matchmakers: readonly MatchmakerFigures[];
  readonly dialects: readonly DialectFigures[];
  readonly queues: readonly QueueState[];
}

export async function gather(operator: Operator): Promise<Figures> {
  const { store, cluster, connection } = operator;
  await store.clock.synchronize(connection.redis);
  const names = queuesOf(cluster);
  const [servers, nodes, dialects, queues, matchmakers] = await Promise.all([
    Promise.all(connection.masters().map(serverFigures)),
    nodeFigures(operator),
    Promise.all([...cluster.contexts.keys()].map((name) => dialectFigures(operator, name))),
    Promise.all(names.map((name) => queueState(operator, name))),
    matchmakersOf(operator, names),
  ]);
  const isOverWatermark = servers.some(({ memoryRatio: share }) => share >= operator.watermark);
  const redis = { arrangement: connection.arrangement, servers, watermark: operator.watermark, isOverWatermark };
  return { at: store.clock.now(), redis, nodes, matchmakers, dialects, queues };
}

async function nodeFigures({ store, inspection }: Operator): Promise<NodeFigures[]> {
  const leases = await inspection.nodes.leases();
  const now = store.clock.now();
  const figures = leases.map(async ({ node: id, until }): Promise<NodeFigures> => {
    const [info, { held, detached }] = await Promise.all([inspection.nodes.info(id), inspection.nodes.load(id)]);
    const { host, port, pid, version, started } = info;
    const number = (text: string | undefined) => (text === undefined ? undefined : Number(text));
    const identity = { host, port: number(port), pid: number(pid), version, started: number(started) };
    const state = until > now ? "alive" : "dead";
    return { id, state, leaseMs: Math.round(until - now), ...identity, connected: held, detached };
  });
  return (await Promise.all(figures)).sort((one, other) => one.id.localeCompare(other.id));
}

async function dialectFigures({ store: { presence } }: Operator, name: DialectName): Promise<DialectFigures> {
  const [people, rooms, messages, signals] = await Promise.all([
    presence.count(name),
    presence.rooms(name),
    presence.counter(name, "messages"),
    presence.counter(name, "signals"),
  ]);
  return { name, people, rooms, messages, signals };
}

async function queueState({ store, inspection }: Operator, name: string): Promise<QueueState> {
  const [{ waiting, pairs, meanWaitMs }, open, leader] = await Promise.all([
    store.queues.figures(name),
    store.assignments.open(name),
    inspection.queues.leader(name),
  ]);
  return { name, waiting, open, pairs, meanWaitMs, leader };
}

/** Those that pair a queue, and those that carry pairings out. */
async function matchmakersOf({ store, inspection }: Operator, queues: readonly string[]): Promise<MatchmakerFigures[]> {
  const known = new Map<string, string[]>();
  for (const queue of queues) {
    const consumers = await store.assignments.consumers(queue).catch(() => []); // no matchmaker was ever there
    for (const { name, silentMs } of consumers) if (silentMs < RECENTLY_MS) known.set(name, known.get(name) ?? []);
    const leader = await inspection.queues.leader(queue);
    if (leader !== undefined) known.set(leader, [...(known.get(leader) ?? []), queue]);
  }
  return [...known].map(([id, leads]) => ({ id, leads })).sort((one, other) => one.id.localeCompare(other.id));
}

async function serverFigures(redis: Redis): Promise<ServerFigures> {
  const info = new RedisInfo(String(await redis.info()));
  const { host, port } = redis.options;
  return {
    address: `${redis.stream.remoteAddress ?? host}:${redis.stream.remotePort ?? port}`,
    version: info.text("valkey_version") ?? info.text("redis_version") ?? "unknown",
    memoryBytes: info.number("used_memory") ?? 0,
    memoryRatio: memoryRatio([memoryUseOf(info)]),
    clients: info.number("connected_clients") ?? 0,
    commandsPerSecond: info.number("instantaneous_ops_per_sec") ?? 0,
  };
}
