import { explained } from "../calls.ts";
import { cleanUpAtExit } from "../children.ts";
import { readFlags } from "../flags.ts";
import { figuresOf, missesOf, report, wantedOf } from "./figures.ts";
import type { PresenceDialect } from "./manners.ts";
import { measure, type Step } from "./steps.ts";

/** At which parts of the users it is measured. */
const PARTS = [0.1, 0.2, 0.4, 1];
const MOST_LISTED = 500;

const flags = readFlags("pnpm bench:presence", {
  dialects: { default: "calls,chat", meaning: "which to run" },
  users: { default: 5000, least: 20, meaning: "how many come online" },
  rate: { default: 10, least: 1, meaning: "joins a second while it is measured" },
  seconds: { default: 10, least: 0.1, meaning: "how long it is measured at each number of users" },
  profile: { default: "", meaning: "a directory for CPU profiles of the nodes in the last step" },
  json: { default: false, meaning: "print one line of JSON with everything at the end" },
});

cleanUpAtExit();
const print = (text: string) => process.stdout.write(`${text}\n`);
const results: { dialect: PresenceDialect; steps: readonly Step[] }[] = [];
const failures: string[] = [];
const missed: string[] = [];
const steps = PARTS.map((part) => Math.round(part * flags.users));
const listed = Math.min(MOST_LISTED, steps[0] ?? 0);

for (const dialect of flags.dialects.split(",")) {
  if (dialect !== "calls" && dialect !== "chat") failures.push(`there is no presence in "${dialect}"`);
  else await run(dialect).catch((error: Error) => failures.push(`${dialect}: ${explained(error)}`));
}
for (const failure of failures) print(`FAILED ${failure}`);
for (const miss of missed) print(`MISSED ${miss}`);
if (flags.json) print(JSON.stringify({ flags, node: process.version, results: results.map(withFigures) }));
process.exit(failures.length + missed.length > 0 ? 1 : 0);

async function run(dialect: PresenceDialect): Promise<void> {
  const { rate: joinsPerSecond, seconds, profile } = flags;
  const started = performance.now();
  const onStep = ({ steady }: Step) =>
    print(`${dialect}: ${steady.users} users, after ${((performance.now() - started) / 1000).toFixed(0)} s`);
  const measured = await measure({ dialect, steps, listed, seconds, joinsPerSecond, profile }, onStep);
  results.push({ dialect, steps: measured });
  const misses = missesOf(dialect, measured);
  missed.push(...misses.map((miss) => `${dialect}: ${miss}`));
  print(`\n${dialect}, for each join, ${flags.rate} of them a second:\n${report(dialect, measured)}\n`);
  print(`${dialect}: wanted is ${wantedOf(dialect)}: ${misses.length === 0 ? "so it is" : misses.join(", ")}\n`);
}

function withFigures({ dialect, steps: measured }: (typeof results)[number]) {
  return { dialect, steps: measured.map((step) => ({ ...step, figures: figuresOf(step.steady) })) };
}
