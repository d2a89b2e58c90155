import type { Service, TcpProxy } from "@switchyard/testkit";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";

const UNKNOWN = "–";
const FRAMES = 10;
/** Far more than anything takes that is waited for, also beside much other work on the machine. */
const PATIENCE_MS = 180_000;

/** What the page shows once it is connected, wherever it is. */
const CONNECTED = "transport";

/** The window, and how it is used. */
export type Screen = Pick<BrowserContextOptions, "viewport" | "hasTouch" | "isMobile" | "reducedMotion">;

export const desk: Screen = { viewport: { width: 1280, height: 800 } };
export const phone: Screen = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

/** Someone with a window of their own, on the page. */
export class Person {
  readonly page: Page;
  readonly #proxy: TcpProxy;
  /** What went wrong in the page's scripts. */
  readonly errors: string[] = [];

  private constructor(page: Page, proxy: TcpProxy) {
    this.page = page;
    this.#proxy = proxy;
    page.setDefaultTimeout(PATIENCE_MS);
    page.on("pageerror", (error) => this.errors.push(error.message));
  }

  /**
   * Opens a window that shares nothing with the browser's others.
   * @param proxy the way to the cluster
   */
  static async arrive(browser: Browser, proxy: TcpProxy, screen: Screen = desk): Promise<Person> {
    // what moves all the time is drawn all the time, on the processor
    const page = await browser.newPage({ reducedMotion: "reduce", ...screen });
    return new Person(page, proxy);
  }

  /** @param fact what the page knows when it is ready; null: it is ready at once */
  async visits(place: string, fact: string | null = CONNECTED): Promise<void> {
    await this.page.goto(`${this.#proxy.url}/${place}`);
    if (fact) await this.known(fact);
  }

  /** The person's connections break, as when a network changes, and those that follow go to another node. */
  movesTo({ port }: Service): void {
    this.#proxy.routeTo(port);
    this.#proxy.cut();
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
      .ariaSnapshot()
      .catch((error: Error) => error.message);
  }

  /** Waits until the page knows a fact, and gives it. */
  async known(testId: string): Promise<string> {
    await this.page.getByTestId(testId).filter({ hasNotText: UNKNOWN }).waitFor({ state: "attached" });
    return this.read(testId);
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

  /** Reports somebody to the operators, by a button of that id. */
  async reports(testId: string, words: string): Promise<void> {
    await this.press(testId);
    await this.page.getByTestId("report-category").selectOption("harassment");
    await this.writes("report-words", words);
    await this.press("send-report");
    await this.sees("notice", "The operators have your report");
  }

  async opens(hash: string): Promise<void> {
    await this.page.locator(`nav a[href="${hash}"]`).click();
  }

  /** Waits until the videos of all others play: they have a size, and frame after frame is shown. */
  async playsVideos(count: number): Promise<void> {
    const first = await this.#framesShownAbove(count, 0);
    await this.#framesShownAbove(count, first + FRAMES);
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

  /** Goes to the one screen that has no connection. The window stays, so that what there is to send is sent. */
  async departs(): Promise<void> {
    if (this.page.isClosed()) return;
    await this.page.evaluate(() => {
      document.querySelector<HTMLElement>('[data-testid="log-out"]')?.click();
      sessionStorage.clear(); // where somebody else's login would be kept
      location.hash = "#/chat";
    });
  }

  /** Closes the window. */
  async leave(): Promise<void> {
    await this.page.close();
    await this.#proxy.close();
  }
}
