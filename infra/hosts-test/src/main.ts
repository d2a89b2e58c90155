import { CheckReport } from "@switchyard/testkit";
import { type Options, readArguments, usage } from "./arguments.ts";
import { reasonAgainstNginx } from "./front/nginx.ts";
import type { FrontKind } from "./lab.ts";
import { Progress } from "./progress.ts";
import { reasonAgainstHosts, reasonAgainstSlowCables } from "./reasons.ts";
import { REMOVE_DEAD_RUNS, removeDeadRuns, removeRun, removeWhenGone } from "./removal.ts";
import { type Run, thisRun } from "./run.ts";
import { scenarios } from "./scenario/scenarios.ts";
import { Stage } from "./stage.ts";

async function test(options: Options, run: Run): Promise<boolean> {
  const report = new CheckReport();
  const reason = await reasonAgainstHosts(run);
  if (reason === undefined) await testOnHosts(options, run, report);
  else report.skip("hosts", reason);
  report.finish();
  return report.hasPassed;
}

async function testOnHosts(options: Options, run: Run, report: CheckReport): Promise<void> {
  const disarm = removeWhenGone();
  const ending = endOnSignals(run);
  await removeDeadRuns();
  const front = await chooseFront(options.front, report);
  const progress = new Progress();
  try {
    for (const name of options.scenarios) {
      const scenario = scenarios.find((one) => one.name === name);
      if (!scenario || ending.aborted) continue;
      const reason = scenario.isSlow && (await reasonAgainstSlowCables(run));
      if (reason) {
        report.skip(name, reason);
        continue;
      }
      report.begin(`${name}: ${scenario.what}`);
      const stage = new Stage({ run, scenario, options, front }, report, progress);
      await stage.play().catch((error: unknown) => report.fail(`${name}: ${String(error)}`));
    }
  } finally {
    progress.end();
    await removeRun(run);
    disarm();
    if (ending.aborted) report.fail("it was ended by a signal");
  }
}

async function chooseFront(wanted: FrontKind | undefined, report: CheckReport): Promise<FrontKind> {
  const reason = wanted === "local" ? "as was asked for" : await reasonAgainstNginx();
  if (reason === undefined) {
    report.print("Before the nodes: nginx, as in docker-compose.yml.");
    return "nginx";
  }
  if (wanted === "nginx") throw new Error(`nginx can't be run here: ${reason}.`);
  report.print(`Before the nodes: the reverse proxy of \`npm start\`, not nginx (${reason}).`);
  return "local";
}

/** @returns aborted once a signal has come: everything that runs then ends, and is taken away; a second one ends this process at once */
function endOnSignals(run: Run): AbortSignal {
  const ending = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      if (ending.signal.aborted) process.exit(1); // the guard does the rest
      ending.abort();
      void removeRun(run).catch(() => {}); // done again at the end
    });
  }
  return ending.signal;
}

async function main(args: readonly string[]): Promise<void> {
  if (args[0] === REMOVE_DEAD_RUNS) return removeDeadRuns();
  const names = scenarios.map(({ name }) => name);
  let options: Options;
  try {
    options = readArguments(args, names);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n${usage}\n`);
    process.exitCode = 2;
    return;
  }
  process.exitCode = (await test(options, thisRun())) ? 0 : 1;
}

await main(process.argv.slice(2));
