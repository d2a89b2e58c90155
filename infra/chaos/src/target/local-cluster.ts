import { join } from "node:path";
import { JsonFile, type State } from "@switchyard/local/run-directory";
import { type Processes, ProcessTarget } from "./processes.ts";
import { FaultError, type Target } from "./target.ts";

const FIXED = "`npm start` runs a fixed number of nodes: take --against own";
const DIRECT = "its nodes reach Redis without anything between: take --against own";

/**
 * The cluster that `npm start` runs on this machine.
 * @param runDirectory its `RUN_DIR`
 * @throws FaultError if none runs
 */
export function openLocalCluster(runDirectory: string): Promise<Target> {
  const file = new JsonFile<State>(join(runDirectory, "state.json"));
  const processes = (): Processes => {
    const { nodes = [], matchmakers = [], redis } = file.read();
    return { nodes, matchmakers, redis: { url: redis?.url ?? "", pid: redis?.pid ?? undefined } };
  };
  if (processes().nodes.length === 0) {
    throw new FaultError(`\`npm start\` does not run here (${file.path} names no node): take --against own`);
  }
  return ProcessTarget.open("local", processes, {
    "scale-up": FIXED,
    "scale-down": FIXED,
    "partition-redis": DIRECT,
  });
}
