import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { startLocalRedis } from "@switchyard/testkit";

/** A logged line's level. */
const WARNING = 40;

/** A benchmark that runs, in a process group of its own with the nodes, clients and Redis that it starts. */
export interface Benchmark {
  /** The process group, and its first process. */
  readonly pid: number;
  readonly ended: Promise<Outcome>;
}

/** How it ended, and what it printed. */
export interface Outcome {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly lines: readonly string[];
  readonly stderr: string;
}

export type BenchmarkName = "relay" | "match" | "presence" | "abuse" | "bans" | "connections";

export function startBenchmark(
  name: BenchmarkName,
  flags: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Benchmark {
  const script = fileURLToPath(new URL(`../src/${name}/main.ts`, import.meta.url));
  const child = spawn(process.execPath, ["--conditions=source", script, ...flags], {
    detached: true,
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const printed = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const) {
    child[stream].setEncoding("utf8").on("data", (text: string) => {
      printed[stream] += text;
    });
  }
  const ended = new Promise<Outcome>((resolve) => {
    child.once("close", (code, signal) =>
      resolve({ code, signal, lines: printed.stdout.trim().split("\n"), stderr: printed.stderr }),
    );
  });
  return { pid: child.pid as number, ended };
}

/** Skips the tests of a file where there is no `redis-server` on the PATH: benchmarks start their own. */
export async function needRedisServer(): Promise<void> {
  await (await startLocalRedis({ cluster: false })).stop();
}

/**
 * Lines that a run should not have printed: failures, and anything on standard error. A verdict that is missed is no fault,
 * since a slow machine may miss it; but the exit code has to say so. Nor is a warning that a node logs, as where a machine
 * stood still for so long that a connection to Redis was made anew.
 */
export function faultsOf({ code, lines, stderr }: Outcome): readonly string[] {
  const missed = lines.filter((line) => line.startsWith("MISSED"));
  const failed = lines.filter((line) => line.startsWith("FAILED"));
  const wanted = failed.length + missed.length > 0 ? 1 : 0;
  const wrongCode = code === wanted ? [] : [`exit code ${code} instead of ${wanted}`];
  return [...failed, ...wrongCode, ...stderr.split("\n").filter((line) => line !== "" && !isWarning(line))];
}

function isWarning(line: string): boolean {
  return line.startsWith(`{"level":${WARNING},`);
}
