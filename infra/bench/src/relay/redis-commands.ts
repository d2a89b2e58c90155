/** How often Redis ran each command in a slice of time, and for how many relays. */
export interface RedisWork {
  readonly calls: ReadonlyMap<string, number>;
  readonly relays: number;
  readonly seconds: number;
}

/** How often Redis runs a command for one relay. */
export interface Share {
  readonly likely: number;
  /** It can't be less, nor more, however the work beside the relays fell into the slices. */
  readonly least: number;
  readonly most: number;
}

/** Work beside the relays comes in bursts, such as a sweep, one in so many seconds: a slice may have one more than its time. */
const BURST_EVERY_S = 1;
const UNKNOWN: Share = { likely: Number.NaN, least: Number.NaN, most: Number.NaN };

/**
 * How often Redis runs each command for one relay more. Work that nodes and a matchmaker do as time passes (leases, sweeps,
 * counts that are added once a second) is in all slices, in proportion to their time, and so falls out.
 * @param full slices of as many relays as possible
 * @param trickle slices of a few relays, by the same clients on the same nodes
 */
export function commandsPerRelay(
  full: readonly RedisWork[],
  trickle: readonly RedisWork[],
): Readonly<Record<string, Share>> {
  const names = new Set([...full, ...trickle].flatMap(({ calls }) => [...calls.keys()]));
  return Object.fromEntries([...names].sort().map((name) => [name, shareOf(name, full, trickle)]));
}

function shareOf(name: string, full: readonly RedisWork[], trickle: readonly RedisWork[]): Share {
  const [many, few] = [sumOf(full, name), sumOf(trickle, name)];
  const longer = many.seconds / few.seconds;
  const moreRelays = many.relays - longer * few.relays;
  if (!(moreRelays > 0)) return UNKNOWN;
  const likely = Math.max(0, (many.calls - longer * few.calls) / moreRelays);
  const beside = trickle.map(({ calls, relays, seconds }) => ((calls.get(name) ?? 0) - likely * relays) / seconds);
  // the busiest slice: a machine that stood still did nothing in another one
  const mostBeside = Math.max(0, ...beside) * (many.seconds + BURST_EVERY_S * full.length);
  return { likely, least: Math.max(0, many.calls - mostBeside) / many.relays, most: many.calls / many.relays };
}

function sumOf(slices: readonly RedisWork[], name: string) {
  const total = (of: (slice: RedisWork) => number) => slices.reduce((sum, slice) => sum + of(slice), 0);
  return {
    calls: total(({ calls }) => calls.get(name) ?? 0),
    relays: total(({ relays }) => relays),
    seconds: total(({ seconds }) => seconds),
  };
}
