import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** Whether a process with this id runs; one that has ended and was not yet collected by its parent does not. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  try {
    return !/^\d+ \(.*\) [ZX] /s.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return process.platform !== "linux";
  }
}

/** The one process that this one has started. */
export function onlyChildOf(pid: number): number {
  const all = execFileSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" });
  const pairs = all.split("\n").map((line) => line.trim().split(/\s+/).map(Number));
  const [child, ...more] = pairs.flatMap(([id, parent]) => (parent === pid && id !== undefined ? [id] : []));
  if (child === undefined || more.length > 0) throw new Error(`${pid} has ${more.length + (child ? 1 : 0)} children`);
  return child;
}
