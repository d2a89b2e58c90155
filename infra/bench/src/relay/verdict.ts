import { figure } from "../table.ts";
import { type Measure, type Result, ratiosOf, roundRatios } from "./report.ts";
import type { Round } from "./round-figures.ts";

interface Wanted {
  readonly measure: Measure;
  readonly least?: number;
  readonly most?: number;
}

/** What is wanted of Switchyard, as ratios to the reference. */
const wanted: readonly Wanted[] = [
  { measure: "relaysPerCpuSecond", least: 1.2 },
  { measure: "p99", most: 1 },
  { measure: "pacedP99", most: 1 },
  { measure: "aloneP99", most: 1 },
  { measure: "idleKib", most: 1 },
];

/** What Redis may be asked for one relay: the script, and what that does. Everything once. */
const commandsOfARelay = ["evalsha", "hmget", "hincrby", "xadd", "spublish"];
/** What goes on beside the relays, as leases. */
const BESIDE = 0.02;

/**
 * What was wanted and is missed. Figures of single rounds differ by a fifth and more, so a ratio counts as missed only where the median
 * misses it and no round meets it; what Redis was asked for does not depend on chance.
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

function missedCommands({ underLoad }: Round): string[] {
  const others = Object.keys(underLoad).filter((name) => !commandsOfARelay.includes(name));
  const notOnce = commandsOfARelay.filter((name) => Math.abs((underLoad[name] ?? 0) - 1) > BESIDE);
  return [
    ...others.map((name) => `Redis commands: a relay is not to need ${name}`),
    ...notOnce.map(
      (name) => `Redis commands: ${name} ${figure(underLoad[name] ?? 0, 2)} times for a relay, wanted once`,
    ),
  ];
}
