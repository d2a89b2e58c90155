import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { CheckReport } from "@switchyard/testkit";
import type { Deployment } from "./deployment.ts";

const inRepository = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
const configuration = inRepository("infra/compose-test/vitest.config.ts");
const counting = inRepository("packages/testkit/src/reporter.ts");
const deployed = inRepository("infra/compose-test/src/deployed.ts");
/** On two cores that do nothing else they take about ten minutes. */
const ENDS_WITHIN_MS = 1_500_000;

/** A signal that ends this process ends the tests first: they would start again the parts that are being removed. */
const signals = ["SIGINT", "SIGTERM"] as const;

interface Counts {
  readonly passed: number;
  readonly failed: number;
}

/** Runs the dialects' own tests, with the deployment in the place of the processes that they start elsewhere. */
export async function checkConformance(deployment: Deployment, report: CheckReport): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), "switchyard-conformance-"));
  try {
    const counts = join(directory, "counts.json");
    const code = await runTests(deployment, counts);
    const { passed, failed } = JSON.parse(await readFile(counts, "utf8")) as Counts;
    const figures = `${passed} tests passed, ${failed} failed, vitest ended with ${code}`;
    const claim = "the conformance suites of all dialects pass through nginx against 3 replicas";
    report.check(claim, code === 0 && failed === 0 && passed > 0, figures);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function runTests(deployment: Deployment, counts: string): Promise<number | null> {
  const args = ["run", "--config", configuration, "--root", inRepository("."), `--reporter=${counting}`];
  const child = spawn(inRepository("node_modules/.bin/vitest"), args, {
    cwd: inRepository("."),
    env: {
      ...process.env,
      SWITCHYARD_TEST_COUNTS: counts,
      SWITCHYARD_DEPLOYMENT: deployed,
      COMPOSE_TEST_PROJECT: deployment.project,
      COMPOSE_TEST_PORT: String(deployment.port),
      COMPOSE_TEST_ENVIRONMENT: JSON.stringify(deployment.environment),
    },
    stdio: ["ignore", "inherit", "inherit"],
    timeout: ENDS_WITHIN_MS,
  });
  const end = () => void child.kill();
  for (const signal of signals) process.once(signal, end);
  return new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  }).finally(() => {
    for (const signal of signals) process.off(signal, end);
  });
}
