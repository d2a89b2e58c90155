import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { cpus } from "node:os";

/** Linux counts in these, whatever the kernel's own tick is. */
const TICKS_PER_SECOND = 100;
const hasProc = existsSync("/proc/self/stat");

/**
 * User and system CPU time that a process has used since its start, all its threads included, in ms (resolution: 10 ms).
 * Synchronous, so that it can be read in the same instant as a counter of the caller's.
 */
export function cpuMs(pid: number): number {
  return hasProc ? fromProc(readFileSync(`/proc/${pid}/stat`, "utf8")) : fromPs(pid);
}

/** CPU time that all processes together have used since the machine's start, in ms. */
export function machineCpuMs(): number {
  return cpus().reduce((total, { times }) => total + times.user + times.nice + times.sys + times.irq, 0);
}

function fromProc(stat: string): number {
  const afterName = stat.slice(stat.lastIndexOf(")") + 2).split(" "); // the name may contain spaces and parentheses
  const [userTicks, systemTicks] = [Number(afterName[11]), Number(afterName[12])];
  return ((userTicks + systemTicks) * 1000) / TICKS_PER_SECOND;
}

function fromPs(pid: number): number {
  const text = execFileSync("ps", ["-o", "time=", "-p", String(pid)], { encoding: "utf8" }).trim();
  const [days, clock = ""] = text.includes("-") ? text.split("-") : ["0", text];
  const seconds = clock.split(":").reduce((total, part) => total * 60 + Number(part), 0);
  return 1000 * (seconds + 86_400 * Number(days));
}
