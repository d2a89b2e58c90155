import type { Figures } from "./figures.ts";
import { type Cell, sections, table } from "./table.ts";
import { duration, list, since, size } from "./units.ts";

/** The figures as people read them. @param before earlier ones, to tell how fast things go */
export function overview(figures: Figures, before?: Figures): string {
  const { at, redis, nodes, matchmakers } = figures;
  const rows = redis.servers.map(({ address, version, memoryBytes, memoryRatio, clients, commandsPerSecond }) => [
    address,
    version,
    size(memoryBytes),
    memoryRatio > 0 ? percent(memoryRatio) : undefined,
    clients,
    commandsPerSecond,
  ]);
  const nodeRows = nodes.map(({ id, state, leaseMs, connected, detached, host, port, version, started }) => [
    id,
    state,
    leaseMs > 0 ? `${duration(leaseMs)} left` : `over ${duration(-leaseMs)} ago`,
    connected,
    detached,
    host && `${host}:${port}`,
    version,
    since(started, at),
  ]);
  return sections([
    [
      `Redis (${redis.arrangement})${redis.isOverWatermark ? `: ${watermarkSentence(redis.watermark)}` : ""}`,
      table(["server", "version", "memory", "of maxmemory", "clients", "commands/s"], rows),
    ],
    [
      `Nodes (${nodes.filter(({ state }) => state === "alive").length} alive)`,
      table(["node", "state", "lease", "connected", "detached", "at", "version", "started"], nodeRows),
    ],
    [
      `Matchmakers (${matchmakers.length})`,
      table(
        ["matchmaker", "pairs"],
        matchmakers.map(({ id, leads }) => [id, list(leads)]),
      ),
    ],
    ["Dialects", dialectTable(figures, before)],
    ["Queues", queueTable(figures, before)],
  ]);
}

/** That Redis is almost full, in a sentence without its stop. */
export function watermarkSentence(watermark: number): string {
  return `almost full, over the watermark of ${percent(watermark)}: nodes take nothing new`;
}

function percent(share: number): string {
  return `${Math.floor(share * 100)} %`;
}

function dialectTable({ at, dialects }: Figures, before: Figures | undefined): string {
  const rows = dialects.map(({ name, people, rooms, messages, signals }) => {
    const was = before?.dialects.find((one) => one.name === name);
    const rates = [rate(messages, was?.messages, at, before), rate(signals, was?.signals, at, before)];
    return [name, people, rooms, messages, signals, ...(before ? rates : [])];
  });
  const rates = before ? ["messages/s", "signals/s"] : [];
  return table(["dialect", "people", "rooms", "messages", "signals", ...rates], rows);
}

function queueTable({ at, queues }: Figures, before: Figures | undefined): string {
  const rows = queues.map(({ name, waiting, open, pairs, meanWaitMs, leader }) => {
    const was = before?.queues.find((one) => one.name === name);
    return [
      name,
      waiting,
      open,
      pairs,
      duration(meanWaitMs),
      leader,
      ...(before ? [rate(pairs, was?.pairs, at, before)] : []),
    ];
  });
  return table(["queue", "waiting", "open", "pairs", "mean wait", "paired by", ...(before ? ["pairs/s"] : [])], rows);
}

function rate(now: number, was: number | undefined, at: number, before: Figures | undefined): Cell {
  if (was === undefined || before === undefined || at <= before.at) return undefined;
  return Math.round(((now - was) * 10_000) / (at - before.at)) / 10;
}
