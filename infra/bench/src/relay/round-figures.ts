import { median } from "../table.ts";
import type { Rally } from "./load-process.ts";
import type { Memory } from "./node-hook.ts";
import { commandsPerRelay, type RedisWork, type Share } from "./redis-commands.ts";

/** A rally, and what Redis did from just before it until just after it: its CPU time in ms, and how often each command ran. */
export interface RallyWithRedis extends Rally {
  readonly redisSeconds: number;
  readonly redisCpuMs: number;
  readonly redisCalls: ReadonlyMap<string, number>;
}

/** The slices of one system in one round. */
export interface Slices {
  readonly full: readonly RallyWithRedis[];
  readonly paced: readonly Rally[];
  readonly alone: readonly Rally[];
  /** A few relays, so that it is seen what Redis is asked beside them. */
  readonly trickle: readonly RallyWithRedis[];
  readonly perIdleConnection: Memory;
}

/** Relays per CPU second of the nodes, relays per second, and round trips in ms: the medians of a phase's slices. */
interface Phase {
  readonly relaysPerCpuSecond: number;
  readonly relaysPerSecond: number;
  readonly p50: number;
  readonly p99: number;
}

/** The figures of one round of one system. */
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
  /** Redis commands for each relay under full load, by `INFO commandstats`, which counts those inside of scripts, too. */
  readonly commands: Readonly<Record<string, Share>>;
}

export function roundOf({ full, paced, alone, trickle, perIdleConnection }: Slices): Round {
  return {
    full: phaseOf(full),
    paced: phaseOf(paced),
    alone: phaseOf(alone),
    perIdleConnection,
    redisCpuMicrosecondsPerRelay: median(full.map(({ redisCpuMs, relaysInAll }) => (1000 * redisCpuMs) / relaysInAll)),
    clientCores: median(full.map(({ loadCpuMs, seconds }) => loadCpuMs / (1000 * seconds))),
    foreignCores: median(full.map(foreignCoresOf)),
    commands: commandsPerRelay(full.map(workOf), trickle.map(workOf)),
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

function workOf({ redisCalls, relaysInAll, redisSeconds }: RallyWithRedis): RedisWork {
  return { calls: redisCalls, relays: relaysInAll, seconds: redisSeconds };
}
