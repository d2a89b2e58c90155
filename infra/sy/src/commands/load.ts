import { accessSync, constants, existsSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import {
  hlogOf,
  htmlOf,
  junitOf,
  type LoadReport,
  type Overrides,
  readScenario,
  readyScenarios,
  type Scenario,
  ScenarioError,
  textOf,
  textOfScenario,
  UnreachableError,
  verdicts,
  WorkersError,
} from "@switchyard/load";
import type { Call, Command, Flags, Report } from "../command.ts";
import { type ExitCode, OperatorError, UsageError } from "../exit-code.ts";
import { compareFiles } from "./load-compare.ts";
import { type Asked, carryOut, takeWorkAs, workerOptions } from "./load-workers.ts";

const DEFAULT_SCENARIO = "random";
const DEFAULT_TOLERANCE = 10;

/** The files that options name, and what is written there. */
const outputs: readonly { readonly option: string; readonly textOf: (report: LoadReport) => string }[] = [
  { option: "report", textOf: (report) => `${JSON.stringify(report)}\n` },
  { option: "junit", textOf: junitOf },
  { option: "hlog", textOf: hlogOf },
  { option: "html", textOf: htmlOf },
];

export const load: Command = {
  name: "load",
  operands: ["[<action>]", "[<before>]", "[<after>]"],
  isWithoutRedis: true,
  summary: "Tests a cluster under load: many clients, each of whose messages is followed.",
  more:
    "`sy load init` writes a scenario, `sy load worker` works for others, `sy load compare` compares two reports. Needs no Redis. Scenarios that are ready: " +
    `${readyScenarios().join(", ")}; another one is a YAML file ([load tests](load.md)). A line a second says how it goes, and Ctrl-C ends ` +
    "it with the report so far. Ends with 0 if all is well, with 1 if a threshold of the scenario is missed, with 2 " +
    "if something was lost, doubled, reordered or otherwise wrong, and with 3 if a target can't be reached. A wrong " +
    "call ends with 2 as well, without a report. All users share an address: where they send more than a hundred users may, " +
    "`ADDRESS_RATE_LIMIT_USERS` has to be 0. Users of `chat`, and all where the scenario says `tokens: true`, show tokens, " +
    "which are signed with `JWT_SECRET`: that of the nodes. `sy load compare` ends with 1 if the value of a threshold is " +
    "worse by more than the tolerance.",
  examples: [
    {
      call: "sy load --scenario random --users 1000",
      description: "strangers who meet, against `ADDRESS_RATE_LIMIT_USERS=0 npm start`",
    },
    { call: "sy load --scenario mine.yaml --target http://10.0.0.1:3000", description: "your own, against a node" },
    { call: "sy load --scenario rooms --junit load.xml --report load.json", description: "with files for CI" },
    { call: "sy load compare before.json after.json --tolerance 20", description: "is the new version as fast?" },
    { call: "sy load --scenario idle --users 20000 --processes 2", description: "from two processes of this machine" },
    {
      call: "sy load worker --queue redis://10.0.0.9:6379",
      description: "on each testing machine, and on one of them:",
    },
    {
      call: "sy load --users 40000 --workers 4 --queue redis://10.0.0.9:6379",
      description: "from four of these workers",
    },
    { call: "sy load init --scenario rooms", description: "writes rooms.yaml, to begin from" },
  ],
  options: {
    scenario: { value: "name", description: `a ready scenario, or a file (default ${DEFAULT_SCENARIO})` },
    target: {
      value: "urls",
      description: "reverse proxy or nodes, with commas between them, instead of the scenario's",
    },
    users: { value: "number", description: "so many users, who stay" },
    rate: { value: "number", description: "so many users a second, each of whom leaves again; instead of --users" },
    ramp: { value: "time", description: "time in which the users come: 500ms, 10s, 2min" },
    duration: { value: "time", description: "time after that" },
    cuts: { value: "number", description: "connections that are broken a second, for their users to come back" },
    transport: { value: "name", description: "websocket, polling, or upgrade: from polling to a WebSocket" },
    seed: { value: "number", description: "another order of what is random" },
    tolerance: {
      value: "percent",
      description: `for compare: how much worse a value may be (default ${DEFAULT_TOLERANCE})`,
    },
    ...workerOptions,
    report: { value: "file", description: "write the report there, as JSON" },
    junit: { value: "file", description: "write the verdicts there, as JUnit XML" },
    hlog: { value: "file", description: "write the latencies of each second there, as a log of HdrHistogram" },
    html: { value: "file", description: "write a page with plots there, which needs nothing else" },
    metrics: {
      value: "urls",
      description:
        "metrics of nodes and matchmakers to be read meanwhile (default: those of the targets, if they are nodes)",
    },
  },
  run: async (call) => {
    const [action, before, after] = call.operands;
    if (action === undefined) return test(call);
    if (action === "init" && before === undefined) return init(call.flags);
    if (action === "worker" && before === undefined) return takeWorkAs(call);
    if (action !== "compare" || before === undefined || after === undefined) {
      throw new UsageError("it is called as: sy load [init | worker], or sy load compare <before> <after>");
    }
    return compareFiles(before, after, call.flags.number("tolerance", DEFAULT_TOLERANCE));
  },
};

async function init(flags: Flags): Promise<Report> {
  const name = flags.text("scenario") ?? DEFAULT_SCENARIO;
  if (!readyScenarios().includes(name))
    throw new UsageError(`--scenario must be one of ${readyScenarios().join(", ")}`);
  const file = `${name}.yaml`;
  if (existsSync(file)) throw new OperatorError(`${file} is there already`);
  writeFileSync(file, textOfScenario(name));
  return { document: { file }, text: `${file} is written; sy load --scenario ./${file} runs it` };
}

async function test({ flags, report, json, environment }: Call): Promise<Report> {
  const asked = askedFor(flags);
  const files = outputs.map(({ option, textOf }) => ({ path: writable(flags, option), textOf }));
  const metrics = listIn(flags, "metrics");
  const progress = progressTo(report, json);
  const interruption = new AbortController();
  const interrupt = () => interruption.abort();
  process.once("SIGINT", interrupt).once("SIGTERM", interrupt);
  try {
    const options = { progress: progress.show, signal: interruption.signal, metrics };
    const result = await carryOut(asked, { flags, environment }, options);
    for (const { path, textOf } of files) if (path !== undefined) writeFileSync(path, textOf(result));
    return { document: result, text: textOf(result), code: verdicts[result.verdict] };
  } catch (error) {
    if (error instanceof ScenarioError) throw new UsageError(error.message);
    if (!(error instanceof UnreachableError || error instanceof WorkersError)) throw error;
    const code: ExitCode = verdicts.unreachable;
    return { document: { error: error.message }, text: `sy: ${error.message}`, code };
  } finally {
    progress.end();
    process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
  }
}

/** The scenario that the options name, with what they say instead of it. */
export function scenarioOf(flags: Flags, otherwise = DEFAULT_SCENARIO): Scenario {
  return askedFor(flags, otherwise).scenario;
}

function askedFor(flags: Flags, otherwise = DEFAULT_SCENARIO): Asked {
  const given = (name: string) => (flags.text(name) === undefined ? undefined : flags.number(name, 0));
  try {
    const text = textOfScenario(flags.text("scenario") ?? otherwise);
    const overrides: Overrides = {
      targets: listIn(flags, "target"),
      sources: listIn(flags, "source"),
      users: given("users"),
      rate: given("rate"),
      ramp: flags.text("ramp"),
      duration: flags.text("duration"),
      cuts: given("cuts"),
      seed: given("seed"),
      transport: flags.text("transport"),
    };
    return { text, overrides, scenario: readScenario(text, overrides) };
  } catch (error) {
    throw error instanceof ScenarioError ? new UsageError(error.message) : error;
  }
}

/** The list that an option names, with commas between. */
function listIn(flags: Flags, option: string): readonly string[] | undefined {
  return flags
    .text(option)
    ?.split(",")
    .map((one) => one.trim());
}

/** The file that an option names. A place that can't be written is found before a run, whose report would be lost. */
export function writable(flags: Flags, option: string): string | undefined {
  const file = flags.text(option);
  if (file === undefined) return undefined;
  try {
    accessSync(existsSync(file) ? file : dirname(file), constants.W_OK);
  } catch (error) {
    throw new UsageError(`--${option} can't be written (${error instanceof Error ? error.message : String(error)})`);
  }
  return file;
}

/** On a terminal each line replaces the one before, and none is left; elsewhere, as in CI, lines follow each other. */
export function progressTo(report: (line: string) => void, json: boolean) {
  const { stderr } = process;
  if (!stderr.isTTY || json) return { show: report, end: () => {} };
  const show = (line: string) => void stderr.write(`\r${line.slice(0, (stderr.columns || 120) - 1)}\u001b[K`);
  return { show, end: () => show("") };
}
