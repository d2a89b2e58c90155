import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseEnv } from "node:util";
import { settings } from "@switchyard/runtime";

const repository = fileURLToPath(new URL("../../../", import.meta.url));
const settingNames = new Set(Object.keys(settings));

/**
 * Takes every setting out of an environment, for tests: they start services and clusters with settings of their own, and
 * a user's settings for a cluster are not meant for those. A setting in the `.env` of `root` stays in it as empty, which
 * counts as not set, so that it is not read from there either.
 */
export function neutralize(environment: NodeJS.ProcessEnv, root: string): void {
  for (const name of Object.keys(environment).filter(isSetting)) delete environment[name];
  const file = join(root, ".env");
  const inFile = existsSync(file) ? Object.keys(parseEnv(readFileSync(file, "utf8"))) : [];
  for (const name of inFile.filter(isSetting)) environment[name] = "";
  environment["NODE_ENV"] = "test";
}

/** A secret may also be named by a file. */
function isSetting(name: string): boolean {
  return settingNames.has(name.replace(/_FILE$/, "")) || settingNames.has(name);
}

/** The global setup of all tests: what they run in has no settings, nor have the processes that they start. */
export default function setup(): void {
  neutralize(process.env, repository);
}
