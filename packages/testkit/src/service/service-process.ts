import { type ChildProcess, spawn } from "node:child_process";
import {
  type Environment,
  type LogLine,
  type Service,
  type ServiceName,
  serviceAt,
  settingsOf,
  workspace,
} from "./service.ts";

/** Compiled code is kept between runs: most of a service's start is compiling. */
const compileCache = `${workspace}node_modules/.cache/switchyard-compiled`;

/** How a process ended, and all that it said. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A service as a process of its own, so that it can be stopped, continued and killed. */
export interface ServiceProcess extends Service {
  readonly pid: number;
  readonly ended: Promise<Ended>;
  signal(signal: NodeJS.Signals): void;
  /** Ends it at once, wherever it is, and resolves when it is gone. */
  kill(): Promise<Ended>;
}

/**
 * Starts a service on a free port of the loopback address and waits until it says that it does its work. It connects to Redis as the
 * user that it is to have, unless its `REDIS_URL` names one.
 * @param dialects the module of those that it serves; by default the registry
 */
export async function startService(
  name: ServiceName,
  environment: Environment,
  dialects?: string,
): Promise<ServiceProcess> {
  const lines: LogLine[] = [];
  const child = launch(name, environment, dialects);
  const ended = endOf(child);
  const kill = () => {
    child.kill("SIGKILL");
    return ended;
  };
  readLines(child, (line) => lines.push(line));
  const started = new Promise<ServiceAddress>((resolve) => child.once("message", resolve));
  const first = await Promise.race([started, ended]);
  if (!("port" in first)) throw new Error(`${name} did not start: ${JSON.stringify(first)}`);
  return {
    ...serviceAt(first.port, first.node, lines),
    pid: child.pid as number,
    ended,
    signal: (signal) => void child.kill(signal),
    kill,
    stop: async () => void (await kill()),
  };
}

/** Starts a service that is expected to end by itself, and waits for that. */
export function runService(name: ServiceName, environment: Environment): Promise<Ended> {
  return endOf(launch(name, environment));
}

/** The message of a service to its parent process once it is ready. */
interface ServiceAddress {
  readonly port: number;
  readonly node: string;
}

function launch(name: ServiceName, environment: Environment, dialects?: string): ChildProcess {
  const own = [`${workspace}services/${name}/src/main.ts`];
  const program = dialects === undefined ? own : [`${workspace}packages/testkit/src/service/main.ts`, name, dialects];
  return spawn(process.execPath, ["--conditions=source", ...program], {
    cwd: workspace,
    env: { PATH: process.env["PATH"], NODE_COMPILE_CACHE: compileCache, ...settingsOf(name, environment) },
    stdio: ["ignore", "pipe", "pipe", "ipc"], // it ends itself when this process is gone
  });
}

function endOf(child: ChildProcess): Promise<Ended> {
  const output = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name]?.setEncoding("utf8").on("data", (text: string) => {
      output[name] += text;
    });
  }
  return new Promise((resolve) => child.once("close", (code, signal) => resolve({ code, signal, ...output })));
}

function readLines(child: ChildProcess, onLine: (line: LogLine) => void): void {
  let rest = "";
  child.stdout?.on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line.startsWith("{")) onLine(JSON.parse(line));
  });
}
