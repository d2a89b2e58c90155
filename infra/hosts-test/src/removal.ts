import { readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { removeContainers } from "./front/nginx.ts";
import { namespaceNames, removeNamespace } from "./network/namespaces.ts";
import { directoryOf, isLiving, nameOf, type Run, runOf } from "./run.ts";

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
