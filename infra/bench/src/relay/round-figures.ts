import { median } from "../statistics.ts";
import type { Rally } from "./load-process.ts";
import type { Memory } from "./node-hook.ts";
import type { Commands } from "./redis-watch.ts";

/** A rally, and what Redis had to do for it: its CPU time in ms, and how often each command ran. */
export interface RallyWithRedis extends Rally {
  readonly redisCpuMs: number;
  readonly redisCalls: ReadonlyMap<string, number>;
}

/** A rally of which every command was seen. */
export interface WatchedRally extends Rally {
  readonly commands: Commands;
}

/** The slices of one system in one round. */
export interface Slices {
  readonly full: readonly RallyWithRedis[];
  readonly paced: readonly Rally[];
  readonly alone: readonly Rally[];
  readonly watched: WatchedRally;
  readonly perIdleConnection: Memory;
}

/** Relays per CPU second of the nodes, relays per second, and round trips in ms: the medians of a phase's slices. */
interface Phase {
  readonly relaysPerCpuSecond: number;
  readonly relaysPerSecond: number;
  readonly p50: number;
  readonly p99: number;
}

/** What one round of one system measured. */
export interface Round {
  /** As many relays as possible, relays at a given rate, and one at a time. */
  readonly full: Phase;
  readonly paced: Phase;
  readonly alone: Phase;
  readonly perIdleConnection: Memory;
  readonly redisCpuMicrosecondsPerRelay: number;
  /** How much of one core the clients' process used under full load: near 1, it held the nodes back. */
  readonly clientCores: number;
  /** How many cores processes that have nothing to do with the benchmark kept busy: more than a little spoils the latencies. */
  readonly foreignCores: number;
  /** Redis commands per relay: as they were sent, as scripts ran them, and all of them under full load (`INFO commandstats`). */
  readonly sent: Readonly<Record<string, number>>;
  readonly inScripts: Readonly<Record<string, number>>;
  readonly underLoad: Readonly<Record<string, number>>;
}

const LEAST_SHARE = 0.02;

export function roundOf({ full, paced, alone, watched, perIdleConnection }: Slices): Round {
  return {
    full: phaseOf(full),
    paced: phaseOf(paced),
    alone: phaseOf(alone),
    perIdleConnection,
    redisCpuMicrosecondsPerRelay: median(full.map(({ redisCpuMs, relaysInAll }) => (1000 * redisCpuMs) / relaysInAll)),
    clientCores: median(full.map(({ loadCpuMs, seconds }) => loadCpuMs / (1000 * seconds))),
    foreignCores: median(full.map(foreignCoresOf)),
    sent: perRelay(watched.commands.sent, watched.relaysInAll),
    inScripts: perRelay(watched.commands.inScripts, watched.relaysInAll),
    underLoad: perRelay(
      sumOf(full.map(({ redisCalls }) => redisCalls)),
      full.reduce((total, { relaysInAll }) => total + relaysInAll, 0),
    ),
  };
}

function phaseOf(slices: readonly Rally[]): Phase {
  return {
    relaysPerCpuSecond: median(slices.map(({ relays, nodeCpuMs }) => (1000 * relays) / nodeCpuMs)),
    relaysPerSecond: median(slices.map(({ relays, seconds }) => relays / seconds)),
    p50: median(slices.map(({ roundTrips }) => roundTrips.p50)),
    p99: median(slices.map(({ roundTrips }) => roundTrips.p99)),
  };
}

function foreignCoresOf({
  machineCpuMs,
  nodeCpuMs,
  loadCpuMs,
  relays,
  relaysInAll,
  redisCpuMs,
  seconds,
}: RallyWithRedis) {
  const redisInWindowMs = (redisCpuMs * relays) / relaysInAll;
  return Math.max(0, machineCpuMs - nodeCpuMs - loadCpuMs - redisInWindowMs) / (1000 * seconds);
}

function sumOf(counts: readonly ReadonlyMap<string, number>[]): ReadonlyMap<string, number> {
  const sum = new Map<string, number>();
  for (const [name, count] of counts.flatMap((one) => [...one])) sum.set(name, (sum.get(name) ?? 0) + count);
  return sum;
}

/** What is done less than once in 50 relays goes on beside them, and is left out. */
function perRelay(counts: ReadonlyMap<string, number>, relays: number): Record<string, number> {
  const shares = [...counts].map(([name, count]) => [name, Number((count / relays).toFixed(2))] as const);
  return Object.fromEntries(shares.filter(([, share]) => share >= LEAST_SHARE));
}
