import { spawn } from "node:child_process";
import { ensureDependencies } from "./dependencies.mjs";
import { runEverything } from "./everything.mjs";
import { ensurePage } from "./page.mjs";
import { inRoot, node24, root, run, toolEnvironment } from "./workspace.mjs";

const TSC = ["tsc", "--noEmit", "--checkers", "1"]; // four would each work out the types that they share

/** The checks that run before the tests. */
const CHECKS = [
  ["biome", "check", "--error-on-warnings", "."],
  [...TSC, "-p", "tsconfig.json"],
  [...TSC, "-p", "tsconfig.clients.json"],
  [...TSC, "-p", "services/web/tsconfig.json"],
  ["knip"],
  ["node", "--conditions=source", "infra/prose/src/main.ts"],
  ["depcruise", "packages", "services", "infra"],
];
/** The kinds of tests in vitest.config.ts. */
const FAST = ["fast"];
const QUICK = [...FAST, "process", "browser"];
const LONG = ["crossed", "long", "long-browser"];

const COMPOSE_TEST = {
  name: "test:compose",
  command: [node24, "--conditions=source", inRoot("infra", "compose-test", "src", "main.ts")],
  /** It takes about 25 minutes on two cores that do nothing else. */
  timeoutMs: 2_400_000,
};

/**
 * Installs what the tests need, then runs the checks and tests. The last line says how many passed.
 *
 * - `test`: the checks, and every test that takes no longer than a few seconds. With `--fast` only the tests that need
 *   neither a browser nor a process of their own, without the checks; with `--watch` these again at every change.
 * - `test-all`: everything but the deployment.
 * - `ci`: what `test` runs, then the rest, then the Docker Compose deployment where there is Docker.
 * @param {"test" | "test-all" | "ci"} verb
 * @param {string[]} args `--fast` or `--watch`; the rest is passed to vitest: paths, options
 * @returns {Promise<number>} the exit code: 0 only if something ran and nothing failed
 */
export async function test(verb, args) {
  ensureDependencies();
  const browser = await provideForTests();
  if (browser === undefined) return 1;
  const environment = toolEnvironment({ NODE_ENV: "test", ...browser });
  const [isFast, isWatch] = ["--fast", "--watch"].map((option) => args.includes(option));
  const others = args.filter((arg) => arg !== "--fast" && arg !== "--watch");
  if (isWatch) return run(installed(["vitest", "watch", ...projectsOf(FAST), ...others]), { environment }).code;
  if (!isFast) ensurePage();
  return runEverything({
    cwd: root,
    environment,
    checks: isFast ? [] : CHECKS.map((words) => ({ name: words.join(" "), command: installed(words) })),
    suites: suitesOf(verb, isFast, others),
    noBrowser: isFast ? undefined : browser.SWITCHYARD_NO_BROWSER,
  });
}

function suitesOf(verb, isFast, args) {
  if (isFast) return [vitest(FAST, args)];
  if (verb === "test") return [vitest(QUICK, args)];
  const both = [QUICK, LONG].map((kinds) => vitest(kinds, [...args, "--passWithNoTests"])); // a path may have but one kind
  return [...both, ...(verb === "ci" ? [COMPOSE_TEST] : [])];
}

/** Vitest's run of these kinds of tests, counted. */
export function vitest(kinds, args) {
  const words = ["vitest", "run", ...projectsOf(kinds), ...args];
  const reporter = `--reporter=${inRoot("packages", "testkit", "src", "reporter.ts")}`;
  return { name: words.join(" "), command: installed([...words, reporter]) };
}

function projectsOf(kinds) {
  return kinds.map((kind) => `--project=${kind}`);
}

/** A command whose program the dependencies bring. */
function installed([tool, ...args]) {
  return [inRoot("node_modules", ".bin", tool), ...args];
}

/**
 * Gets a Redis and a browser for the tests, if the system lets them be installed.
 * @returns {Promise<Record<string, string> | undefined>} the variables that tell the tests about the browser;
 * `undefined`, after a sentence on the screen, when the tests can't run
 */
function provideForTests() {
  const program = inRoot("infra", "local", "src", "provide.ts");
  const stdio = ["ignore", "inherit", "inherit", "ipc"];
  const child = spawn(node24, ["--conditions=source", program], { cwd: root, env: toolEnvironment(), stdio });
  return new Promise((resolve, reject) => {
    child.once("message", resolve);
    child.once("error", reject);
    child.once("exit", () => resolve(undefined));
  });
}
