import { fork } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Ask, asker } from "../calls.ts";
import { end, hasEnded, kill, own } from "../children.ts";
import { until } from "../until.ts";
import type { NodeCalls } from "./node-hook.ts";

/** A server process under measurement, listening and ready. */
export interface NodeProcess {
  readonly name: string;
  readonly url: string;
  readonly pid: number;
  readonly ask: Ask<NodeCalls>;
  stop(): Promise<void>;
  /** SIGKILL, in the middle of whatever it does. */
  kill(): Promise<void>;
}

const READY_ANSWER_MS = 2000;
/** The only variables of this process that reach a server: it goes by the benchmark's settings and its own defaults. */
const INHERITED = ["PATH", "HOME", "TMPDIR"];

const hook = fileURLToPath(new URL("./node-hook.ts", import.meta.url));

/**
 * Starts a script that listens on `PORT` of `HOST`, where port 0 is any free one, and answers `GET /readyz` with 200
 * when it is ready. Its output goes to the standard error.
 */
export async function startNode(
  name: string,
  script: string,
  environment: Readonly<Record<string, string>>,
): Promise<NodeProcess> {
  const inherited = Object.fromEntries(INHERITED.map((variable) => [variable, process.env[variable]]));
  const child = own(
    fork(script, {
      execArgv: ["--conditions=source", "--expose-gc", "--import", hook],
      env: { ...inherited, ...environment, HOST: "127.0.0.1", PORT: "0", NODE_NAME: name },
      stdio: ["ignore", 2, 2, "ipc"],
    }),
  );
  const ask = asker<NodeCalls>(child, name);
  try {
    const url = `http://127.0.0.1:${await ask("port")}`;
    await until(`${name} to be ready`, () => {
      if (hasEnded(child)) throw new Error(`it ended with ${child.exitCode ?? child.signalCode}`);
      return isReady(url);
    });
    if (child.pid === undefined) throw new Error(`${name} has no process id`);
    return { name, url, pid: child.pid, ask, stop: () => end(child), kill: () => kill(child) };
  } catch (error) {
    await end(child);
    throw new Error(`${name} did not start`, { cause: error });
  }
}

function isReady(url: string): Promise<boolean> {
  return fetch(`${url}/readyz`, { signal: AbortSignal.timeout(READY_ANSWER_MS) }).then(
    ({ ok }) => ok,
    () => false,
  );
}

const SAMPLING_MICROSECONDS = 250;

/** Starts a CPU profile of each node. Without a directory: does nothing. */
export async function startProfile(nodes: readonly NodeProcess[], directory: string): Promise<void> {
  if (directory !== "") await Promise.all(nodes.map((node) => node.ask("startProfile", SAMPLING_MICROSECONDS)));
}

/** Writes them to `<directory>/<node>-<pid>.cpuprofile`, for the performance tools of Chromium or an editor. */
export async function writeProfile(nodes: readonly NodeProcess[], directory: string): Promise<void> {
  if (directory === "") return;
  mkdirSync(directory, { recursive: true });
  const fileOf = ({ name, pid }: NodeProcess) => join(directory, `${name}-${pid}.cpuprofile`);
  await Promise.all(nodes.map((node) => node.ask("writeProfile", fileOf(node))));
}
