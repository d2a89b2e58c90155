import type { ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import {
  countWorkers,
  type FromChild,
  handOut,
  type LoadOptions,
  type LoadReport,
  LocalWorkers,
  needsTokens,
  type Overrides,
  partOf,
  type QueueAddress,
  QueuedWorkers,
  runLoad,
  type Scenario,
  slicesOf,
  startWorkerProcess,
  type ToChild,
  takeWork,
  type WorkerPool,
  WorkersError,
} from "@switchyard/load";
import type { Call, Flags, Option, Report } from "../command.ts";
import { UsageError } from "../exit-code.ts";
import { moduleOfTokens, tokenMaker } from "./load-tokens.ts";

const DEFAULT_QUEUE = "load";

/** Options by which several processes share a load test. */
export const workerOptions: Readonly<Record<string, Option>> = {
  processes: { value: "number", description: "that many processes of this machine share the users" },
  queue: { value: "url", description: "a Redis by which work is handed out to workers of other machines" },
  workers: {
    value: "number",
    description: "that many workers of the queue share the users (default: all that wait there)",
  },
  "queue-name": {
    value: "name",
    description: `workers take work of the same name only (default ${DEFAULT_QUEUE})`,
  },
  source: { value: "addresses", description: "addresses of this machine that connections come from in turn" },
};

/** A scenario as it was asked for: workers read it by themselves. */
export interface Asked {
  readonly text: string;
  readonly overrides: Overrides;
  readonly scenario: Scenario;
}

/**
 * Carries a scenario out: in this process, in several of this machine, or by the workers of a queue.
 * @throws UnreachableError, WorkersError, ScenarioError
 */
export async function carryOut(
  asked: Asked,
  { flags, environment }: Pick<Call, "flags" | "environment">,
  options: LoadOptions,
): Promise<LoadReport> {
  const address = addressOf(flags);
  const processes = flags.number("processes", 0);
  if (!address) {
    if (flags.text("workers") !== undefined) throw new UsageError("--workers needs a --queue");
    const tokenOf = needsTokens(asked.scenario) ? tokenMaker(environment) : undefined;
    return processes > 1
      ? handOutTo(asked, processes, options, (slices) => Promise.resolve(new LocalWorkers(slices, moduleOfTokens)))
      : runLoad(asked.scenario, { ...options, tokenOf });
  }
  const children = Array.from({ length: processes }, () => childThatTakes(address, () => {}));
  try {
    const workers = flags.number("workers", 0) || (await countWorkers(address, options.signal));
    if (workers === 0) throw new WorkersError("it was interrupted before a worker came");
    return await handOutTo(asked, workers, options, (slices) => QueuedWorkers.open(address, slices));
  } finally {
    await endAll(children);
  }
}

/** `sy load worker`: takes work until it is ended. */
export async function takeWorkAs({ flags, report, environment }: Call): Promise<Report> {
  const address = addressOf(flags);
  if (!address) throw new UsageError("--queue is needed");
  const processes = flags.number("processes", 1, 1);
  const end = new AbortController();
  const abort = () => end.abort();
  process.once("SIGINT", abort).once("SIGTERM", abort);
  try {
    if (processes === 1) {
      await takeWork(address, { say: report, signal: end.signal, tokens: () => tokenMaker(environment) });
    } else {
      const children = Array.from({ length: processes }, (_, index) =>
        childThatTakes(address, (line) => report(`${index + 1}: ${line}`)),
      );
      await Promise.race([once(end.signal, "abort"), ...children.map((child) => once(child, "exit"))]);
      await endAll(children);
    }
  } finally {
    process.off("SIGINT", abort).off("SIGTERM", abort);
  }
  return { document: {}, text: "it no longer takes work" };
}

async function handOutTo(
  { text, overrides, scenario }: Asked,
  workers: number,
  options: LoadOptions,
  open: (slices: ReturnType<typeof slicesOf>) => Promise<WorkerPool>,
): Promise<LoadReport> {
  partOf(scenario, { number: 1, of: workers }); // before anybody works, whether there is enough for all
  const run = `${Date.now().toString(36)}${randomBytes(2).toString("hex")}`;
  const slices = slicesOf(run, workers, text, overrides, options.metrics);
  return handOut(scenario, slices, await open(slices), options);
}

function addressOf(flags: Flags): QueueAddress | undefined {
  const url = flags.text("queue");
  if (url === undefined) return undefined;
  if (!/^rediss?:\/\/\S+$/.test(url)) throw new UsageError("--queue must be like redis://10.0.0.9:6379");
  const name = flags.text("queue-name") ?? DEFAULT_QUEUE;
  if (!/^[\w-]{1,50}$/.test(name)) throw new UsageError("--queue-name must have letters, digits and dashes only");
  return { url, name };
}

function childThatTakes(address: QueueAddress, say: (line: string) => void): ChildProcess {
  const child = startWorkerProcess(moduleOfTokens);
  child.on("message", (message: FromChild) => {
    if ("line" in message) say(message.line);
  });
  child.send({ takeFrom: address } satisfies ToChild);
  return child;
}

async function endAll(children: readonly ChildProcess[]): Promise<void> {
  const running = children.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null);
  const ended = running.map((child) => once(child, "exit"));
  for (const child of running) child.kill("SIGTERM");
  await Promise.all(ended);
}
