import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { startCluster } from "@switchyard/testkit";
import type { Page } from "playwright-core";
import { describe, expect, onTestFinished, test } from "vitest";
import { testWithBrowsers } from "../../../services/web/test/browser/browsers.ts";
import { findChromium } from "../../../services/web/test/browser/chromium.ts";
import { sy } from "./sy.ts";

const PHONE_WIDTH = 375;
const MEGABYTE = 1_000_000;

/** The page of a short run in which connections are cut. */
async function pageOfARun(): Promise<{ readonly path: string; readonly faults: number }> {
  const cluster = await startCluster();
  onTestFinished(cluster.stop);
  const directory = await mkdtemp(join(tmpdir(), "switchyard-load-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  const [path, json] = [join(directory, "load.html"), join(directory, "load.json")];
  const targets = cluster.nodes.map(({ url }) => url).join(",");
  const length = ["--users", "8", "--ramp", "1s", "--duration", "4s", "--cuts", "1"];
  await sy({}, "load", "--target", targets, ...length, "--html", path, "--report", json);
  return { path, faults: JSON.parse(await readFile(json, "utf8")).faults.length };
}

/** In the page, which has no types here: of each canvas, whether something is drawn, and how many of its columns are a fault's. */
const lookAtCanvases = `(() => {
  const probe = document.createElement("canvas").getContext("2d");
  probe.fillStyle = getComputedStyle(document.documentElement).getPropertyValue("--fault").trim();
  probe.fillRect(0, 0, 1, 1);
  const fault = probe.getImageData(0, 0, 1, 1).data.join();
  return [...document.querySelectorAll("canvas")].map((canvas) => {
    const { width, height } = canvas;
    const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
    const middle = 4 * width * Math.floor(height / 2);
    const columns = Array.from({ length: width }, (_, x) => data.slice(middle + 4 * x, middle + 4 * x + 4).join());
    const isDrawn = data.some((value, index) => index % 4 === 3 && value > 0);
    return { isDrawn, faults: columns.filter((colour) => colour === fault).length };
  });
})()`;

function canvasesOf(page: Page): Promise<readonly { readonly isDrawn: boolean; readonly faults: number }[]> {
  return page.evaluate(lookAtCanvases);
}

describe("the page of a load test", () => {
  const chromium = findChromium();
  if ("missing" in chromium) return test("is opened", ({ skip }) => skip(chromium.missing));

  testWithBrowsers("draws every plot, marks the faults, loads nothing, and fits a phone", async ({ browsers }) => {
    const { path, faults } = await pageOfARun();
    expect(faults).toBeGreaterThan(0);
    expect((await stat(path)).size).toBeLessThan(MEGABYTE);
    const browser = await browsers.shared("given");
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, colorScheme: "light" });
    onTestFinished(() => page.close());
    const [requests, errors]: [string[], string[]] = [[], []];
    page.on("request", (request) => requests.push(request.url()));
    page.on("pageerror", (error) => errors.push(error.message));
    page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
    const url = pathToFileURL(path).href;
    await page.goto(url);
    const figures = await page.locator("figure[data-plot]").count();
    expect(figures).toBeGreaterThanOrEqual(9);
    const canvases = await canvasesOf(page);
    expect(canvases).toHaveLength(figures);
    expect(canvases.filter(({ isDrawn }) => !isDrawn)).toEqual([]);
    const isMarked = canvases.filter((canvas) => canvas.faults > 0).length;
    expect(isMarked, JSON.stringify(canvases)).toBe(figures);
    expect(await page.locator("#faults tbody tr").count()).toBe(faults);

    const light = await backgroundOf(page);
    await page.emulateMedia({ colorScheme: "dark" });
    expect(await backgroundOf(page)).not.toBe(light);
    await page.setViewportSize({ width: PHONE_WIDTH, height: 800 });
    await expect.poll(() => page.evaluate("document.documentElement.scrollWidth")).toBe(PHONE_WIDTH);
    await expect.poll(async () => (await canvasesOf(page)).every(({ isDrawn }) => isDrawn)).toBe(true);
    expect([requests, errors]).toEqual([[url], []]);
  });
});

function backgroundOf(page: Page): Promise<string> {
  return page.evaluate("getComputedStyle(document.body).backgroundColor");
}
