import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, chromium } from "playwright-core";

const names = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];

const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--use-fake-device-for-media-stream",
  "--use-fake-ui-for-media-stream",
];

/** The browser to test with: what `CHROMIUM` names, else the first on the PATH; or why there is none. */
export function findChromium(environment = process.env): { path: string } | { missing: string } {
  const { SWITCHYARD_NO_BROWSER: forbidden, CHROMIUM: given } = environment;
  if (forbidden) return { missing: `SWITCHYARD_NO_BROWSER is set: ${forbidden}` };
  if (given) return { path: given };
  const places = (environment["PATH"] ?? "").split(delimiter).filter(Boolean);
  const path = names.flatMap((name) => places.map((place) => join(place, name))).find(isProgram);
  return path ? { path } : { missing: "there is no Chromium on the PATH; CHROMIUM can name one" };
}

/** One headless browser process of its own, with an empty profile and a fake camera that nobody is asked about. */
export function launchChromium(path: string): Promise<Browser> {
  return chromium.launch({ executablePath: path, headless: true, args: flags });
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
