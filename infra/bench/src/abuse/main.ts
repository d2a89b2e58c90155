import { explained } from "../calls.ts";
import { cleanUpAtExit } from "../children.ts";
import { readFlags } from "../flags.ts";
import { type AttackName, attacks } from "./attacks.ts";
import { missesOf, report } from "./figures.ts";
import { measureAbuse } from "./measure.ts";

const all = Object.keys(attacks) as AttackName[];

const flags = readFlags("pnpm bench:abuse", {
  attacks: { default: all.join(","), meaning: "what the one address does, all at once" },
  honest: { default: 200, least: 2, meaning: "honest clients, in pairs" },
  seconds: { default: 60, least: 1, meaning: "how long the attack lasts" },
  rest: { default: 60, least: 0, meaning: "seconds after which Redis's memory is read again" },
  json: { default: false, meaning: "print one line of JSON with everything at the end" },
  check: { default: false, meaning: "exit with 1 if what is wanted is missed" },
});

cleanUpAtExit();
const print = (text: string) => process.stdout.write(`${text}\n`);
const started = performance.now();
const onStep = (step: string) => print(`after ${((performance.now() - started) / 1000).toFixed(0)} s: ${step}`);

try {
  const { honest, seconds, rest: restSeconds } = flags;
  const names = flags.attacks.split(",").map(nameOf);
  const cost = await measureAbuse({ honest, names, seconds, restSeconds }, onStep);
  const misses = missesOf(cost);
  print(`\n${report(cost)}\n`);
  for (const miss of misses) print(`MISSED ${miss}`);
  if (flags.json) print(JSON.stringify({ flags, node: process.version, cost, misses }));
  process.exit(flags.check && misses.length > 0 ? 1 : 0);
} catch (error) {
  print(`FAILED ${error instanceof Error ? explained(error) : String(error)}`);
  process.exit(1);
}

function nameOf(text: string): AttackName {
  const name = all.find((known) => known === text);
  if (name === undefined) throw new Error(`there is no attack "${text}"; there are: ${all.join(", ")}`);
  return name;
}
