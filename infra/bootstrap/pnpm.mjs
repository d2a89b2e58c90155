import { readFileSync } from "node:fs";
import { run } from "./command.mjs";
import { inRoot, root } from "./places.mjs";

/** The right pnpm is chosen here: it must not look for another one, nor install before it runs a script. */
const SETTINGS = { PNPM_CONFIG_PM_ON_FAIL: "ignore", PNPM_CONFIG_VERIFY_DEPS_BEFORE_RUN: "false" };

/**
 * Runs pnpm in the workspace: the one on the PATH if its major version is the pinned one, else the pinned one through
 * npm, without installing it for good.
 * @returns {Promise<{ code: number, output: string }>}
 */
export async function pnpm(args, environment = {}) {
  const command = [...(await pnpmCommand()), ...args];
  return run(command, { cwd: root, environment: { ...process.env, ...SETTINGS, ...environment }, quiet: true });
}

let chosen;

async function pnpmCommand() {
  chosen ??= (await onPathIsRight()) ? ["pnpm"] : ["npm", "exec", "--yes", `--package=pnpm@${pinned()}`, "--", "pnpm"];
  return chosen;
}

async function onPathIsRight() {
  const environment = { ...process.env, ...SETTINGS };
  const { code, output } = await run(["pnpm", "--version"], { cwd: root, environment, quiet: true });
  return code === 0 && majorOf(output.trim()) === majorOf(pinned());
}

/** @returns {string} the version that package.json names */
function pinned() {
  const { packageManager } = JSON.parse(readFileSync(inRoot("package.json"), "utf8"));
  return packageManager.replace(/^pnpm@/, "").replace(/\+.*$/, "");
}

function majorOf(version) {
  return version.split(".")[0];
}
