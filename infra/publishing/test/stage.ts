import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CleanUp, skipCaller, startCluster, type TestCluster } from "@switchyard/testkit";
import axe from "axe-core";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { testWithBrowsers } from "../../../services/web/test/browser/browsers.ts";
import { findChromium } from "../../../services/web/test/browser/chromium.ts";
import { isRegistryReachable, Project } from "../src/project.ts";
import { type Published, packAll, root, type Tarball } from "../src/tarballs.ts";

const STORY_MS = 600_000;

/** With these a machine that stands still for a while ends no connection, no session and no node. */
const patient = { RECONNECT_GRACE_MS: 120_000, LEASE_MS: 60_000, PING_TIMEOUT_MS: 120_000 };

/** The packages as others get them, packed once for all examples of a worker. */
const testWithTarballs = testWithBrowsers.extend(
  "tarballs",
  { scope: "worker" },
  // biome-ignore lint/correctness/noEmptyPattern: it needs no other fixture
  async ({}, { onCleanup }) => {
    const directory = await mkdtemp(join(tmpdir(), "switchyard-tarballs-"));
    onCleanup(() => rm(directory, { recursive: true }));
    return packAll(directory);
  },
);

/** An example that was copied, two nodes, and people with a window each. */
export interface Stage {
  readonly project: Project;
  readonly cluster: TestCluster;
  readonly tarballs: Record<Published, Tarball>;
  readonly cleanUp: CleanUp;
  /** A window that shares nothing with others. */
  open(url: string): Promise<Page>;
}

/**
 * Tests of an example in a real browser; skipped, with the reason, where there is none, or no npm registry.
 * @param prepare installs and builds it
 */
export function describeExample(
  folder: string,
  prepare: (stage: Stage) => Promise<void>,
  tell: (stage: () => Stage) => void,
): void {
  const chromium = findChromium();
  if (!("path" in chromium)) return test(folder, ({ skip }) => skip(chromium.missing));
  describe(folder, { timeout: STORY_MS }, () => {
    const cleanUp = new CleanUp();
    let stage: Stage | undefined;
    const errors: string[] = [];
    testWithTarballs.beforeAll(async ({ browsers, tarballs }) => {
      if (!(await isRegistryReachable())) await skipCaller("the npm registry can't be reached");
      const cluster = await startCluster({ environment: patient });
      cleanUp.add(cluster.stop);
      const project = await Project.copy(join(root, "examples", folder));
      cleanUp.add(project.remove);
      const browser: Browser = await browsers.shared("given");
      const open = async (url: string) => {
        const page = await browser.newPage({ reducedMotion: "reduce" });
        page.setDefaultTimeout(STORY_MS / 4);
        page.on("pageerror", (error) => errors.push(`${url}: ${error.message}`));
        cleanUp.add(() => page.close());
        await page.goto(url);
        return page;
      };
      stage = { project, cluster, tarballs, cleanUp, open };
      await prepare(stage);
    }, STORY_MS);
    afterEach(() => expect(errors.splice(0)).toEqual([]));
    afterAll(cleanUp.run);
    tell(() => {
      if (!stage) throw new Error("The example is not ready.");
      return stage;
    });
  });
}

/** Faults of a page for people who don't see it, or not well. */
export async function faultsOf(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = (await page.evaluate("axe.run({ resultTypes: ['violations'] })")) as axe.AxeResults;
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${target.join(" ")} breaks ${id}`));
}

/** Waits until somebody's video plays: it has a size, and more frames are shown than before. */
export async function seesVideo(page: Page, name: string): Promise<void> {
  const frames = (least: number) =>
    page.waitForFunction(`(() => {
      const video = document.querySelector('[data-name="${name}"] video');
      const shown = video?.videoWidth && video.getVideoPlaybackQuality().totalVideoFrames;
      return shown > ${least} && shown;
    })()`);
  const first = Number(await (await frames(0)).jsonValue());
  await frames(first + 5);
}
