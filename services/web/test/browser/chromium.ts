import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, chromium, type LaunchOptions } from "playwright-core";
import { smallCamera } from "./small-camera.ts";

const names = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];

const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** What a page gets that asks for a camera and a microphone; nobody is ever asked. */
const cameras = {
  given: ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"],
  refused: ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream=deny"],
  "without a camera": ["--use-fake-device-for-media-stream=device-count=0", "--use-fake-ui-for-media-stream"],
} as const;

export type CameraKind = keyof typeof cameras;

/** The browser to test with: what `CHROMIUM` names, else the first on the PATH; or why there is none. */
export function findChromium(environment = process.env): { path: string } | { missing: string } {
  const { SWITCHYARD_NO_BROWSER: forbidden, CHROMIUM: given } = environment;
  if (forbidden) return { missing: `SWITCHYARD_NO_BROWSER is set: ${forbidden}` };
  if (given) return { path: given };
  const places = (environment["PATH"] ?? "").split(delimiter).filter(Boolean);
  const path = names.flatMap((name) => places.map((place) => join(place, name))).find(isProgram);
  return path ? { path } : { missing: "there is no Chromium on the PATH; CHROMIUM can name one" };
}

/** One headless browser process of its own, with an empty profile, a fake camera and a fake microphone. */
export async function launchChromium(
  path: string,
  camera: CameraKind = "given",
  more: LaunchOptions = {},
): Promise<Browser> {
  const film = camera === "without a camera" ? [] : [`--use-file-for-fake-video-capture=${await smallCamera()}`];
  const args = [...flags, ...cameras[camera], ...film];
  return chromium.launch({ ...more, executablePath: path, headless: true, args });
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
