import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePorts, until } from "@switchyard/testkit";
import { onTestFailed, onTestFinished } from "vitest";
import type { State } from "../../src/run-directory.ts";
import { isRunning } from "../processes.ts";

const STAND_IN = fileURLToPath(new URL("./stand-in-launcher.ts", import.meta.url));

/** After a test, what does not end by then is killed: far more than the ten seconds that a stop is planned to take. */
const END_LIMIT_MS = 60_000;

/** A launcher that runs as a process of its own. */
export interface LauncherProcess {
  readonly child: ChildProcess;
  readonly port: number;
  readonly url: string;
  readonly runDirectory: string;
  /** Its output so far. */
  output(): string;
  state(): State;
  /** Resolves when it has printed that it is ready. */
  ready(): Promise<void>;
  /** Resolves to its exit code when it has ended. */
  ended(): Promise<number | null>;
}

export interface LauncherOptions {
  readonly root: string;
  readonly port?: number;
  readonly environment?: NodeJS.ProcessEnv;
  readonly command?: readonly [string, ...string[]];
  /** Whether it leads a process group of its own, as a terminal's foreground job does. */
  readonly detached?: boolean;
}

/** Takes what is to be done when a test is over; or all tests of a file, where these share something. */
type WhenOver = (task: () => Promise<void>) => void;

/** An empty directory that is removed with the test. */
export async function emptyRoot(whenOver: WhenOver = onTestFinished): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), "switchyard-run-"));
  whenOver(() => rm(root, { recursive: true, force: true, maxRetries: 5 }));
  return root;
}

/**
 * Starts a launcher with stand-ins for the services, or another `command`; whatever is left of it goes with the test.
 */
export async function startLauncher(
  options: LauncherOptions,
  whenOver: WhenOver = onTestFinished,
): Promise<LauncherProcess> {
  const { root, port, environment, command, detached = false } = options;
  const front = port ?? (await freePorts(8));
  const [program, ...args] = command ?? [process.execPath, "--conditions=source", STAND_IN, root];
  const runDirectory = join(root, ".run");
  const own = { PORT: String(front), RUN_DIR: runDirectory, REDIS_URL: "", NODE_ENV: "test" };
  const child = spawn(program, args, { env: { ...process.env, ...own, ...environment }, stdio: "pipe", detached });
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (printed += chunk));
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  const url = `http://localhost:${front}`;
  const ready = async () => {
    const isReady = () => printed.split("\n").includes(`ready ${url}`);
    await until("the cluster to be ready", () => isReady() || child.exitCode !== null);
    if (!isReady()) throw new Error(`the launcher ended:\n${printed}`);
  };
  const state = () => JSON.parse(readFileSync(join(runDirectory, "state.json"), "utf8")) as State;
  const launcher = { child, port: front, url, runDirectory, output: () => printed, state, ready, ended: () => ended };
  whenOver(() => end(launcher));
  if (whenOver === onTestFinished)
    onTestFailed(() => void process.stderr.write(`the launcher on ${url} printed:\n${printed}`));
  return launcher;
}

/** A launcher whose cluster is ready. */
export async function startReady(options: LauncherOptions, whenOver?: WhenOver): Promise<LauncherProcess> {
  const launcher = await startLauncher(options, whenOver);
  await launcher.ready();
  return launcher;
}

/** The ids of all processes of a cluster. */
export function processesOf({ nodes, matchmakers, redis }: State): number[] {
  return [...nodes, ...matchmakers, redis].flatMap(({ pid }) => (pid === null ? [] : [pid]));
}

async function end({ child, ended, state }: LauncherProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const pids = stateOr(state);
  child.kill("SIGTERM");
  const force = setTimeout(() => child.kill("SIGKILL"), END_LIMIT_MS);
  await ended();
  clearTimeout(force);
  for (const pid of pids.filter(isRunning)) process.kill(pid, "SIGKILL");
}

function stateOr(state: () => State): number[] {
  try {
    return processesOf(state());
  } catch {
    return [];
  }
}
