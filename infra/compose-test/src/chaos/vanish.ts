import { setTimeout as wait } from "node:timers/promises";
import { settings } from "@switchyard/runtime";
import {
  ARRIVED_WITHIN_MS,
  BACK_WITHIN_MS,
  type CheckReport,
  Crowd,
  judgeMessages,
  judgeReturns,
  judgeShareRecovered,
  judgeWaits,
  Newcomers,
  RECOVERED_SHARE,
  spreadOf,
} from "@switchyard/testkit";
import type { Deployment } from "../deployment.ts";
import { docker } from "../docker.ts";

const CLIENTS = 300;
const REPLICAS = 3;
const BETWEEN_MS = 5000;
const VANISHED_MS = 60_000;
const LONGEST_WAIT_MS = 5000;
/** The deployment's default: an empty variable is none. */
const DEFAULTS = { RECONNECT_GRACE_MS: "" };

/** A replica that vanishes without closing a connection, and comes back. */
interface Vanishing {
  readonly what: string;
  readonly vanish: (container: string, deployment: Deployment) => Promise<unknown>;
  readonly return: (container: string, deployment: Deployment) => Promise<unknown>;
}

const vanishings: readonly Vanishing[] = [
  {
    what: "docker pause",
    vanish: (container) => docker(["pause", container]),
    return: (container) => docker(["unpause", container]),
  },
  { what: "docker network disconnect from nginx", ...disconnectFrom("edge") },
  { what: "docker network disconnect from Redis", ...disconnectFrom("state") },
];

function disconnectFrom(network: string): Omit<Vanishing, "what"> {
  const named = ({ project }: Deployment) => `${project}_${network}`;
  return {
    vanish: (container, deployment) => docker(["network", "disconnect", named(deployment), container]),
    return: (container, deployment) =>
      docker(["network", "connect", "--alias", "signaling", named(deployment), container]),
  };
}

/** One of three replicas vanishes for a minute under 300 clients, with the default settings. */
export async function checkVanishing(deployment: Deployment, report: CheckReport): Promise<void> {
  for (const vanishing of vanishings) {
    await deployment.up(REPLICAS, DEFAULTS);
    await checkOne(deployment, vanishing, report).catch((error: unknown) =>
      report.fail(`${vanishing.what}: ${String(error)}`),
    );
  }
}

async function checkOne(deployment: Deployment, vanishing: Vanishing, report: CheckReport): Promise<void> {
  const crowd = new Crowd({ graceMs: settings.RECONNECT_GRACE_MS.parse(undefined) });
  const newcomers = new Newcomers([deployment.url]);
  try {
    await crowd.gather([deployment.url], CLIENTS);
    crowd.begin();
    newcomers.begin();
    await wait(BETWEEN_MS);
    await vanishFor(deployment, vanishing);
    await crowd.goesOn(BACK_WITHIN_MS).catch((error: unknown) => report.fail(`${vanishing.what}: ${String(error)}`));
    await wait(BETWEEN_MS);
    newcomers.stop();
    await crowd.finish(ARRIVED_WITHIN_MS);
    const figures = crowd.figures();
    report.print(
      `${vanishing.what} for ${VANISHED_MS / 1000} s: ${figures.allGaps.length} connections lost, away for ${spreadOf(figures.allGaps)}`,
    );
    report.checkAll([
      ...judgeMessages(figures),
      ...judgeReturns(figures),
      judgeShareRecovered(figures, RECOVERED_SHARE),
      judgeWaits(newcomers.waits(), LONGEST_WAIT_MS),
    ]);
  } finally {
    crowd.leave();
    newcomers.leave();
  }
}

async function vanishFor(deployment: Deployment, vanishing: Vanishing): Promise<void> {
  const [container] = await deployment.containers("signaling");
  if (container === undefined) throw new Error("there is no replica to lose");
  await vanishing.vanish(container, deployment);
  try {
    await wait(VANISHED_MS);
  } finally {
    await vanishing.return(container, deployment);
  }
}
