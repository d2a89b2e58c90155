import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import type { JsonFile } from "../json-file.ts";
import { run } from "../system/command.ts";

/** The process that writes this directory's append-only file, noted from when it runs until it has ended. */
export interface RedisProcess {
  readonly pid: number;
  readonly port: number;
}

/** How long each signal is given. */
const ENDINGS = [
  ["SIGTERM", 12_000], // it completes its append-only file
  ["SIGKILL", 3000],
] as const;
const CHECK_EVERY_MS = 50;

/**
 * Ends the private Redis of a launcher that was killed, so that no two ever write the same files.
 * @throws Error with one sentence when it does not end
 */
export async function endLeftoverRedis(note: JsonFile<RedisProcess>): Promise<void> {
  const { pid, port } = note.read() ?? {};
  if (pid === undefined || port === undefined) return;
  for (const [signal, patienceMs] of ENDINGS) {
    if (!(await isRedis(pid, port))) return note.remove();
    signalIfThere(pid, signal);
    const deadline = performance.now() + patienceMs;
    while ((await isRedis(pid, port)) && performance.now() < deadline) await delay(CHECK_EVERY_MS);
  }
  if (await isRedis(pid, port))
    throw new Error(`The Redis of an earlier run does not end (process ${pid}): end it, or set another RUN_DIR.`);
  note.remove();
}

/** A process id may be another program's by now; Redis shows its port from its first moment, also to clients that may not log in. */
async function isRedis(pid: number, port: number): Promise<boolean> {
  return new RegExp(`-server\\b.*\\b${port}\\b`, "s").test(await commandOf(pid));
}

async function commandOf(pid: number): Promise<string> {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    if (process.platform === "linux") return "";
    return (await run(["ps", "-ww", "-o", "command=", "-p", String(pid)])).output;
  }
}

function signalIfThere(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // it has just ended
  }
}
