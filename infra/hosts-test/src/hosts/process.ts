import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { openSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../../", import.meta.url));
/** Compiled code is kept between runs: most of a service's start is compiling. */
const compileCache = `${root}node_modules/.cache/switchyard-compiled`;

export interface ProcessOptions {
  readonly namespace: string;
  /** The name of its log. */
  readonly name: string;
  /** Where its log is. */
  readonly directory: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Starts a program in a namespace. Its output goes to a file, and it has a channel to this process, which it ends with. */
export function startIn(options: ProcessOptions, program: string, args: readonly string[]): ChildProcess {
  const { namespace, name, directory, environment = {} } = options;
  const log = openSync(join(directory, `${name}.log`), "a");
  return spawn("ip", ["netns", "exec", namespace, program, ...args], {
    cwd: root,
    env: { PATH: process.env["PATH"], NODE_COMPILE_CACHE: compileCache, ...environment },
    stdio: ["ignore", log, log, "ipc"],
  });
}

/** The same for one of the repository's own programs. */
export function startNodeIn(options: ProcessOptions, script: string, args: readonly string[] = []): ChildProcess {
  return startIn(options, process.execPath, ["--conditions=source", join(root, script), ...args]);
}

/**
 * Resolves to the first message of a process.
 * @throws Error when it ends before
 */
export async function firstMessage(child: ChildProcess, name: string): Promise<unknown> {
  const ended = once(child, "exit").then(([code, signal]) => {
    throw new Error(`${name} ended before it was ready: ${code ?? signal}`);
  });
  const [message] = await Promise.race([once(child, "message"), ended]);
  return message;
}
