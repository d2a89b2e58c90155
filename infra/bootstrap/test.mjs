import { fileURLToPath } from "node:url";
import { ensureDependencies } from "./dependencies.mjs";
import { runEverything } from "./everything.mjs";
import { ensurePage } from "./page.mjs";
import { inRoot, node24, root, toolEnvironment } from "./places.mjs";
import { provideForTests } from "./provide.mjs";

/** What is checked before the tests run. */
const CHECKS = [
  ["biome", "check", "--error-on-warnings", "."],
  ["tsc", "--noEmit", "-p", "tsconfig.json"],
  ["tsc", "--noEmit", "-p", "services/web/tsconfig.json"],
  ["knip"],
];
const COUNTS = fileURLToPath(new URL("./count-reporter.mjs", import.meta.url));
const COMPOSE_TEST = {
  name: "test:compose",
  command: [node24, "--conditions=source", fileURLToPath(new URL("../compose-test/src/main.ts", import.meta.url))],
  /** It takes about a quarter of an hour on two cores that do nothing else. */
  timeoutMs: 2_400_000,
};

/**
 * Installs what the tests need, then runs every check and test. The last line says how many passed.
 * @param {string[]} args passed to vitest
 * @param {{ withDeployment?: boolean }} options whether to test the Docker Compose deployment too, where there is Docker
 * @returns {Promise<number>} the exit code: 0 only if something ran and nothing failed
 */
export async function test(args, { withDeployment = false } = {}) {
  await ensureDependencies();
  const browser = await provideForTests();
  if (browser === undefined) return 1;
  await ensurePage();
  return runEverything({
    cwd: root,
    environment: toolEnvironment({ NODE_ENV: "test", ...browser }),
    checks: CHECKS.map((words) => ({ name: words.join(" "), command: installed(words) })),
    suites: [vitest(args), ...(withDeployment ? [COMPOSE_TEST] : [])],
    noBrowser: browser.SWITCHYARD_NO_BROWSER,
  });
}

/** Vitest's run with these further arguments, counted. */
export function vitest(args) {
  const reporters = ["--reporter=default", `--reporter=${COUNTS}`];
  return { name: ["vitest", "run", ...args].join(" "), command: installed(["vitest", "run", ...reporters, ...args]) };
}

/** A command whose program the dependencies bring. */
function installed([tool, ...args]) {
  return [inRoot("node_modules", ".bin", tool), ...args];
}
