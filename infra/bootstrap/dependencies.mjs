import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { checkNodeBinary } from "./node-binary.mjs";
import { inRoot, node24, run, say, UserError } from "./workspace.mjs";

const STAMP = inRoot("node_modules", ".switchyard-installed");
/** The right pnpm is chosen here: it must not look for another one, nor install before it runs a script. */
const SETTINGS = { PNPM_CONFIG_PM_ON_FAIL: "ignore", PNPM_CONFIG_VERIFY_DEPS_BEFORE_RUN: "false" };

/** Installs the dependencies if there are none, or if what they are made from has changed since. */
export function ensureDependencies() {
  const hash = createHash("sha256");
  for (const file of ["pnpm-lock.yaml", "pnpm-workspace.yaml", "infra/bootstrap/node-binary.json"])
    if (existsSync(inRoot(file))) hash.update(readFileSync(inRoot(file)));
  const wanted = hash.digest("hex");
  if (existsSync(STAMP) && existsSync(node24) && readFileSync(STAMP, "utf8") === wanted) return;
  say("installing the dependencies, a minute or two the first time …");
  const { code, output } = pnpm(["install", "--frozen-lockfile"], { PNPM_CONFIG_CONFIRM_MODULES_PURGE: "false" });
  if (code !== 0) throw new UserError(`${output}\nThe dependencies could not be installed; what pnpm says is above.`);
  if (!existsSync(node24)) throw new UserError("The dependencies were installed, but Node 24 is not among them.");
  checkNodeBinary();
  writeFileSync(STAMP, wanted);
}

/**
 * Runs pnpm in the workspace: the one on the PATH if its major version is the pinned one, else the pinned one through
 * npm, without installing it for good.
 * @returns {{ code: number, output: string }}
 */
export function pnpm(args, more = {}) {
  const environment = { ...process.env, ...SETTINGS, ...more };
  const { packageManager } = JSON.parse(readFileSync(inRoot("package.json"), "utf8"));
  const [, pinned, major] = /^pnpm@((\d+)[^+]*)/.exec(packageManager);
  const onPath = run(["pnpm", "--version"], { environment, quiet: true });
  const isRight = onPath.code === 0 && onPath.output.trim().split(".")[0] === major;
  const command = isRight ? ["pnpm"] : ["npm", "exec", "--yes", `--package=pnpm@${pinned}`, "--", "pnpm"];
  return run([...command, ...args], { environment, quiet: true });
}
