import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { constants } from "node:os";

const running = new Set<ChildProcess>();
const lastActs = new Set<() => void>();

/** Makes sure that a child never outlives this process, however this process ends (but SIGKILL). */
export function own<Child extends ChildProcess>(child: Child): Child {
  running.add(child);
  child.once("exit", () => running.delete(child));
  return child;
}

/** Asks a child to end with SIGTERM, and ends it when it has not done so after `patienceMs`. */
export async function end(child: ChildProcess, patienceMs = 5000): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  const lastResort = setTimeout(() => child.kill("SIGKILL"), patienceMs);
  await ended;
  clearTimeout(lastResort);
}

/** Registers what must be done, without awaiting anything, when the process ends. */
export function atExit(act: () => void): void {
  lastActs.add(act);
}

/** Turns SIGINT and SIGTERM into an exit that ends all children. To be called once, before the first child is started. */
export function cleanUpAtExit(): void {
  process.once("exit", () => {
    for (const child of running) child.kill("SIGKILL");
    for (const act of lastActs) act();
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => process.exit(128 + constants.signals[signal]));
  }
}
