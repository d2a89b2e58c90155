import { type Contestant, startContestant } from "./contestant.ts";
import { startProfile, writeProfile } from "./node-process.ts";
import { type Round, roundOf, type Slices } from "./round-figures.ts";
import type { System } from "./systems.ts";

/** How one round is run. */
export interface Plan {
  readonly pairs: number;
  readonly inFlight: number;
  readonly idle: number;
  /** How many slices of a second of relaying under full load are measured. */
  readonly seconds: number;
  /**
   * And how many of the paced phase, and of the one with a single candidate: a pause of some ms in one slice must not be the
   * round's 99th percentile.
   */
  readonly quiet: number;
  /** Relays per second in the paced phase. */
  readonly rate: number;
  readonly aof: boolean;
  /** Where to write CPU profiles of the nodes under full load; empty: none are taken. */
  readonly profile: string;
}

const WARM_UP_MS = 1500;
const RAMP_MS = 200;
const SLICE_MS = 1000;
/** So few a second, each answered, that Redis works mostly for other things; but enough for each node to count some. */
const TRICKLE_PER_SECOND = 20;
const TRICKLE_SLICES = 3;

/** A system in a round, and what it has shown so far. */
interface Entry extends Slices {
  readonly contestant: Contestant;
}

/**
 * Runs one round. All systems are up at once, but at any time only one has anything to do: they take turns slice by slice, so
 * that whatever else the machine is doing falls on all of them alike. A system that fails is left out of the rest.
 * @returns each system's figures, or what made it fail
 */
export async function runRound(systems: readonly System[], plan: Plan): Promise<readonly (Round | Error)[]> {
  const starts = systems.map((system) => startContestant(system, plan.aof).catch((error: Error) => error));
  const contestants = await Promise.all(starts);
  try {
    return await measureAll(contestants, plan);
  } finally {
    await Promise.all(contestants.map((contestant) => (contestant instanceof Error ? undefined : contestant.stop())));
  }
}

async function measureAll(
  contestants: readonly (Contestant | Error)[],
  plan: Plan,
): Promise<readonly (Round | Error)[]> {
  const { inFlight, rate, profile } = plan;
  let entries = await inTurn(contestants, (contestant) => enter(contestant, plan));
  const take = async (times: number, slice: (contestant: Contestant, so: Entry) => Promise<Partial<Slices>>) => {
    for (let time = 0; time < times; time++) {
      entries = await inTurn(entries, async (entry) => ({ ...entry, ...(await slice(entry.contestant, entry)) }));
    }
  };
  const window = { warmUpMs: RAMP_MS, measureMs: SLICE_MS };
  await take(1, ({ nodes }) => startProfile(nodes, profile).then(() => ({})));
  await take(plan.seconds, async (one, { full }) => ({ full: [...full, await one.rally({ ...window, inFlight })] }));
  await take(1, ({ nodes }) => writeProfile(nodes, profile).then(() => ({})));
  await take(TRICKLE_SLICES, async (one, { trickle }) => ({
    trickle: [...trickle, await one.paced({ ...window, perSecond: TRICKLE_PER_SECOND })],
  }));
  await take(plan.quiet, async (one, { paced }) => ({
    paced: [...paced, await one.paced({ ...window, perSecond: rate / 2 })],
  }));
  await take(plan.quiet, async (one, { alone }) => ({
    alone: [...alone, await one.turns(window)],
  }));
  return inTurn(entries, async (entry) => roundOf(entry));
}

/** Measures idle memory while the nodes are fresh, and warms up. */
async function enter(contestant: Contestant, { idle, pairs, inFlight }: Plan): Promise<Entry> {
  const perIdleConnection = await contestant.memoryPerConnection(idle);
  await contestant.openPairs(pairs);
  await contestant.rally({ inFlight, warmUpMs: 0, measureMs: WARM_UP_MS });
  return { contestant, perIdleConnection, full: [], trickle: [], paced: [], alone: [] };
}

/** Runs an action with each input, one after the other. An input that failed before, or fails now, yields an error. */
async function inTurn<Input, Output>(
  all: readonly (Input | Error)[],
  act: (one: Input) => Promise<Output>,
): Promise<readonly (Output | Error)[]> {
  const outcomes: (Output | Error)[] = [];
  for (const one of all) {
    outcomes.push(one instanceof Error ? one : await act(one).catch((error: Error) => error));
  }
  return outcomes;
}
