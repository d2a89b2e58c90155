import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { afterAll, describe, expect, test } from "vitest";
import { testWithBrowsers } from "../browser/browsers.ts";
import { bundled } from "../browser/bundled.ts";
import { findChromium } from "../browser/chromium.ts";

const STORY = "two sides of a call in one page, with the browser's own WebRTC";
const source = fileURLToPath(new URL("../browser/in-page/two-sides.ts", import.meta.url));
const chromium = findChromium();

interface Story {
  /** Which sides offer, by their place. */
  offering: [boolean, boolean];
  /** Which sides have a camera. */
  cameras: [boolean, boolean];
  /** What the first side sends after a while, without a new offer. */
  later?: "screen";
  growing?: boolean;
}

/** A camera's picture is wide, a screen's is square. */
type Picture = "none" | "wide" | "square";

interface Outcome {
  /** How often each side offered. */
  offers: [number, number];
  /** Of what shape is the picture that each side sees at last. */
  pictures: [Picture, Picture];
}

declare const sides: typeof import("../browser/in-page/two-sides.ts");

if ("path" in chromium) describe(STORY, describeCalls);
else test(STORY, ({ skip }) => skip(chromium.missing));

function describeCalls(): void {
  let page: Page;

  testWithBrowsers.beforeAll(async ({ browsers }) => {
    page = await (await browsers.shared("given")).newPage();
    await page.addScriptTag({ content: await bundled(source, "sides") });
  });

  afterAll(() => page?.close());

  test("one offers, the other answers, both are seen", async () => {
    expect(await plays({ offering: [true, false], cameras: [true, true] })).toEqual({
      offers: [1, 0],
      pictures: ["wide", "wide"],
    });
  });

  test("both offer at once: one gives way, and both are seen all the same", async () => {
    expect(await plays({ offering: [true, true], cameras: [true, true] })).toEqual({
      offers: [1, 1],
      pictures: ["wide", "wide"],
    });
  });

  test("whoever has no camera still sees the other one", async () => {
    expect(await plays({ offering: [true, false], cameras: [false, true] })).toEqual({
      offers: [1, 0],
      pictures: ["wide", "none"],
    });
    expect(await plays({ offering: [true, false], cameras: [true, false] })).toEqual({
      offers: [1, 0],
      pictures: ["none", "wide"],
    });
  });

  test.for<[boolean, boolean]>([
    [true, false],
    [false, true],
  ])("a screen follows on the camera, or on nothing, without a new offer: %j offering", async (offering) => {
    const story = { offering, later: "screen", growing: true } as const;
    const offers = offering.map(Number);
    expect(await plays({ ...story, cameras: [true, true] })).toEqual({ offers, pictures: ["wide", "square"] });
    expect(await plays({ ...story, cameras: [false, true] })).toEqual({ offers, pictures: ["wide", "square"] });
  });

  function plays(story: Story): Promise<Outcome> {
    return page.evaluate(playOut, story);
  }
}

/** Runs in the page: two calls whose signals go straight to each other. */
async function playOut({ offering, cameras, later, growing = false }: Story): Promise<Outcome> {
  const [one, two] = cameras.map((has) => (has ? sides.draw("wide") : null));
  const given = { offering, pictures: [one ?? null, two ?? null], options: { reserve: growing } } as const;
  const { calls, offers, close } = sides.openSides(given);
  const seen = [sides.watch(calls[0]), sides.watch(calls[1])] as const;
  if (cameras[1]) await sides.until(() => seen[0]() === "wide");
  if (cameras[0]) await sides.until(() => seen[1]() === "wide");
  if (later) {
    calls[0].local.replace("video", sides.draw("square"));
    await sides.until(() => seen[1]() === "square");
  }
  const pictures: Outcome["pictures"] = [seen[0](), seen[1]()];
  close();
  return { offers, pictures };
}
