import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";

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

const FIRST_PORT = 20_000;
/** So many for each of vitest's workers, below those that the system hands out itself. */
const PORTS_PER_WORKER = 1500;

/** The first of `count` neighbouring ports that were all free just now. */
export async function freePortRange(count: number): Promise<number> {
  const share = Number(process.env["VITEST_POOL_ID"] ?? 0) % 8;
  for (;;) {
    const first = FIRST_PORT + share * PORTS_PER_WORKER + Math.floor(Math.random() * (PORTS_PER_WORKER - count));
    const ports = Array.from({ length: count }, (_, index) => first + index);
    const free = await Promise.all(ports.map(isFree));
    if (free.every(Boolean)) return first;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "0.0.0.0", () => server.close(() => resolve(true)));
  });
}
