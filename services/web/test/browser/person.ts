import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { launchChromium } from "./chromium.ts";

const UNKNOWN = "–";
const FRAMES = 10;

/** What the page shows once it is connected, wherever it is. */
const CONNECTED = "transport";

/** The window, and how it is used. */
export type Screen = Pick<BrowserContextOptions, "viewport" | "hasTouch" | "isMobile">;

export const desk: Screen = { viewport: { width: 1280, height: 800 } };
export const phone: Screen = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

/** Someone with a window of their own, on the page. */
export class Person {
  readonly page: Page;
  readonly #close: () => Promise<void>;
  /** What went wrong in the page's scripts. */
  readonly errors: string[] = [];

  private constructor(page: Page, close: () => Promise<void>) {
    this.page = page;
    this.#close = close;
    page.on("pageerror", (error) => this.errors.push(error.message));
  }

  /** Comes to the page of the random dialect with a browser of their own. */
  static async arrive(browserPath: string, url: string): Promise<Person> {
    const browser = await launchChromium(browserPath);
    try {
      const person = await Person.visit(browser, url, "own-node");
      return new Person(person.page, () => browser.close());
    } catch (error) {
      await browser.close();
      throw error;
    }
  }

  /**
   * Comes to a page in a window that shares nothing with the browser's others.
   * @param fact what the page knows when it is ready; null: it is ready at once
   */
  static async visit(
    browser: Browser,
    url: string,
    fact: string | null = CONNECTED,
    screen: Screen = desk,
  ): Promise<Person> {
    const page = await browser.newPage(screen);
    const person = new Person(page, () => page.close());
    await page.goto(url);
    if (fact) await person.known(fact);
    return person;
  }

  async reload(fact = "own-node"): Promise<void> {
    await this.page.reload();
    await this.known(fact);
  }

  async press(testId: string): Promise<void> {
    await this.page.getByTestId(testId).click();
  }

  async writes(testId: string, text: string): Promise<void> {
    await this.page.getByTestId(testId).fill(text);
  }

  async read(testId: string): Promise<string> {
    return (await this.page.getByTestId(testId).textContent()) ?? "";
  }

  async reads(testId: string): Promise<string> {
    return this.page.getByTestId(testId).inputValue();
  }

  /** What the page shows, as who cannot see it is told. */
  async shows(): Promise<string> {
    return this.page
      .locator("body")
      .ariaSnapshot({ timeout: 5000 })
      .catch((error: Error) => error.message);
  }

  /** Waits until the page knows a fact, and gives it. */
  async known(testId: string): Promise<string> {
    await this.page.getByTestId(testId).filter({ hasNotText: UNKNOWN }).waitFor({ state: "attached" });
    return this.read(testId);
  }

  /** Waits until a fact is no longer what it was. */
  async changed(testId: string, from: string): Promise<void> {
    await this.page.getByTestId(testId).filter({ hasNotText: from }).waitFor();
  }

  async sees(testId: string, text: string | RegExp = ""): Promise<void> {
    await this.page.getByTestId(testId).filter({ hasText: text }).waitFor();
  }

  async seesNo(testId: string): Promise<void> {
    await this.page.getByTestId(testId).waitFor({ state: "detached" });
  }

  /** Waits until somebody's tile shows a sign, or nobody's does. */
  async seesSign(name: string, sign: string): Promise<void> {
    await this.page.locator(`[data-name="${name}"] [data-testid="badge-${sign}"]`).waitFor();
  }

  async says(text: string): Promise<void> {
    await this.page.getByTestId("message-input").fill(text);
    await this.page.keyboard.press("Enter");
  }

  async opens(hash: string): Promise<void> {
    await this.page.locator(`nav a[href="${hash}"]`).click();
  }

  /** Waits until the videos of all others play: they have a size, and frame after frame is shown. */
  async playsVideos(count: number): Promise<void> {
    const first = await this.#framesShownAbove(count, 0);
    await this.#framesShownAbove(count, first + FRAMES);
  }

  async playsPartnersVideo(): Promise<void> {
    await this.playsVideos(1);
  }

  /** Waits until the picture of the only other one has got another shape. */
  async seesShape(shape: "camera" | "screen"): Promise<void> {
    await this.page.waitForFunction((wide) => {
      const video = document.querySelector<HTMLVideoElement>('[data-testid="remote-video"]');
      return video !== null && video.videoHeight > 0 && video.videoWidth / video.videoHeight > 1.5 === wide;
    }, shape === "screen");
  }

  /** @returns how many frames the video shows that has shown the fewest */
  async #framesShownAbove(count: number, least: number): Promise<number> {
    const frames = await this.page.waitForFunction(
      ([count, least]) => {
        const videos = [...document.querySelectorAll<HTMLVideoElement>('[data-testid="remote-video"]')];
        const shown = videos.map((video) => video.videoWidth && video.getVideoPlaybackQuality().totalVideoFrames);
        const fewest = Math.min(...shown);
        return videos.length === count && fewest > least && fewest;
      },
      [count, least] as const,
    );
    return Number(await frames.jsonValue());
  }

  /** Breaks the connection at the very moment the page enters a room, before it has sent any signal. */
  async cutOnEntering(): Promise<void> {
    await this.page.evaluate((unknown) => {
      const fact = (testId: string) => document.querySelector<HTMLElement>(`[data-testid="${testId}"]`);
      const observer = new MutationObserver(() => {
        if ((fact("room-id")?.textContent ?? unknown) === unknown) return;
        observer.disconnect();
        fact("cut")?.click();
      });
      observer.observe(document.body, { subtree: true, childList: true, characterData: true });
    }, UNKNOWN);
  }

  async leave(): Promise<void> {
    await this.#close();
  }
}
