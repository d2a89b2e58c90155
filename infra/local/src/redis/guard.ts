import { spawn } from "node:child_process";
import type { Guard } from "../part.ts";

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

/** Ends a Redis process that outlived its launcher. */
export function guardProcess(pid: number): Guard {
  return startGuard(END_PROCESS, String(pid));
}

/** Ends a container that outlived its launcher. */
export function guardContainer(name: string): Guard {
  return startGuard(END_CONTAINER, name);
}

function startGuard(script: string, target: string): Guard {
  const shell = spawn("sh", ["-c", script, "sh", target], { detached: true, stdio: ["pipe", "ignore", "ignore"] });
  shell.on("error", () => {}); // without a shell there is no guard
  shell.stdin.on("error", () => {});
  return { disarm: () => shell.kill("SIGKILL") };
}
