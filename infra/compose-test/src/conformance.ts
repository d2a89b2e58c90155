import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Deployment } from "./deployment.ts";
import type { Report } from "./report.ts";

const configuration = fileURLToPath(new URL("../vitest.config.ts", import.meta.url));
const deployed = fileURLToPath(new URL("./deployed.ts", import.meta.url));
const root = fileURLToPath(new URL("../../../", import.meta.url));

/** Runs the dialects' own tests, with the deployment in the place of the processes that they start elsewhere. */
export async function checkConformance(deployment: Deployment, report: Report): Promise<void> {
  const vitest = `${root}node_modules/.bin/vitest`;
  const child = spawn(vitest, ["run", "--config", configuration, "--root", root], {
    cwd: root,
    env: {
      ...process.env,
      SWITCHYARD_DEPLOYMENT: deployed,
      COMPOSE_TEST_PROJECT: deployment.project,
      COMPOSE_TEST_PORT: String(deployment.port),
      COMPOSE_TEST_ENVIRONMENT: JSON.stringify(deployment.environment),
    },
    stdio: ["ignore", "inherit", "inherit"],
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  report.check("the conformance suites of all dialects pass through nginx", code === 0, `vitest ended with ${code}`);
}
