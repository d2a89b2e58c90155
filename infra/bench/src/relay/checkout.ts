import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { atExit } from "../children.ts";
import { serviceScript } from "../services.ts";

const run = promisify(execFile);
const here = fileURLToPath(new URL(".", import.meta.url));

/** The pnpm of the PATH installs, whichever version the other checkout pins, and asks nothing. */
const pnpmSettings = { CI: "true", PNPM_CONFIG_PM_ON_FAIL: "ignore", PNPM_CONFIG_VERIFY_DEPS_BEFORE_RUN: "false" };
/** Only what the two services need at run time. */
const installation = ["signaling", "matchmaker"].flatMap((service) => ["--filter", `{services/${service}}...`]);

/**
 * A checkout of Switchyard whose services can be started.
 * @param wanted a directory with a checkout whose dependencies are installed; or a commit of this repository, as git names
 *   it. Its files are put into a temporary directory, which is removed when this process ends, and the dependencies of its
 *   services are installed there
 * @throws Error if it is neither, or can't be installed
 */
export async function checkoutOf(wanted: string): Promise<string> {
  if (existsSync(serviceScript("signaling", resolve(wanted)))) return resolve(wanted);
  const commit = await commitOf(wanted);
  const directory = mkdtempSync(join(tmpdir(), "switchyard-checkout-"));
  atExit(() => rmSync(directory, { recursive: true, force: true }));
  try {
    const archive = join(directory, ".files.tar");
    await run("git", ["-C", await root(), "archive", "--format=tar", `--output=${archive}`, commit]);
    await run("tar", ["-xf", archive, "-C", directory]);
    const args = ["install", "--prod", "--frozen-lockfile", "--prefer-offline", ...installation];
    await run("pnpm", args, { cwd: directory, env: { ...process.env, ...pnpmSettings } });
  } catch (error) {
    throw new Error(`${wanted} could not be installed: ${printed(error)}`, { cause: error });
  }
  return directory;
}

async function commitOf(wanted: string): Promise<string> {
  try {
    const { stdout } = await run("git", [
      "-C",
      here,
      "rev-parse",
      "--verify",
      "--end-of-options",
      `${wanted}^{commit}`,
    ]);
    return stdout.trim();
  } catch (error) {
    throw new Error(`"${wanted}" is neither a checkout of Switchyard nor a commit of this repository`, {
      cause: error,
    });
  }
}

async function root(): Promise<string> {
  return (await run("git", ["-C", here, "rev-parse", "--show-toplevel"])).stdout.trim();
}

/** The output of a failed program. pnpm prints its errors to the standard output. */
function printed(error: unknown): string {
  const { stdout = "", stderr = "", message = "" } = error as Partial<Record<"stdout" | "stderr" | "message", string>>;
  return [message, stderr, stdout].map((text) => text.trim()).find((text) => text !== "") ?? String(error);
}
