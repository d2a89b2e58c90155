import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const PREFIX = "swy";
/** Of `/proc/<pid>/stat` behind the name: when the process was started, in ticks since the machine was. */
const START_TIME = 19;

/** One run of this program: by process id and its start, so that nobody else can be mistaken for it. */
export interface Run {
  readonly pid: number;
  readonly started: string;
}

/** Says when a process was started; `undefined` if there is none. */
type StartOf = (pid: number) => string | undefined;

export function thisRun(startOf: StartOf = startTime): Run {
  const started = startOf(process.pid);
  if (started === undefined) throw new Error("/proc says nothing about this process");
  return { pid: process.pid, started };
}

export function isLiving({ pid, started }: Run, startOf: StartOf = startTime): boolean {
  return startOf(pid) === started;
}

/** The name of all that a run makes: namespaces (with the host behind it), containers, its directory. */
export function nameOf({ pid, started }: Run, host?: string): string {
  return [PREFIX, pid, started, ...(host === undefined ? [] : [host])].join("-");
}

/** The run that a name is of; `undefined` if it is of none. */
export function runOf(name: string): Run | undefined {
  const [, pid, started] = new RegExp(`^${PREFIX}-(\\d+)-(\\d+)(?:-|$)`).exec(name) ?? [];
  return pid === undefined || started === undefined ? undefined : { pid: Number(pid), started };
}

export function directoryOf(run: Run): string {
  return join(tmpdir(), nameOf(run));
}

function startTime(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[START_TIME];
  } catch {
    return undefined;
  }
}
