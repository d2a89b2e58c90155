import { appendFileSync, writeFileSync } from "node:fs";
import {
  ComposeTarget,
  type Experiment,
  FaultError,
  type FaultKind,
  faultKinds,
  faultNames,
  type LabOrder,
  OwnCluster,
  openLocalCluster,
  runExperiment,
  runInLab,
  textOfChaos,
} from "@switchyard/chaos";
import { Duration, htmlOf, junitOf, type Scenario, ScenarioError, UnreachableError, verdicts } from "@switchyard/load";
import { readConfig } from "@switchyard/runtime";
import type { Call, Command, Flags, Report } from "../command.ts";
import type { Environment } from "../config.ts";
import { type ExitCode, OperatorError, UsageError } from "../exit-code.ts";
import { progressTo, scenarioOf, writable } from "./load.ts";

const DEFAULT_SCENARIO = "talk";
const places = ["own", "local", "compose", "lab"] as const;
const units = "500ms, 10s, 2min";

export const chaos: Command = {
  name: "chaos",
  operands: [],
  isWithoutRedis: true,
  summary: "A load test during which faults are injected: nodes are killed, stopped, drained, cut off, Redis restarts.",
  more:
    "The clients and the oracles are those of [`sy load`](load.md), and so are the verdicts and exit codes; Ctrl-C ends it, " +
    "undoes what was done, and reports what happened so far. The faults follow from --seed, --duration, --every, --lasts and " +
    `--kinds alone. Kinds: ${Object.entries(faultKinds)
      .map(([kind, what]) => `\`${kind}\` (${what})`)
      .join(
        ", ",
      )}. With --against own, which is the default, it starts a cluster on free ports with a Redis of its own and ends ` +
    "it again; local is what `npm start` runs here, compose what `docker compose` runs in the working directory, and lab hosts of its own, for which it has to be root.",
  examples: [
    { call: "sy chaos --users 200 --duration 2min", description: "faults of all kinds, in a cluster of its own" },
    {
      call: "sy chaos --kinds kill --every 10s --duration 5min --users 500",
      description: "a node is killed every ten seconds",
    },
    { call: "sy chaos --seed 7 --shrink", description: "if that fails: the fewest faults with which it does" },
    { call: "sy chaos --against local --kinds stop,cut", description: "what `npm start` runs here" },
  ],
  options: {
    against: { value: "place", description: `${places.join(", ")}: where the faults are injected (default own)` },
    kinds: {
      value: "kinds",
      description: "kinds of faults, with commas between them (default: all that are possible)",
    },
    every: { value: "time", description: `time between two faults: ${units} (default 10s)` },
    lasts: { value: "time", description: "how long a fault lasts at most that ends by itself (default 5s)" },
    seed: { value: "number", description: "another schedule, and another order of what is random" },
    shrink: { description: "run a failing run again, with fewer faults each time, until as few as possible are left" },
    target: { value: "urls", description: "for compose: where clients reach it (default http://localhost:3000)" },
    nodes: { value: "number", description: "nodes of a cluster of its own (default 3)" },
    scenario: { value: "name", description: `a ready scenario, or a file (default ${DEFAULT_SCENARIO})` },
    users: { value: "number", description: "so many users, who stay" },
    ramp: { value: "time", description: "time in which the users come, before the first fault" },
    duration: { value: "time", description: "time after that, in which faults are injected" },
    logs: { value: "file", description: "append there what the processes of a cluster of its own say" },
    report: { value: "file", description: "write the report there, as JSON" },
    junit: { value: "file", description: "write the verdicts there, as JUnit XML" },
    html: { value: "file", description: "write a page with plots there, in which faults are marked" },
  },
  run: test,
};

async function test({ flags, report, json, environment }: Call): Promise<Report> {
  const files = { report: writable(flags, "report"), junit: writable(flags, "junit"), html: writable(flags, "html") };
  const order = orderOf(flags);
  const open = openerOf(flags, order.scenario, environment);
  const progress = progressTo(report, json);
  const interruption = new AbortController();
  const interrupt = () => interruption.abort();
  process.once("SIGINT", interrupt).once("SIGTERM", interrupt);
  const options = { progress: progress.show, signal: interruption.signal };
  try {
    const result = await (open ? runExperiment({ ...order, open }, options) : runInLab(order, options));
    if (files.report !== undefined) writeFileSync(files.report, `${JSON.stringify(result, null, 2)}\n`);
    if (files.junit !== undefined) writeFileSync(files.junit, junitOf(result));
    if (files.html !== undefined) writeFileSync(files.html, htmlOf(result));
    return { document: result, text: textOfChaos(result), code: verdicts[result.verdict] };
  } catch (error) {
    if (error instanceof FaultError || error instanceof ScenarioError) throw new OperatorError(error.message);
    if (!(error instanceof UnreachableError)) throw error;
    const code: ExitCode = verdicts.unreachable;
    return { document: { error: error.message }, text: `sy: ${error.message}`, code };
  } finally {
    progress.end();
    process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
  }
}

function orderOf(flags: Flags): LabOrder {
  const scenario = scenarioOf(flags, DEFAULT_SCENARIO);
  const { seed, duration: durationMs } = scenario;
  const [everyMs, longestMs] = [timeOf(flags, "every", 10_000), timeOf(flags, "lasts", 5000)];
  const plan = { seed, durationMs, everyMs, longestMs, kinds: kindsIn(flags) };
  return { scenario, plan, shrinks: flags.has("shrink") };
}

/** Opens what --against says; nothing for the lab, which is a program of its own. */
function openerOf(flags: Flags, { targets }: Scenario, environment: Environment): Experiment["open"] | undefined {
  const nodes = flags.number("nodes", 3, 1);
  const print = logTo(writable(flags, "logs"));
  switch (flags.oneOf("against", places) ?? "own") {
    case "own":
      return () => OwnCluster.start({ nodes, matchmakers: 2, print });
    case "local":
      return async () => openLocalCluster(readConfig(["RUN_DIR"], environment).RUN_DIR);
    case "compose":
      return async () => new ComposeTarget(targets);
    case "lab":
      return undefined;
  }
}

/** Nobody reads what the processes of a cluster say, unless something went wrong. */
function logTo(file: string | undefined): (name: string, text: string) => void {
  if (file === undefined) return () => {};
  return (name, text) => appendFileSync(file, `${name} ${text}\n`);
}

function kindsIn(flags: Flags): FaultKind[] | undefined {
  const given = flags.text("kinds")?.split(",");
  return given?.map((name) => {
    const kind = faultNames.find((one) => one === name.trim());
    if (!kind) throw new UsageError(`--kinds must be of ${faultNames.join(", ")}`);
    return kind;
  });
}

function timeOf(flags: Flags, name: string, otherwiseMs: number): number {
  const text = flags.text(name);
  if (text === undefined) return otherwiseMs;
  const { data } = Duration.safeParse(text);
  if (data === undefined || data === 0) throw new UsageError(`--${name} must be a number and a unit: ${units}`);
  return data;
}
