import type { Sample, ServerFigures } from "../measure/servers.ts";
import type { LoadReport } from "./document.ts";

/** Resources that a process took during a run. */
export interface Usage {
  readonly service: string;
  readonly node: string;
  /** Between its first and its last sample. */
  readonly cpuSeconds: number;
  /** 1: one core all the time. */
  readonly cores: number;
  readonly mostMemoryBytes: number;
  readonly longestLagMs: number;
}

/** A figure between two samples. */
interface Rate {
  readonly atMs: number;
  readonly value: number;
}

export function usageOf({ service, node, samples }: ServerFigures): Usage {
  const [first, last] = [samples.at(0), samples.at(-1)];
  const cpuSeconds = Math.max(0, (last?.cpuSeconds ?? 0) - (first?.cpuSeconds ?? 0));
  const seconds = ((last?.atMs ?? 0) - (first?.atMs ?? 0)) / 1000;
  return {
    service,
    node,
    cpuSeconds,
    cores: seconds > 0 ? cpuSeconds / seconds : 0,
    mostMemoryBytes: Math.max(0, ...samples.map(({ memoryBytes }) => memoryBytes)),
    longestLagMs: Math.max(0, ...samples.map(({ eventLoopLagMs }) => eventLoopLagMs)),
  };
}

/** The rate of a counter from sample to sample, per second. */
export function ratesOf(samples: readonly Sample[], counter: (sample: Sample) => number | null): Rate[] {
  return samples.slice(1).flatMap((sample, index) => {
    const before = samples[index];
    const [from, to] = [before && counter(before), counter(sample)];
    const seconds = (sample.atMs - (before?.atMs ?? 0)) / 1000;
    if (from === undefined || from === null || to === null || seconds <= 0) return [];
    return [{ atMs: sample.atMs, value: Math.max(0, to - from) / seconds }];
  });
}

/**
 * Commands of Redis from sample to sample, per second: all that Redis carried out where a matchmaker says so, else the
 * sum of what nodes sent at their last sample.
 */
export function redisRates(servers: readonly ServerFigures[]): Rate[] {
  const [known] = servers
    .map(({ samples }) => ratesOf(samples, ({ allRedisCommands }) => allRedisCommands))
    .sort((one, other) => other.length - one.length);
  if (known && known.length > 0) return known;
  const byNode = servers.map(({ samples }) => ratesOf(samples, ({ redisCommands }) => redisCommands));
  const times = [...new Set(byNode.flatMap((rates) => rates.map(({ atMs }) => Math.round(atMs / 1000))))];
  return times
    .sort((one, other) => one - other)
    .map((second) => {
      const atThatTime = byNode.map((rates) => rates.find(({ atMs }) => Math.round(atMs / 1000) === second)?.value);
      return { atMs: second * 1000, value: atThatTime.reduce<number>((sum, value) => sum + (value ?? 0), 0) };
    });
}

/** Over the whole run; nothing where no message was received or no metrics were read. */
export function redisCommandsPerMessage({ servers, counts }: LoadReport): number | undefined {
  const growth = (counter: (sample: Sample) => number | null) =>
    servers.flatMap(({ samples }) => {
      const values = samples.map(counter).filter((value) => value !== null);
      const [first, last] = [values.at(0), values.at(-1)];
      return first === undefined || last === undefined || values.length < 2 ? [] : [Math.max(0, last - first)];
    });
  const all = growth(({ allRedisCommands }) => allRedisCommands);
  const own = growth(({ redisCommands }) => redisCommands);
  const commands = all.length > 0 ? Math.max(...all) : own.reduce((sum, one) => sum + one, 0);
  return own.length + all.length === 0 || counts.received === 0 ? undefined : commands / counts.received;
}
