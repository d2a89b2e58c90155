import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import type { JsonFile, RedisProcess } from "../run-directory.ts";
import { run } from "../system/command.ts";

/**
 * `read` returns when the launcher is gone, because the kernel then closes its end of the pipe. The nodes get four
 * seconds to hand over what they hold; then SIGTERM, on which Redis completes its append-only file.
 */
const END_PROCESS = `
read -r _
for _ in 1 2 3 4; do sleep 1; kill -0 "$1" || exit; done
kill -TERM "$1"
for _ in 1 2 3 4 5; do sleep 1; kill -0 "$1" || exit; done
kill -KILL "$1"`;
const END_CONTAINER = `
read -r _
sleep 4
docker stop --time 5 "$1"`;

/** How long each signal is given. */
const ENDINGS = [
  ["SIGTERM", 12_000], // it completes its append-only file
  ["SIGKILL", 3000],
] as const;
const CHECK_EVERY_MS = 50;

/** Ends a Redis, by its process or the name of its container, when it outlives its launcher; unless it is disarmed. */
export function guardRedis(redis: { readonly pid: number } | { readonly container: string }): () => void {
  const [script, target] = "pid" in redis ? [END_PROCESS, String(redis.pid)] : [END_CONTAINER, redis.container];
  const shell = spawn("sh", ["-c", script, "sh", target], { detached: true, stdio: ["pipe", "ignore", "ignore"] });
  shell.on("error", () => {}); // without a shell there is no guard
  shell.stdin.on("error", () => {});
  return () => void shell.kill("SIGKILL");
}

/**
 * Ends the private Redis of a launcher that was killed, so that no two ever write the same files.
 * @throws Error with one sentence when it does not end
 */
export async function endLeftoverRedis(note: JsonFile<RedisProcess>): Promise<void> {
  const { pid, port } = note.read();
  if (pid === undefined || port === undefined) return;
  for (const [signal, patienceMs] of ENDINGS) {
    try {
      if (await isRedis(pid, port)) process.kill(pid, signal);
    } catch {
      // it has just ended
    }
    const deadline = performance.now() + patienceMs;
    while ((await isRedis(pid, port)) && performance.now() < deadline) await delay(CHECK_EVERY_MS);
  }
  if (await isRedis(pid, port))
    throw new Error(`The Redis of an earlier run does not end (process ${pid}): end it, or set another RUN_DIR.`);
  note.remove();
}

/** A process id may be another program's by now; Redis shows its port from its first moment, also to clients that may not log in. */
async function isRedis(pid: number, port: number): Promise<boolean> {
  const shown =
    process.platform === "linux"
      ? await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "") // it has ended
      : (await run(["ps", "-ww", "-o", "command=", "-p", `${pid}`])).output;
  return new RegExp(`-server\\b.*\\b${port}\\b`, "s").test(shown);
}
