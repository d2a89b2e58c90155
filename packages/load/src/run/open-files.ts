import { ScenarioError } from "../scenario/read.ts";
import type { Scenario } from "../scenario/schema.ts";

/** Files of the process itself, and connections that are closed while others are opened in their place. */
const SPARE = 200;

type Connecting = Pick<Scenario, "arrival" | "transport">;

/** The connections that a scenario has at once: by HTTP two for each user. */
function connectionsOf({ arrival, transport }: Connecting): number {
  const users = "users" in arrival ? arrival.users : Math.ceil((arrival.rate * arrival.stay) / 1000);
  return transport === "websocket" ? users : 2 * users;
}

/**
 * Each connection is an open file.
 * @param allowed that this process may have; by default, as the system says
 * @throws ScenarioError if that is too few
 */
export function insistOnFiles(scenario: Connecting, allowed = allowedFiles()): void {
  const needed = connectionsOf(scenario) + SPARE;
  if (needed <= allowed) return;
  const processes = Math.ceil(connectionsOf(scenario) / Math.max(1, allowed - SPARE));
  throw new ScenarioError(
    `this process needs ${needed} open files and may have ${allowed}: ulimit -n ${needed}, or ${processes} times as many workers`,
  );
}

function allowedFiles(): number {
  const report = Object.assign(process.report, { excludeNetwork: true }); // or it would look names up
  const { userLimits } = report.getReport() as { userLimits?: { open_files?: { soft?: unknown } } };
  const soft = userLimits?.open_files?.soft;
  return typeof soft === "number" ? soft : Number.POSITIVE_INFINITY;
}
