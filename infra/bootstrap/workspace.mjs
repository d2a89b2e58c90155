import { spawnSync } from "node:child_process";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../..", import.meta.url));

export const inRoot = (...path) => join(root, ...path);

/**
 * Node 24 itself, as the dependency `node` brings it: not the shell shim before it, so that signals reach it and its
 * pid is its own.
 */
export const node24 = inRoot("node_modules", "node", "bin", "node");

/** An error that the user of the command can put right; `message` is printed as it is. */
export class UserError extends Error {}

/** The environment in which the workspace's own tools run: Node 24 first, then what the dependencies bring. */
export function toolEnvironment(more = {}) {
  const path = [dirname(node24), inRoot("node_modules", ".bin"), process.env.PATH].join(delimiter);
  return { ...process.env, PATH: path, ...more };
}

/** Prints one line for something that takes a while. */
export function say(text) {
  process.stdout.write(`${text}\n`);
}

/**
 * Runs a program to its end, and asks it to end when it has taken longer than `timeoutMs`. Its output goes to the screen,
 * or with `quiet` into the result.
 * @returns {{ code: number, output: string }} a code that is not 0 when there is no such program
 */
export function run([program, ...args], { cwd = root, environment = process.env, quiet = false, timeoutMs } = {}) {
  const stdio = quiet ? ["ignore", "pipe", "pipe"] : "inherit";
  const options = { cwd, env: environment, stdio, timeout: timeoutMs, encoding: "utf8", maxBuffer: Infinity };
  const { status, stdout, stderr } = spawnSync(program, args, options);
  return { code: status ?? 1, output: `${stdout ?? ""}${stderr ?? ""}` };
}
