import { figure, table } from "../table.ts";
import type { PresenceDialect } from "./manners.ts";
import type { Step, Stretch } from "./steps.ts";

/** The figures shown of a stretch. */
const measures = {
  greeting: { title: "B to new user", digits: 0, of: (one: Stretch) => one.greetingBytes / one.joins },
  each: { title: "B to each other", digits: 1, of: (one: Stretch) => one.toldBytes / one.joins / one.users },
  all: { title: "KB in all", digits: 0, of: (one: Stretch) => (one.greetingBytes + one.toldBytes) / one.joins / 1000 },
  commands: { title: "Redis commands", digits: 1, of: (one: Stretch) => one.redisCommands / one.joins },
  redis: { title: "Redis ms", digits: 2, of: (one: Stretch) => one.redisCpuMs / one.joins },
  cpu: { title: "nodes' CPU ms", digits: 2, of: (one: Stretch) => one.nodeCpuMs / one.joins },
  perTold: { title: "µs/told", digits: 2, of: (one: Stretch) => (1000 * one.nodeCpuMs) / one.told },
  lists: { title: "MB/s of lists", digits: 2, of: (one: Stretch) => one.listBytes / one.seconds / 1e6 },
  cores: { title: "nodes' cores", digits: 2, of: (one: Stretch) => one.nodeCpuMs / one.seconds / 1000 },
  others: {
    title: "others' cores",
    digits: 2,
    of: (one: Stretch) => Math.max(0, one.othersCpuMs / one.seconds / 1000),
  },
} as const;

export type Measure = keyof typeof measures;

/** The figures that must not grow with the users, by their ratio of the last step to the first. */
const flat: Readonly<Record<PresenceDialect, readonly Measure[]>> = {
  calls: ["greeting", "each", "commands", "perTold"],
  chat: ["greeting", "each", "commands", "cores"],
};
const MOST_GROWTH = 1.5;
/**
 * The most that lists may cost, for any number of users online: core's own limit, and half as much for chance.
 */
const MOST_MB_PER_SECOND = 6;
const ofCpu: readonly Measure[] = ["perTold", "cores"];
/** Less CPU time than that, counted in ticks of 10 ms, says nothing. */
const LEAST_CPU_MS = 200;

const shown = Object.keys(measures) as Measure[];
const rushHead = ["brought in, in a rush", "joins/s", "nodes' CPU ms/join", "nodes' cores"];

/** All figures of a step, by name. */
export function figuresOf(stretch: Stretch): Readonly<Record<Measure, number>> {
  return Object.fromEntries(shown.map((measure) => [measure, measures[measure].of(stretch)])) as Record<
    Measure,
    number
  >;
}

/** The cost of a join by the number of users online, and the ratio of each figure of the last step to the first. */
export function report(dialect: PresenceDialect, steps: readonly Step[]): string {
  const columns = shown.filter((measure) => dialect === "calls" || measure !== "perTold"); // a list is not of one join
  const rows = steps.map(({ steady }) => [
    figure(steady.users),
    ...columns.map((measure) => figure(measures[measure].of(steady), measures[measure].digits)),
  ]);
  const ratios = ["last : first", ...columns.map((measure) => figure(growthOf(measure, steps), 2))];
  const rushes = steps
    .filter(({ rush }) => rush.joins > 0)
    .map(({ rush }) => [
      `${figure(rush.joins)} around ${figure(rush.users)}`,
      figure(rush.joins / rush.seconds),
      figure(measures.cpu.of(rush), 2),
      figure(measures.cores.of(rush), 2),
    ]);
  const head = ["users", ...columns.map((measure) => measures[measure].title)];
  return `${table(head, [...rows, ratios])}\n\n${table(rushHead, rushes)}`;
}

/** The figures beyond their limits, one line for each. */
export function missesOf(dialect: PresenceDialect, steps: readonly Step[]): readonly string[] {
  const isMeasured = steps.every(({ steady }) => steady.nodeCpuMs >= LEAST_CPU_MS);
  const grown = flat[dialect]
    .filter((measure) => isMeasured || !ofCpu.includes(measure))
    .filter((measure) => !(growthOf(measure, steps) <= MOST_GROWTH))
    .map((measure) => `${measures[measure].title} grows ${growthOf(measure, steps).toFixed(2)} times`);
  const most = Math.max(...steps.map(({ steady }) => measures.lists.of(steady)));
  return most <= MOST_MB_PER_SECOND ? grown : [...grown, `lists cost ${most.toFixed(1)} MB/s`];
}

/** The targets, in words. */
export function wantedOf(dialect: PresenceDialect): string {
  const titles = flat[dialect].map((measure) => measures[measure].title).join(", ");
  const bound = `at most ${MOST_MB_PER_SECOND} MB/s of lists`;
  return `at most ${MOST_GROWTH} times as much with the most users as with the fewest: ${titles}; ${bound}`;
}

function growthOf(measure: Measure, steps: readonly Step[]): number {
  const [first, last] = [steps[0], steps.at(-1)];
  const of = (step: Step | undefined) => (step ? measures[measure].of(step.steady) : Number.NaN);
  return of(last) / of(first);
}
