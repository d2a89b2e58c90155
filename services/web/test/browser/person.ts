import type { Browser, Page } from "playwright-core";
import { launchChromium } from "./chromium.ts";

const UNKNOWN = "–";
const FRAMES = 10;

/** Someone with a browser of their own, on the page. */
export class Person {
  readonly #browser: Browser;
  readonly #page: Page;
  /** What went wrong in the page's scripts. */
  readonly errors: string[] = [];

  private constructor(browser: Browser, page: Page) {
    this.#browser = browser;
    this.#page = page;
    page.on("pageerror", (error) => this.errors.push(error.message));
  }

  static async arrive(browserPath: string, url: string): Promise<Person> {
    const browser = await launchChromium(browserPath);
    try {
      const person = new Person(browser, await browser.newPage({ viewport: { width: 1280, height: 800 } }));
      await person.#page.goto(url);
      await person.known("own-node");
      return person;
    } catch (error) {
      await browser.close();
      throw error;
    }
  }

  async reload(): Promise<void> {
    await this.#page.reload();
    await this.known("own-node");
  }

  async press(testId: string): Promise<void> {
    await this.#page.getByTestId(testId).click();
  }

  async read(testId: string): Promise<string> {
    return (await this.#page.getByTestId(testId).textContent()) ?? "";
  }

  /** Waits until the page knows a fact, and gives it. */
  async known(testId: string): Promise<string> {
    await this.#page.getByTestId(testId).filter({ hasNotText: UNKNOWN }).waitFor();
    return this.read(testId);
  }

  /** Waits until a fact is no longer what it was. */
  async changed(testId: string, from: string): Promise<void> {
    await this.#page.getByTestId(testId).filter({ hasNotText: from }).waitFor();
  }

  async sees(testId: string, text: string): Promise<void> {
    await this.#page.getByTestId(testId).filter({ hasText: text }).waitFor();
  }

  async says(text: string): Promise<void> {
    await this.#page.getByTestId("message-input").fill(text);
    await this.#page.keyboard.press("Enter");
  }

  /** Waits until the partner's video plays: it has a size, and frame after frame is shown. */
  async playsPartnersVideo(): Promise<void> {
    const first = await this.#framesShownAbove(0);
    await this.#framesShownAbove(first + FRAMES);
  }

  async #framesShownAbove(least: number): Promise<number> {
    const frames = await this.#page.waitForFunction((least) => {
      const video = document.querySelector<HTMLVideoElement>('[data-testid="remote-video"]');
      if (!video || video.videoWidth === 0) return false;
      const { totalVideoFrames } = video.getVideoPlaybackQuality();
      return totalVideoFrames > least && totalVideoFrames;
    }, least);
    return Number(await frames.jsonValue());
  }

  /** Breaks the connection at the very moment the page enters a room, before it has sent any signal. */
  async cutOnEntering(): Promise<void> {
    await this.#page.evaluate((unknown) => {
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
    await this.#browser.close();
  }
}
