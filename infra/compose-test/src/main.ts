import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "@switchyard/testkit";
import { checkChaos } from "./chaos/chaos.ts";
import { checkConformance } from "./conformance.ts";
import { Deployment } from "./deployment.ts";
import { reasonAgainstDocker } from "./docker.ts";
import { checkRelayCall } from "./relay-call.ts";
import { Report } from "./report.ts";
import { checkSpread } from "./spread.ts";

const REPLICAS = 3;
const GRACE_MS = 15_000;
/** No limit is to be what a test finds. */
const ENOUGH = "1000000000";

const turnSecret = randomBytes(48).toString("base64");

function settings(directory: string): Record<string, string> {
  return {
    TURN_SECRET_FILE: join(directory, "turn_secret"),
    TURN_URLS: "turn:203.0.113.10:3478",
    RECONNECT_GRACE_MS: String(GRACE_MS),
    RATE_LIMIT_POINTS: ENOUGH,
    SIGNAL_RATE_LIMIT_POINTS: ENOUGH,
    HTTP_RATE_LIMIT_POINTS: ENOUGH,
  };
}

/** @param wanted the checks to run; none: all */
async function test(wanted: readonly string[]): Promise<boolean> {
  const reason = await reasonAgainstDocker();
  if (reason !== undefined) {
    process.stdout.write(`skipped: ${reason}\n`);
    return true;
  }
  const report = new Report();
  const directory = await mkdtemp(join(tmpdir(), "switchyard-compose-"));
  await writeFile(join(directory, "turn_secret"), turnSecret, { mode: 0o444 });
  const project = `switchyard-test-${randomBytes(3).toString("hex")}`;
  const deployment = new Deployment(project, await freePort(), settings(directory));
  const checks: readonly (readonly [name: string, check: () => Promise<void>])[] = [
    ["chaos", () => checkChaos(deployment, GRACE_MS, report)],
    ["spread", () => checkSpread(deployment, report)],
    ["turn", () => checkRelayCall(deployment, turnSecret, report)],
    ["conformance", () => checkConformance(deployment, report)], // last: it changes the settings
  ];
  const removed = removeOnSignals(deployment);
  try {
    report.begin("docker compose up");
    await deployment.build();
    await deployment.up(REPLICAS);
    for (const [name, check] of checks) {
      if (wanted.length > 0 && !wanted.includes(name)) continue;
      report.begin(name);
      await check().catch((error: unknown) => report.fail(`${name}: ${String(error)}`));
    }
  } catch (error) {
    report.fail(String(error));
  } finally {
    await removed();
    await rm(directory, { recursive: true, force: true });
  }
  report.finish();
  return report.hasPassed;
}

/** @returns what takes everything away; a signal does so too, and ends the process */
function removeOnSignals(deployment: Deployment): () => Promise<void> {
  let removing: Promise<void> | undefined;
  const remove = () => {
    removing ??= deployment.remove();
    return removing;
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => void remove().finally(() => process.exit(1)));
  }
  return remove;
}

process.exitCode = (await test(process.argv.slice(2))) ? 0 : 1;
