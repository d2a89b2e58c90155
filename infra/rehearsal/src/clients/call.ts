import { until, type Verdict } from "@switchyard/testkit";
import type { Browser, Page } from "playwright-core";
import { findChromium, launchChromium } from "../../../../services/web/test/browser/chromium.ts";

const FRAMES = 25;
const PATIENCE_MS = 120_000;
const UNKNOWN = "–";

/** A video element of the page. */
interface Playing {
  readonly videoWidth: number;
  getVideoPlaybackQuality(): { readonly totalVideoFrames: number };
}

/** Why there can be no call between browsers; `undefined` if there can. */
export function reasonAgainstBrowsers(): string | undefined {
  const found = findChromium();
  return "missing" in found ? found.missing : undefined;
}

/**
 * Two people call each other on the page, each in a browser of their own.
 * @param url of the page, at the loopback address: a browser gives a camera to no other place without TLS
 */
export async function judgeCall(url: string): Promise<Verdict[]> {
  const visitors: Visitor[] = [];
  try {
    for (const _ of ["one", "two"]) visitors.push(await Visitor.arrive(url));
    for (const visitor of visitors) await visitor.press("start-video");
    const rooms = await Promise.all(visitors.map((visitor) => visitor.known("room-id")));
    const frames = await Promise.all(visitors.map((visitor) => visitor.plays(FRAMES)));
    const nodes = await Promise.all(visitors.map((visitor) => visitor.known("own-node")));
    const errors = visitors.flatMap((visitor) => visitor.errors);
    return [
      { claim: "two browsers are in one room", holds: new Set(rooms).size === 1, figures: rooms.join(", ") },
      { claim: "each plays the other's video", holds: true, figures: `${frames.join(" and ")} frames shown` },
      { claim: "each is at a node", holds: nodes.every(Boolean), figures: nodes.join(" and ") },
      { claim: "the page has no error", holds: errors.length === 0, figures: errors.join("; ") || "none" },
    ];
  } finally {
    await Promise.all(visitors.map((visitor) => visitor.leave()));
  }
}

class Visitor {
  readonly errors: string[] = [];
  readonly #browser: Browser;
  readonly #page: Page;

  private constructor(browser: Browser, page: Page) {
    this.#browser = browser;
    this.#page = page;
    page.setDefaultTimeout(PATIENCE_MS);
    page.on("pageerror", (error) => this.errors.push(error.message));
  }

  static async arrive(url: string): Promise<Visitor> {
    const found = findChromium();
    if ("missing" in found) throw new Error(found.missing);
    // it would end this process on a signal, before the pods are taken away
    const untouched = { handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false };
    const browser = await launchChromium(found.path, "given", untouched);
    try {
      const visitor = new Visitor(browser, await browser.newPage({ reducedMotion: "reduce" }));
      await visitor.#page.goto(`${url}/#/random`);
      await visitor.known("own-node");
      return visitor;
    } catch (error) {
      await browser.close();
      throw error;
    }
  }

  async press(testId: string): Promise<void> {
    await this.#page.getByTestId(testId).click();
  }

  /** Waits until the page knows a fact, and returns it. */
  async known(testId: string): Promise<string> {
    const fact = this.#page.getByTestId(testId).filter({ hasNotText: UNKNOWN });
    await fact.waitFor({ state: "attached" });
    return (await fact.textContent()) ?? "";
  }

  /** Waits until so many frames of the other's video were shown. @returns how many */
  async plays(frames: number): Promise<number> {
    const video = this.#page.getByTestId("remote-video");
    const shown = () =>
      video.evaluate((element) => {
        const playing = element as unknown as Playing;
        return playing.videoWidth > 0 ? playing.getVideoPlaybackQuality().totalVideoFrames : 0;
      });
    return until("the other's video to play", async () => (await shown()) >= frames && shown(), PATIENCE_MS);
  }

  leave(): Promise<void> {
    return this.#browser.close();
  }
}
