import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { findChromium as find, launchChromium } from "../../../services/web/test/browser/chromium.ts";

const inPage = fileURLToPath(new URL("../page/relays.js", import.meta.url));

export interface TurnServer {
  readonly urls: string | readonly string[];
  readonly username: string;
  readonly credential: string;
}

/** The result of a request to a TURN server for relayed addresses. */
export interface Gathered {
  readonly candidates: number;
  readonly errors: readonly number[];
}

/** The functions that `relays.js` adds to the page. */
interface InPage {
  readonly relays: {
    framesShown(): number;
    way(): Promise<string>;
    turnServer(): Promise<TurnServer>;
    gather(server: TurnServer): Promise<Gathered>;
  };
}

/** The browser that `CHROMIUM` names, else the first on the PATH. */
export function findChromium(): string | undefined {
  const { CHROMIUM, PATH } = process.env;
  const found = find({ CHROMIUM, PATH });
  return "path" in found ? found.path : undefined;
}

/** Someone on the page, in a browser of their own whose calls may use relays only. */
export class Visitor {
  readonly #browser: Browser;
  readonly #page: Page;

  private constructor(browser: Browser, page: Page) {
    this.#browser = browser;
    this.#page = page;
  }

  static async arrive(browserPath: string, url: string): Promise<Visitor> {
    // it would end this process on a signal, before the deployment is taken away
    const untouched = { handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false };
    const browser = await launchChromium(browserPath, "given", untouched);
    try {
      const page = await browser.newPage();
      await page.addInitScript({ path: inPage });
      await page.goto(url);
      return new Visitor(browser, page);
    } catch (error) {
      await browser.close();
      throw error;
    }
  }

  async press(testId: string): Promise<void> {
    await this.#page.getByTestId(testId).click();
  }

  /** Waits until so many frames of the other's video were shown. */
  async shows(frames: number, timeoutMs: number): Promise<number> {
    const isShown = (least: number) => (globalThis as unknown as InPage).relays.framesShown() >= least;
    await this.#page.waitForFunction(isShown, frames, { timeout: timeoutMs });
    return this.#page.evaluate(() => (globalThis as unknown as InPage).relays.framesShown());
  }

  way(): Promise<string> {
    return this.#page.evaluate(() => (globalThis as unknown as InPage).relays.way());
  }

  turnServer(): Promise<TurnServer> {
    return this.#page.evaluate(() => (globalThis as unknown as InPage).relays.turnServer());
  }

  gather(server: TurnServer): Promise<Gathered> {
    return this.#page.evaluate((asked) => (globalThis as unknown as InPage).relays.gather(asked), server);
  }

  leave(): Promise<void> {
    return this.#browser.close();
  }
}
