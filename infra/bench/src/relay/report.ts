import { figure, median, spread, table } from "../table.ts";

import type { Round } from "./round-figures.ts";

/** All rounds of one system. */
export interface Result {
  readonly system: string;
  readonly title: string;
  readonly rounds: readonly Round[];
  /** Why rounds failed: empty if all were right. */
  readonly failures: readonly string[];
}

/** The figures that are compared, each from one round; `digits` and `unit` say how it is shown. */
const measures = {
  relaysPerCpuSecond: { title: "relays/CPU s", digits: 0, of: ({ full }: Round) => full.relaysPerCpuSecond },
  p50: { title: "p50 ms", digits: 1, of: ({ full }: Round) => full.p50 },
  p99: { title: "p99 ms", digits: 1, of: ({ full }: Round) => full.p99 },
  pacedRelaysPerCpuSecond: { title: "paced: /CPU s", digits: 0, of: ({ paced }: Round) => paced.relaysPerCpuSecond },
  pacedP50: { title: "p50 ms", digits: 2, of: ({ paced }: Round) => paced.p50 },
  pacedP99: { title: "p99 ms", digits: 2, of: ({ paced }: Round) => paced.p99 },
  aloneP50: { title: "alone: p50 ms", digits: 2, of: ({ alone }: Round) => alone.p50 },
  aloneP99: { title: "p99 ms", digits: 2, of: ({ alone }: Round) => alone.p99 },
  idleKib: {
    title: "KiB/idle",
    digits: 1,
    of: ({ perIdleConnection }: Round) => perIdleConnection.residentBytes / 1024,
  },
  idleHeapKib: {
    title: "heap KiB",
    digits: 1,
    of: ({ perIdleConnection }: Round) => perIdleConnection.heapBytes / 1024,
  },
  redisMicroseconds: { title: "Redis µs/relay", digits: 1, of: (round: Round) => round.redisCpuMicrosecondsPerRelay },
  clientCores: { title: "clients' cores", digits: 2, of: (round: Round) => round.clientCores },
  foreignCores: { title: "others' cores", digits: 2, of: (round: Round) => round.foreignCores },
} as const;

/** Past this the latencies tell as much about the rest of the machine as about the systems. */
const MOST_FOREIGN_CORES = 0.1;

/** Commands that Redis runs less than once in fifty relays are not shown. */
const LEAST_SHARE = 0.02;

export type Measure = keyof typeof measures;
type Figures = Readonly<Record<Measure, number>>;

const all = Object.keys(measures) as Measure[];
const compared = all.filter((measure) => measure !== "clientCores" && measure !== "foreignCores");

/** Something of every measure. */
function figures(of: (measure: Measure) => number): Figures {
  return Object.fromEntries(all.map((measure) => [measure, of(measure)])) as Figures;
}

/** One line for a round that has just been run. */
export function roundLine(number: number, title: string, round: Round): string {
  const shown = all.map((measure) => `${measures[measure].title} ${shownFigure(measure, measures[measure].of(round))}`);
  return `round ${number}, ${title}: ${shown.join(", ")}`;
}

export function mediansOf({ rounds }: Result): Figures {
  return figures((measure) => median(rounds.map(measures[measure].of)));
}

/** How the medians of a result compare with those of the reference: 2 is twice as much. */
export function ratiosOf(result: Result, reference: Result): Figures {
  const [own, others] = [mediansOf(result), mediansOf(reference)];
  return figures((measure) => own[measure] / others[measure]);
}

/** The same for each round: both systems had their turns in it, and whatever else went on was the same for both. */
export function roundRatios(measure: Measure, { rounds }: Result, reference: Result): readonly number[] {
  const { of } = measures[measure];
  return rounds.flatMap((round, index) => {
    const other = reference.rounds[index];
    return other === undefined ? [] : [of(round) / of(other)];
  });
}

/** The tables: medians, how far the rounds lie apart, ratios, and what Redis did. */
export function report(results: readonly Result[], reference: Result | undefined): string {
  const head = (title: string, shown: readonly Measure[]) => [
    title,
    ...shown.map((measure) => measures[measure].title),
  ];
  const rows = (shown: readonly Measure[], cell: (result: Result, measure: Measure) => string) =>
    results.map((result) => [nameOf(result), ...shown.map((measure) => cell(result, measure))]);
  const medians = rows(all, (result, measure) => shownFigure(measure, mediansOf(result)[measure]));
  const spreads = rows(all, ({ rounds }, measure) => `${figure(100 * spread(rounds.map(measures[measure].of)))} %`);
  const parts = [table(head("median", all), medians)];
  if (results.some(({ rounds }) => rounds.length > 1)) parts.push(table(head("largest - smallest", all), spreads));
  if (reference !== undefined) {
    const ratios = rows(compared, (result, measure) => figure(ratiosOf(result, reference)[measure], 2));
    parts.push(table(head(`ratio to ${reference.system}`, compared), ratios));
    const ranges = rows(compared, (result, measure) => rangeOf(roundRatios(measure, result, reference)));
    if (results.some(({ rounds }) => rounds.length > 1)) parts.push(table(head("in single rounds", compared), ranges));
  }
  parts.push(
    ["Redis commands per relay, those inside of scripts among them", ...results.map(commandsLine)].join("\n"),
    ...noiseNote(results),
  );
  return parts.join("\n\n");
}

function rangeOf(values: readonly number[]): string {
  return values.length === 0 ? "-" : `${figure(Math.min(...values), 2)}–${figure(Math.max(...values), 2)}`;
}

function noiseNote(results: readonly Result[]): readonly string[] {
  const cores = Math.max(...results.map((result) => mediansOf(result).foreignCores).filter(Number.isFinite));
  if (cores <= MOST_FOREIGN_CORES) return [];
  return [`Other processes kept ${figure(cores, 2)} cores busy: trust the latencies only of a quiet machine.`];
}

function nameOf({ title, failures }: Result): string {
  return failures.length === 0 ? title : `${title} FAILED`;
}

function commandsLine({ title, rounds }: Result): string {
  const shares = Object.entries(rounds[0]?.commands ?? {}).filter(([, { likely }]) => likely >= LEAST_SHARE);
  const listed = shares.map(([name, { likely }]) => `${name} ${figure(likely, 2)}`).join(", ");
  return `  ${title}: ${listed === "" ? "-" : listed}`;
}

function shownFigure(measure: Measure, value: number): string {
  return figure(value, measures[measure].digits);
}
