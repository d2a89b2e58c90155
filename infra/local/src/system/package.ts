import { userInfo } from "node:os";
import { findOnPath, type Outcome, run } from "./command.ts";

/** The names of packages for apt-get, with spaces between, and the arguments of `brew install` for them. */
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
  if (process.platform === "darwin") {
    if (findOnPath("brew", environment) === undefined) return "Homebrew is not installed";
    const command = ["brew", "install", ...wanted.brew];
    return failure(await run(command, environment), `${command.join(" ")} failed`);
  }
  if (findOnPath("apt-get", environment) === undefined) return "there is no apt-get to install it with";
  const sudo = userInfo().uid === 0 ? [] : ["sudo", "-n"];
  if (sudo.length > 0 && !(await run([...sudo, "true"], environment)).ok) return "installing it needs a password";
  const aptGet = (args: readonly string[]) =>
    run([...sudo, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", ...args], environment);
  const attempt = async () =>
    (await shortcoming(wanted, environment)) ??
    failure(await aptGet([...APT_INSTALL, ...wanted.apt.split(" ")]), `apt-get could not install ${wanted.apt}`);
  if ((await attempt()) === undefined) return undefined;
  await aptGet(["update"]); // a fresh system has no lists of packages, an old one has stale lists
  return attempt();
}

/** That the version which would be installed is too old, if apt-cache knows which one that is. */
async function shortcoming({ apt, leastMajor = 0 }: SystemPackage, environment: NodeJS.ProcessEnv) {
  if (leastMajor === 0) return undefined;
  const { output } = await run(["apt-cache", "policy", apt], { ...environment, LC_ALL: "C" });
  const [, version] = APT_CANDIDATE.exec(output) ?? [];
  if (version === undefined || Number.parseInt(version, 10) >= leastMajor) return undefined;
  return `apt-get has ${apt} ${version} only`;
}

function failure({ ok, output }: Outcome, what: string): string | undefined {
  return ok ? undefined : `${what}: ${output.trim().split("\n").at(-1)}`;
}
