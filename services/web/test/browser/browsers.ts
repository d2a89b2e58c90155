import type { Browser } from "playwright-core";
import { test } from "vitest";
import { type CameraKind, findChromium, launchChromium } from "./chromium.ts";

/**
 * The browsers of all tests that run in one process. Their files share one for each kind of camera: windows share
 * nothing with each other as it is, and a browser costs a second of CPU to start.
 */
export class Browsers {
  readonly #path: string;
  readonly #shared = new Map<CameraKind, Promise<Browser>>();
  readonly #open = new Set<Browser>();

  constructor(path: string) {
    this.#path = path;
  }

  /** One that has crashed is replaced. */
  shared(camera: CameraKind): Promise<Browser> {
    const known = this.#shared.get(camera);
    if (known) return known;
    const browser = this.another(camera);
    const forget = () => void this.#shared.delete(camera);
    this.#shared.set(camera, browser);
    browser.then((launched) => launched.once("disconnected", forget), forget);
    return browser;
  }

  async another(camera: CameraKind): Promise<Browser> {
    const browser = await launchChromium(this.#path, camera);
    this.#open.add(browser);
    browser.once("disconnected", () => this.#open.delete(browser));
    return browser;
  }

  readonly close = async (): Promise<void> => {
    await Promise.all([...this.#open].map((browser) => browser.close()));
  };
}

/** Tests that get browsers, which end with the process that runs the tests. */
export const testWithBrowsers = test
  .extend("chromium", { scope: "worker" }, () => findChromium())
  .extend("browsers", { scope: "worker" }, ({ chromium }, { onCleanup }) => {
    if (!("path" in chromium)) throw new Error(chromium.missing);
    const browsers = new Browsers(chromium.path);
    onCleanup(browsers.close);
    return browsers;
  });
