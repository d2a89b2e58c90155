import { setTimeout as wait } from "node:timers/promises";
import {
  ARRIVED_WITHIN_MS,
  BACK_WITHIN_MS,
  type CheckReport,
  Crowd,
  judgeMessages,
  judgeReturns,
  spreadOf,
} from "@switchyard/testkit";
import type { Deployment } from "../deployment.ts";
import { docker } from "../docker.ts";

const CLIENTS = 300;
/** How long they talk undisturbed between two disturbances. */
const BETWEEN_MS = 5000;

interface Disturbance {
  readonly what: string;
  readonly happen: (deployment: Deployment) => Promise<unknown>;
}

const disturbances: readonly Disturbance[] = [
  { what: "docker compose up --scale signaling=5", happen: (deployment) => deployment.up(5) },
  { what: "docker compose up --scale signaling=2", happen: (deployment) => deployment.up(2) },
  { what: "docker kill of a replica", happen: killReplica },
  { what: "docker compose restart redis", happen: (deployment) => deployment.compose(["restart", "redis"]) },
];

/** 300 clients talk while the deployment is scaled, loses a node and has its Redis restarted. */
export async function checkChaos(deployment: Deployment, graceMs: number, report: CheckReport): Promise<void> {
  const crowd = new Crowd({ graceMs });
  try {
    await crowd.gather([deployment.url], CLIENTS);
    crowd.begin();
    for (const disturbance of disturbances) {
      await wait(BETWEEN_MS);
      await disturb(deployment, crowd, disturbance, report);
    }
    await wait(BETWEEN_MS);
    await crowd.finish(ARRIVED_WITHIN_MS);
    const figures = crowd.figures();
    const { clients, late } = figures;
    report.check("all come back within the grace", clients > 0 && late === 0, `${late} are in a pair that did not`);
    report.checkAll([...judgeMessages(figures), ...judgeReturns(figures)]);
  } finally {
    crowd.leave();
  }
}

async function killReplica(deployment: Deployment): Promise<void> {
  const [first] = await deployment.containers("signaling");
  if (first === undefined) throw new Error("there is no replica to kill");
  await docker(["kill", first]);
}

async function disturb(
  deployment: Deployment,
  crowd: Crowd,
  { what, happen }: Disturbance,
  report: CheckReport,
): Promise<void> {
  const before = crowd.figures();
  const begun = performance.now();
  await happen(deployment);
  const happened = performance.now();
  await crowd.goesOn(BACK_WITHIN_MS).catch((error: unknown) => report.fail(`${what}: ${String(error)}`));
  const after = crowd.figures();
  const gaps = after.gaps.slice(before.gaps.length);
  const refusals = [...after.refusals].map(([why, count]) => [why, count - (before.refusals.get(why) ?? 0)] as const);
  const refused = refusals.filter(([, count]) => count > 0).map(([why, count]) => `${count} not (${why})`);
  report.print(
    `${what}: took ${inSeconds(happened - begun)}, everybody talks on ${inSeconds(performance.now() - happened)} later; ` +
      `${[`${after.acknowledged - before.acknowledged} messages acknowledged`, ...refused].join(", ")}; ` +
      `${gaps.length} connections lost, ${gaps.filter(({ recovered }) => recovered).length} recovered, after ${spreadOf(gaps)}`,
  );
}

function inSeconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
