import { userInfo } from "node:os";
import { findOnPath, run } from "./command.ts";
import { type PackageManager, packageManagers } from "./package-manager.ts";
import { otherNames } from "./package-names.ts";

/** A package's name for apt-get, by which those of others are known, and the arguments of `brew install`. */
export interface PackageNames {
  readonly apt: string;
  readonly brew: readonly string[];
}

/** A package as one manager has it. */
interface Offer {
  readonly manager: PackageManager;
  readonly name: string;
  readonly leastMajor: number;
}

/**
 * Installs a package with the system's package manager if that needs no password: as root or with passwordless sudo, with
 * Homebrew on macOS. What is too old to be of use is not installed.
 * @returns why it could not, as half a sentence; `undefined` when it is installed
 */
export async function installSystemPackage(
  { apt, brew }: PackageNames,
  environment = process.env,
): Promise<string | undefined> {
  if (process.platform === "darwin") return installWithBrew(brew, environment);
  const manager = packageManagers.find(({ program }) => findOnPath(program, environment) !== undefined);
  if (manager === undefined) return "there is no package manager that it could come from";
  const { names, leastMajor = 0 } = otherNames[apt] ?? { names: {} };
  const prefix = await rootPrefix(environment);
  if (prefix === undefined) return "installing it needs a password";
  const refusals: string[] = [];
  for (const name of names[manager.program] ?? [apt]) {
    const refusal = await install({ manager, name, leastMajor }, prefix, environment);
    if (refusal === undefined) return undefined;
    refusals.push(refusal);
  }
  return refusals.join(", ");
}

async function installWithBrew(args: readonly string[], environment: NodeJS.ProcessEnv): Promise<string | undefined> {
  if (findOnPath("brew", environment) === undefined) return "Homebrew is not installed";
  const { ok, output } = await run(["brew", "install", ...args], environment);
  return ok ? undefined : `brew install ${args.join(" ")} failed: ${lastLine(output)}`;
}

async function install(
  offer: Offer,
  prefix: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  const { program, install, refresh } = offer.manager;
  const asRoot = (args: readonly string[]) =>
    run([...prefix, "env", "DEBIAN_FRONTEND=noninteractive", program, ...args], environment);
  const attempt = async () => {
    const tooOld = await shortcoming(offer, environment);
    if (tooOld !== undefined) return tooOld;
    const { ok, output } = await asRoot([...install, offer.name]);
    return ok ? undefined : `${program} could not install ${offer.name}: ${lastLine(output)}`;
  };
  const refusal = await attempt();
  if (refusal === undefined || refresh === undefined) return refusal;
  await asRoot(refresh); // newer lists may have it, or have a newer one
  return attempt();
}

/** That the version which would be installed is too old, if the manager knows which one that is. */
async function shortcoming(
  { manager, name, leastMajor }: Offer,
  environment: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  if (leastMajor === 0) return undefined;
  const { output } = await run([...manager.candidate, name], { ...environment, LC_ALL: "C" });
  const [, version] = manager.version.exec(output) ?? [];
  if (version === undefined || Number.parseInt(version, 10) >= leastMajor) return undefined;
  return `${manager.program} has ${name} ${version} only`;
}

/** What makes a command run as root without a password. */
async function rootPrefix(environment: NodeJS.ProcessEnv): Promise<readonly string[] | undefined> {
  if (userInfo().uid === 0) return [];
  return (await run(["sudo", "-n", "true"], environment)).ok ? ["sudo", "-n"] : undefined;
}

function lastLine(output: string): string {
  return output.trim().split("\n").at(-1) ?? "";
}
