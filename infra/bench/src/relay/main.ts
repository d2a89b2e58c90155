import { availableParallelism } from "node:os";
import { explained } from "../calls.ts";
import { cleanUpAtExit } from "../children.ts";
import { readFlags } from "../flags.ts";
import { mediansOf, type Result, ratiosOf, report, roundLine } from "./report.ts";
import { type Plan, runRound } from "./round.ts";
import type { Round } from "./round-figures.ts";
import { type System, systemNamed } from "./systems.ts";
import { missesOf } from "./verdict.ts";

const OWN = "switchyard";
/** The reference of `--check`. */
const SHARDED = "sharded";

const flags = readFlags("pnpm bench:relay", {
  rounds: { default: 3, least: 1, meaning: "how often each system is run, in turn with the others" },
  pairs: { default: 100, least: 1, meaning: "pairs of clients, each side on another node" },
  seconds: { default: 6, least: 1, meaning: "how long full load is measured in each round, in slices of a second" },
  quiet: { default: 5, least: 1, meaning: "the same for the paced phase, and for that of a single candidate" },
  "in-flight": { default: 4, least: 1, meaning: "candidates in play in each pair, under load" },
  rate: { default: 4000, least: 1, meaning: "relays per second in the paced phase" },
  idle: { default: 2000, least: 1, meaning: "connections whose memory is measured" },
  systems: {
    default: "switchyard,sharded,classic,ws",
    meaning: "which; also match, calls, rooms, chat, sharded-private, switchyard@<commit or directory of a checkout>",
  },
  reference: { default: SHARDED, meaning: "the system to which the ratios are" },
  aof: { default: false, meaning: "let Redis write an append-only file" },
  profile: { default: "", meaning: "a directory for CPU profiles of the nodes under load" },
  json: { default: false, meaning: "print one line of JSON with everything at the end" },
  check: { default: false, meaning: "exit with 1 if what is wanted, beside sharded, is missed" },
});

cleanUpAtExit();
const print = (text: string) => process.stdout.write(`${text}\n`);
const names = flags.systems.split(",");
const chosen = await chosenSystems();
const results = await runAll();
print(`\n${report(results, resultOf(flags.reference))}`);
for (const { title, failures } of results) for (const failure of failures) print(`FAILED ${title}: ${failure}`);
const missed = flags.check ? findMisses() : [];
for (const miss of missed) print(`MISSED ${miss}`);
if (flags.json)
  print(
    JSON.stringify({ flags, cores: availableParallelism(), node: process.version, results: results.map(withSummary) }),
  );
process.exit(missed.length > 0 || results.some(({ failures }) => failures.length > 0) ? 1 : 0);

/** Refuses before anything runs: systems that do not exist, and verdicts that lack a system to compare with. */
async function chosenSystems(): Promise<readonly [string, System][]> {
  try {
    if (flags.reference !== SHARDED && !names.includes(flags.reference))
      throw new Error(`--reference: "${flags.reference}" is not among the systems`);
    if (flags.check && ![OWN, SHARDED].every((name) => names.includes(name)))
      throw new Error(`--check needs ${OWN} and ${SHARDED} among the systems`);
    const all: [string, System][] = [];
    for (const name of names) all.push([name, await systemNamed(name)]);
    return all;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(2);
  }
}

function resultOf(name: string): Result | undefined {
  return results.find(({ system }) => system === name);
}

async function runAll(): Promise<readonly Result[]> {
  const { pairs, idle, seconds, quiet, rate, aof, profile } = flags;
  const plan: Plan = { pairs, idle, seconds, quiet, rate, aof, profile, inFlight: flags["in-flight"] };
  const all = chosen.map(([system, { title }]) => ({ system, title, rounds: [] as Round[], failures: [] as string[] }));
  for (let number = 1; number <= flags.rounds; number++) {
    const outcomes = await runRound(
      chosen.map(([, system]) => system),
      plan,
    );
    for (const [index, { title, rounds, failures }] of all.entries()) {
      const outcome = outcomes[index];
      if (outcome instanceof Error) failures.push(explained(outcome));
      if (outcome === undefined || outcome instanceof Error) continue;
      rounds.push(outcome);
      print(roundLine(number, title, outcome));
    }
  }
  return all;
}

function findMisses(): string[] {
  const [own, sharded] = [resultOf(OWN), resultOf(SHARDED)];
  return own && sharded ? missesOf(own, sharded) : [];
}

function withSummary(result: Result) {
  const reference = resultOf(flags.reference);
  return { ...result, medians: mediansOf(result), ratios: reference === undefined ? {} : ratiosOf(result, reference) };
}
