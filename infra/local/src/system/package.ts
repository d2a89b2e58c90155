import { userInfo } from "node:os";
import { findOnPath, run } from "./command.ts";

/** The name of a package for apt-get, and the arguments of `brew install` for it. */
export interface SystemPackage {
  readonly apt: string;
  readonly brew: readonly string[];
  /** The lowest major version that is of any use. */
  readonly leastMajor?: number;
}

/** The timeout makes an installation wait for another one instead of failing. */
const APT_INSTALL = ["install", "-y", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=120"];
const APT_CANDIDATE = /^ *Candidate: (?:\d+:)?(\d\S*)/m;

/**
 * Installs a package if that needs no password: with apt-get as root or with passwordless sudo, with Homebrew on macOS.
 * A version that is too old is not installed.
 * @returns why it could not, as half a sentence; `undefined` when it is installed
 */
export async function installSystemPackage(
  wanted: SystemPackage,
  environment = process.env,
): Promise<string | undefined> {
  if (process.platform === "darwin") return installWithBrew(wanted.brew, environment);
  if (findOnPath("apt-get", environment) === undefined) return "there is no apt-get to install it with";
  return installWithApt(wanted, environment);
}

async function installWithBrew(args: readonly string[], environment: NodeJS.ProcessEnv): Promise<string | undefined> {
  if (findOnPath("brew", environment) === undefined) return "Homebrew is not installed";
  const { ok, output } = await run(["brew", "install", ...args], environment);
  return ok ? undefined : `brew install ${args.join(" ")} failed: ${lastLine(output)}`;
}

async function installWithApt(wanted: SystemPackage, environment: NodeJS.ProcessEnv): Promise<string | undefined> {
  const prefix = await rootPrefix(environment);
  if (prefix === undefined) return "installing it needs a password";
  const aptGet = (args: readonly string[]) =>
    run([...prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", ...args], environment);
  const attempt = async () => {
    const tooOld = await shortcoming(wanted, environment);
    if (tooOld !== undefined) return tooOld;
    const { ok, output } = await aptGet([...APT_INSTALL, wanted.apt]);
    return ok ? undefined : `apt-get could not install ${wanted.apt}: ${lastLine(output)}`;
  };
  const refusal = await attempt();
  if (refusal === undefined) return undefined;
  await aptGet(["update"]); // a fresh system has no lists of packages, an old one has stale lists
  return attempt();
}

/** That the version which would be installed is too old, if apt-cache knows which one that is. */
async function shortcoming(
  { apt, leastMajor = 0 }: SystemPackage,
  environment: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  if (leastMajor === 0) return undefined;
  const { output } = await run(["apt-cache", "policy", apt], { ...environment, LC_ALL: "C" });
  const [, version] = APT_CANDIDATE.exec(output) ?? [];
  if (version === undefined || Number.parseInt(version, 10) >= leastMajor) return undefined;
  return `apt-get has ${apt} ${version} only`;
}

/** The prefix that makes a command run as root without a password. */
async function rootPrefix(environment: NodeJS.ProcessEnv): Promise<readonly string[] | undefined> {
  if (userInfo().uid === 0) return [];
  return (await run(["sudo", "-n", "true"], environment)).ok ? ["sudo", "-n"] : undefined;
}

function lastLine(output: string): string {
  return output.trim().split("\n").at(-1) ?? "";
}
