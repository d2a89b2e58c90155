import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { afterAll, describe, expect, test } from "vitest";
import { testWithBrowsers } from "../browser/browsers.ts";
import { bundled } from "../browser/bundled.ts";
import { findChromium } from "../browser/chromium.ts";

const STORY = "an offer that comes again, as after a reconnect";
const source = fileURLToPath(new URL("../browser/in-page/two-sides.ts", import.meta.url));
const chromium = findChromium();

declare const sides: typeof import("../browser/in-page/two-sides.ts");

if ("path" in chromium) describe(STORY, describeRepetition);
else test(STORY, ({ skip }) => skip(chromium.missing));

function describeRepetition(): void {
  let page: Page;

  testWithBrowsers.beforeAll(async ({ browsers }) => {
    page = await (await browsers.shared("given")).newPage();
    await page.addScriptTag({ content: await bundled(source, "sides") });
  });

  afterAll(() => page?.close());

  test("is answered once, and the call is connected", async () => {
    expect(await page.evaluate(countAnswers)).toBe(1);
  });
}

/** Runs in the page: each signal is handed over twice. The connection is there last of all, so that a second answer would be counted. */
async function countAnswers(): Promise<number> {
  const { calls, answers, close } = sides.openSides({ offering: [true, false], pictures: [null, null], copies: 2 });
  await sides.until(() => calls.every(({ state }) => state.get().status === "connected"));
  close();
  return answers[0] + answers[1];
}
