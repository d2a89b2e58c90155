import { spawn } from "node:child_process";

/** Does something when this process is gone, however it went, SIGKILL included. */
export interface Guard {
  /** It is no longer to be done. */
  disarm(): void;
}

/**
 * The kernel closes the pipe of a process that is gone, and `read` returns.
 * @param script of a shell, whose arguments are $1, $2 …
 */
export function whenGone(script: string, ...args: readonly string[]): Guard {
  const shell = spawn("sh", ["-c", `read -r _; ${script}`, "sh", ...args], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  shell.on("error", () => {}); // without a shell there is no guard
  shell.stdin.on("error", () => {});
  return { disarm: () => void shell.kill("SIGKILL") };
}

/** A process that stands still can't end by itself either, when its parent is gone. */
export function continueWhenGone(pid: number): Guard {
  return whenGone('kill -CONT "$1"', String(pid));
}
