import { afterEach } from "vitest";
import { runningClusters } from "./cluster.ts";

declare module "vitest" {
  interface TaskMeta {
    clusterLog?: string;
  }
}

/** So many of the last lines of each service tell enough. */
const LINES = 40;

/** The setup of every test file: a test that fails carries what the services of its cluster logged, for the report. */
afterEach(({ task }) => {
  if (task.result?.state !== "fail") return;
  const services = [...runningClusters].flatMap(({ nodes, matchmakers, processes }) => [
    ...nodes,
    ...matchmakers,
    ...processes,
  ]);
  const logs = services.map((service) => [
    service.id,
    ...service
      .logs()
      .slice(-LINES)
      .map((line) => JSON.stringify(line)),
  ]);
  if (logs.length > 0) task.meta.clusterLog = logs.flat().join("\n");
});
