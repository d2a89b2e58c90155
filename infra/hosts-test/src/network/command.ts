import { execFile } from "node:child_process";
import { promisify } from "node:util";

const LIMIT_MS = 60_000;
const execute = promisify(execFile);

/**
 * Runs a program of the system.
 * @returns what it wrote to its standard output
 * @throws Error with what it said
 */
export async function run(program: string, args: readonly string[]): Promise<string> {
  const { stdout } = await execute(program, [...args], { timeout: LIMIT_MS });
  return stdout;
}

export function succeeds(program: string, args: readonly string[]): Promise<boolean> {
  return run(program, args).then(
    () => true,
    () => false,
  );
}

/** Runs `ip` in a namespace, for each of the lines, in order. */
export async function ip(namespace: string, ...lines: readonly string[]): Promise<void> {
  for (const line of lines) await run("ip", ["-n", namespace, ...line.split(" ")]);
}

/** Runs a program in a namespace. */
export function runIn(namespace: string, program: string, args: readonly string[]): Promise<string> {
  return run("ip", ["netns", "exec", namespace, program, ...args]);
}
