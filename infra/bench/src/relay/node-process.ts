import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { type Ask, asker } from "../calls.ts";
import { end, own } from "../children.ts";
import { freePort } from "../free-port.ts";
import { until } from "../until.ts";
import type { NodeCalls } from "./node-hook.ts";

/** A server process under measurement, listening and ready. */
export interface NodeProcess {
  readonly name: string;
  readonly url: string;
  readonly pid: number;
  readonly ask: Ask<NodeCalls>;
  stop(): Promise<void>;
}

const READY_ANSWER_MS = 2000;

const hook = fileURLToPath(new URL("./node-hook.ts", import.meta.url));

/**
 * Starts a script that listens on `PORT` of 127.0.0.1 and answers `GET /readyz` with 200 when it is ready. What it prints goes to
 * standard error.
 */
export async function startNode(
  name: string,
  script: string,
  environment: Readonly<Record<string, string>>,
): Promise<NodeProcess> {
  const port = await freePort();
  const child = own(
    fork(script, {
      execArgv: ["--conditions=source", "--expose-gc", "--import", hook],
      env: { ...process.env, ...environment, HOST: "127.0.0.1", PORT: String(port), NODE_NAME: name },
      stdio: ["ignore", 2, 2, "ipc"],
    }),
  );
  const url = `http://127.0.0.1:${port}`;
  const { pid } = child;
  try {
    await until(`${name} to be ready`, () => isReady(child, url));
    if (pid === undefined) throw new Error(`${name} has no process id`);
  } catch (error) {
    await end(child);
    throw new Error(`${name} did not start`, { cause: error });
  }
  return { name, url, pid, ask: asker<NodeCalls>(child, name), stop: () => end(child) };
}

async function isReady({ exitCode, signalCode }: ChildProcess, url: string): Promise<boolean> {
  if (exitCode !== null || signalCode !== null) throw new Error(`it ended with ${exitCode ?? signalCode}`);
  return fetch(`${url}/readyz`, { signal: AbortSignal.timeout(READY_ANSWER_MS) }).then(
    ({ ok }) => ok,
    () => false,
  );
}
