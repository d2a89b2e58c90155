import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { inRoot, node24 } from "./places.mjs";
import { pnpm } from "./pnpm.mjs";
import { say } from "./screen.mjs";
import { UserError } from "./user-error.mjs";

const STAMP = inRoot("node_modules", ".switchyard-installed");

/** Installs the dependencies if there are none, or if what they are made from has changed since. */
export async function ensureDependencies() {
  const wanted = fingerprint();
  if (read(STAMP) === wanted && existsSync(node24)) return;
  say("installing the dependencies, a minute or two the first time …");
  const { code, output } = await pnpm(["install", "--frozen-lockfile"], { PNPM_CONFIG_CONFIRM_MODULES_PURGE: "false" });
  if (code !== 0) throw new UserError(`${output}\nThe dependencies could not be installed; what pnpm says is above.`);
  if (!existsSync(node24)) throw new UserError("The dependencies were installed, but Node 24 is not among them.");
  writeFileSync(STAMP, wanted);
}

function fingerprint() {
  const hash = createHash("sha256");
  for (const file of ["pnpm-lock.yaml", "pnpm-workspace.yaml"]) hash.update(read(inRoot(file)) ?? "");
  return hash.digest("hex");
}

function read(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
