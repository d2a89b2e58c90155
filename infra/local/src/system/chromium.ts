import type { Print } from "../screen.ts";
import { findOnPath, isProgram, run } from "./command.ts";
import { installSystemPackage } from "./package.ts";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const MAC_APPLICATIONS = [
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** A browser for the tests, or in half a sentence why there is none. */
export type FoundChromium = { readonly path: string } | { readonly missing: string };

/** Finds a browser: the one that CHROMIUM names, one that is installed, else one from the system's packages. */
export async function findChromium(print: Print, environment = process.env): Promise<FoundChromium> {
  const found = await whichRuns(environment);
  if (found !== undefined) return { path: found };
  print("chromium", "there is none: installing it from the system's packages");
  const refusal = await installSystemPackage({ apt: "chromium", brew: ["--cask", "chromium"] }, environment);
  const installed = await whichRuns(environment);
  if (installed !== undefined) return { path: installed };
  return { missing: `there is no Chromium, and ${refusal ?? "the one that was installed does not run"}` };
}

async function whichRuns(environment: NodeJS.ProcessEnv): Promise<string | undefined> {
  const onPath = NAMES.map((name) => findOnPath(name, environment));
  for (const path of [environment["CHROMIUM"], ...onPath, ...MAC_APPLICATIONS]) {
    if (!path || !isProgram(path)) continue;
    if ((await run([path, "--version"], environment)).ok) return path; // some are stand-ins that only say where to get it
  }
  return undefined;
}
