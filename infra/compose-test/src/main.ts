import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CheckReport, freePort } from "@switchyard/testkit";
import { missingBaseImages } from "./base-images.ts";
import { checkChaos } from "./chaos/chaos.ts";
import { checkVanishing } from "./chaos/vanish.ts";
import { checkConformance } from "./conformance.ts";
import { Deployment } from "./deployment.ts";
import { reasonAgainstDocker } from "./docker.ts";
import { checkRelayCall } from "./relay-call.ts";
import { freeRelayNetwork, type RelayNetwork } from "./relay-network.ts";
import { checkSpread } from "./spread.ts";

const REPLICAS = 3;
/** Longer than on a busy machine anybody is away; how long they really are is printed. */
const GRACE_MS = 60_000;
/** No limit is to be what a test finds. */
const ENOUGH = "1000000000";

const turnSecret = randomBytes(48).toString("base64");

function settings(directory: string, { subnet, relay }: RelayNetwork): Record<string, string> {
  return {
    COMPOSE_TEST_RELAY_SUBNET: subnet,
    COMPOSE_TEST_RELAY: relay,
    TURN_SECRET_FILE: join(directory, "turn_secret"),
    TURN_URLS: `turn:${relay}:3478`,
    RECONNECT_GRACE_MS: String(GRACE_MS),
    RATE_LIMIT_POINTS: ENOUGH,
    SIGNAL_RATE_LIMIT_POINTS: ENOUGH,
    HTTP_RATE_LIMIT_POINTS: ENOUGH,
    CREATE_ROOM_RATE_LIMIT_POINTS: ENOUGH,
    EVENTS_RATE_LIMIT_POINTS: ENOUGH,
    BROADCAST_RATE_LIMIT_POINTS: ENOUGH,
    CONNECT_RATE_LIMIT_POINTS: ENOUGH,
    MAX_REFUSED_EVENTS: ENOUGH,
    ADDRESS_RATE_LIMIT_USERS: "0",
  };
}

/** @param wanted the checks to run; none: all */
async function test(wanted: readonly string[]): Promise<boolean> {
  const report = new CheckReport();
  const reason = await reasonAgainstDocker();
  if (reason === undefined) await testWithDocker(wanted, report);
  else report.skip("docker compose", reason);
  report.finish();
  return report.hasPassed;
}

async function testWithDocker(wanted: readonly string[], report: CheckReport): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), "switchyard-compose-"));
  await writeFile(join(directory, "turn_secret"), turnSecret, { mode: 0o444 });
  const project = `switchyard-test-${randomBytes(3).toString("hex")}`;
  const network = await freeRelayNetwork();
  const deployment = new Deployment(project, await freePort(), settings(directory, network));
  const checks: readonly (readonly [name: string, check: () => Promise<void>])[] = [
    ["chaos", () => checkChaos(deployment, GRACE_MS, report)],
    ["vanish", () => checkVanishing(deployment, report)],
    ["spread", () => checkSpread(deployment, report)],
    ["turn", () => checkRelayCall(deployment, { turnSecret, network }, report)],
    ["conformance", () => checkConformance(deployment, report)], // last: it changes the settings
  ];
  const removed = removeOnSignals(deployment, directory);
  try {
    const missing = await missingBaseImages(deployment);
    if (missing.length > 0) {
      return report.skip("docker compose", `neither here nor to be pulled: ${missing.join(", ")}`);
    }
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
  }
}

/** @returns what takes everything away; a signal does so too, and ends the process */
function removeOnSignals(deployment: Deployment, directory: string): () => Promise<void> {
  let removing: Promise<void> | undefined;
  const remove = () => {
    removing ??= deployment.remove().finally(() => rm(directory, { recursive: true, force: true }));
    return removing;
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => void remove().finally(() => process.exit(1))); // a terminal and `timeout` send it twice
  }
  return remove;
}

process.exitCode = (await test(process.argv.slice(2))) ? 0 : 1;
