import { userInfo } from "node:os";
import { findOnPath, run } from "./command.ts";

/** So that an installation waits for another one instead of failing. */
const APT_OPTIONS = ["-y", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=120"];

/** A package's name for apt-get, and the arguments of `brew install`. */
export interface PackageNames {
  readonly apt: string;
  readonly brew: readonly string[];
}

/**
 * Installs a package with the system's package manager if that needs no password: apt-get as root or with passwordless
 * sudo, Homebrew on macOS.
 * @returns why it could not, as half a sentence; `undefined` when it is installed
 */
export async function installSystemPackage(
  names: PackageNames,
  environment = process.env,
): Promise<string | undefined> {
  if (process.platform === "darwin") return installWithBrew(names.brew, environment);
  if (findOnPath("apt-get", environment) === undefined) return "there is no package manager that it could come from";
  const prefix = await rootPrefix(environment);
  return prefix === undefined ? "installing it needs a password" : installWithApt(names.apt, prefix, environment);
}

async function installWithBrew(args: readonly string[], environment: NodeJS.ProcessEnv): Promise<string | undefined> {
  if (findOnPath("brew", environment) === undefined) return "Homebrew is not installed";
  const { ok, output } = await run(["brew", "install", ...args], environment);
  return ok ? undefined : `brew install ${args.join(" ")} failed: ${lastLine(output)}`;
}

async function installWithApt(
  name: string,
  prefix: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  const asRoot = [...prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get"];
  const apt = (...args: string[]) => run([...asRoot, ...args], environment);
  if ((await apt("install", ...APT_OPTIONS, name)).ok) return undefined;
  await apt("update"); // a fresh system has no lists, an old one has stale ones
  const { ok, output } = await apt("install", ...APT_OPTIONS, name);
  return ok ? undefined : `apt-get install ${name} failed: ${lastLine(output)}`;
}

/** What makes a command run as root without a password. */
async function rootPrefix(environment: NodeJS.ProcessEnv): Promise<readonly string[] | undefined> {
  if (userInfo().uid === 0) return [];
  return (await run(["sudo", "-n", "true"], environment)).ok ? ["sudo", "-n"] : undefined;
}

function lastLine(output: string): string {
  return output.trim().split("\n").at(-1) ?? "";
}
