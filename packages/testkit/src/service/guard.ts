import { spawn } from "node:child_process";

/** Ends something when this process is gone, however it went, SIGKILL included. */
export interface Guard {
  /** Stops guarding: the process has ended. */
  disarm(): void;
}

/** The kernel closes the pipe of a process that is gone, and `read` returns. */
const WHEN_GONE = "read -r _;";

/** @param directory removed then, if the process has one that is for nothing else */
export function guardProcess(pid: number | undefined, directory = ""): Guard {
  return startGuard(`${WHEN_GONE} kill -KILL "$1"; exec rm -rf "$2"`, String(pid), directory);
}

export function guardContainer(id: string): Guard {
  return startGuard(`${WHEN_GONE} exec docker rm --force --volumes "$1"`, id);
}

function startGuard(script: string, ...targets: readonly string[]): Guard {
  const shell = spawn("sh", ["-c", script, "sh", ...targets], { detached: true, stdio: ["pipe", "ignore", "ignore"] });
  shell.stdin.on("error", () => {});
  return { disarm: () => void shell.kill("SIGKILL") };
}
