import { spawn } from "node:child_process";
import { readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { removeContainers } from "./front/nginx.ts";
import { namespaceNames, removeNamespace } from "./network/namespaces.ts";
import { directoryOf, isLiving, nameOf, type Run, runOf } from "./run.ts";

/** The argument with which this package's program removes the runs whose processes are gone. */
export const REMOVE_DEAD_RUNS = "remove-dead-runs";
const program = fileURLToPath(new URL("main.ts", import.meta.url));

/**
 * Takes everything away when this process is gone, by SIGKILL too: the kernel closes the pipe, and `read` returns.
 * @returns what ends that
 */
export function removeWhenGone(): () => void {
  const remove = [process.execPath, "--conditions=source", program, REMOVE_DEAD_RUNS];
  const shell = spawn("sh", ["-c", 'read -r _; exec "$@"', "sh", ...remove], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  shell.stdin.on("error", () => {});
  shell.unref();
  return () => void shell.kill("SIGKILL");
}

/** Takes away everything that a run has made: processes, namespaces, containers, files. */
export function removeRun(run: Run): Promise<void> {
  const own = nameOf(run);
  return removeAll((other) => nameOf(other) === own);
}

/** The same for all runs that ended without doing so. */
export function removeDeadRuns(): Promise<void> {
  return removeAll((run) => !isLiving(run));
}

async function removeAll(isWanted: (run: Run) => boolean): Promise<void> {
  for (const name of await namespaceNames()) {
    const run = runOf(name);
    if (run && isWanted(run)) await removeNamespace(name);
  }
  await removeContainers(isWanted);
  for (const name of await readdir(tmpdir())) {
    const run = runOf(name);
    if (run && isWanted(run)) await rm(directoryOf(run), { recursive: true, force: true });
  }
}
