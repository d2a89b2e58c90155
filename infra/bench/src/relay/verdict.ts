import { figure } from "../table.ts";
import type { Share } from "./redis-commands.ts";
import { type Measure, type Result, ratiosOf, roundRatios } from "./report.ts";
import type { Round } from "./round-figures.ts";

interface Wanted {
  readonly measure: Measure;
  readonly least?: number;
  readonly most?: number;
}

/** The targets for Switchyard, as ratios to the reference. */
const wanted: readonly Wanted[] = [
  { measure: "relaysPerCpuSecond", least: 1.2 },
  { measure: "p99", most: 1 },
  { measure: "pacedP99", most: 1 },
  { measure: "aloneP99", most: 1 },
  { measure: "idleKib", most: 1 },
];

/** The commands that one relay may cost Redis: the script, and those of the script, each once. */
const commandsOfARelay = ["evalsha", "time", "hmget", "hset", "xadd", "spublish"];
/** Commands seen less than once in fifty relays, such as those that fill a gap, are not part of a relay. */
const SELDOM = 0.02;
const NEVER: Share = { likely: 0, least: 0, most: 0 };

/**
 * The targets that are missed. Figures of single rounds differ by a fifth and more, so a ratio counts as missed only if
 * the median misses it and no round meets it; the commands for a relay do not depend on chance.
 */
export function missesOf(own: Result, reference: Result): string[] {
  return [...wanted.flatMap((one) => missedRatio(one, own, reference)), ...new Set(own.rounds.flatMap(missedCommands))];
}

function missedRatio({ measure, least = 0, most = Number.POSITIVE_INFINITY }: Wanted, own: Result, reference: Result) {
  const isMet = (ratio: number) => ratio >= least && ratio <= most;
  const median = ratiosOf(own, reference)[measure];
  const each = roundRatios(measure, own, reference);
  if (each.length > 0 && (isMet(median) || each.some(isMet))) return [];
  const bound = least > 0 ? `at least ${least}` : `at most ${most}`;
  const rounds = each.map((ratio) => figure(ratio, 2)).join(", ");
  return [`${measure}: ${figure(median, 2)} times ${reference.system} (${rounds}), wanted ${bound}`];
}

function missedCommands({ commands }: Round): string[] {
  const others = Object.entries(commands).filter(
    ([name, { least }]) => !commandsOfARelay.includes(name) && !(least <= SELDOM),
  );
  const notOnce = commandsOfARelay.filter((name) => !isOnce(commands[name] ?? NEVER));
  return [
    ...others.map(([name]) => `Redis commands: a relay is not to need ${name}`),
    ...notOnce.map(
      (name) => `Redis commands: ${name} ${figure(commands[name]?.likely ?? 0, 2)} times for a relay, wanted once`,
    ),
  ];
}

function isOnce({ least, most }: Share): boolean {
  return least <= 1 + SELDOM && most >= 1 - SELDOM;
}
