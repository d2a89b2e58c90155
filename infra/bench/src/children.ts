import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { constants } from "node:os";

const running = new Set<ChildProcess>();
const lastActs = new Set<() => void>();

/** Makes sure that a child never outlives this process, however this process ends (but SIGKILL: see `guard`). */
export function own<Child extends ChildProcess>(child: Child): Child {
  running.add(child);
  child.once("exit", () => running.delete(child));
  return child;
}

/**
 * The same for a child that does not notice by itself, by an IPC channel, that this process was ended with SIGKILL: a
 * shell reads from a pipe which the system closes then. It leaves those that do notice a second to be gone.
 * @param directory removed then, too
 */
export function guard(child: ChildProcess, directory: string): void {
  if (child.pid === undefined) return;
  const script = 'read -r _; sleep 1; kill -KILL "$1"; exec rm -rf "$2"';
  const shell = spawn("sh", ["-c", script, "sh", String(child.pid), directory], {
    detached: true, // so that Ctrl-C does not reach it
    stdio: ["pipe", "ignore", "ignore"],
  });
  shell.stdin.on("error", () => {});
  child.once("exit", () => shell.kill("SIGKILL"));
}

export function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

/** Asks a child to end with SIGTERM, and ends it when it has not done so after `patienceMs`. */
export async function end(child: ChildProcess, patienceMs = 5000): Promise<void> {
  if (child.pid === undefined || hasEnded(child)) return;
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  const lastResort = setTimeout(() => child.kill("SIGKILL"), patienceMs);
  await ended;
  clearTimeout(lastResort);
}

/** Ends a child at once; resolves when it is gone. */
export async function kill(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || hasEnded(child)) return;
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
}

/** Registers what must be done, without awaiting anything, when the process ends. */
export function atExit(act: () => void): void {
  lastActs.add(act);
}

/**
 * Turns SIGINT, SIGTERM and SIGHUP into an exit that ends all children, the last one first: a node must not miss its Redis,
 * which was started before it. To be called once, before the first child is started.
 */
export function cleanUpAtExit(): void {
  process.once("exit", () => {
    for (const child of [...running].reverse()) child.kill("SIGKILL");
    for (const act of lastActs) act();
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.once(signal, () => process.exit(128 + constants.signals[signal]));
  }
}
