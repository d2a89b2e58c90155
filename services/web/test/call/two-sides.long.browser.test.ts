import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { afterAll, describe, expect, test } from "vitest";
import { testWithBrowsers } from "../browser/browsers.ts";
import { bundled } from "../browser/bundled.ts";
import { findChromium } from "../browser/chromium.ts";

const STORY = "two sides of the client's call in one page";
/** Devices are for secure pages only. */
const PAGE = "https://switchyard.test/";
const source = fileURLToPath(new URL("../browser/in-page/two-sides.ts", import.meta.url));
const chromium = findChromium();

type InPage = typeof import("../browser/in-page/two-sides.ts");
declare const sides: InPage;

if ("path" in chromium) describe(STORY, describeCalls);
else test(STORY, ({ skip }) => skip(chromium.missing));

function describeCalls(): void {
  let page: Page;

  testWithBrowsers.beforeAll(async ({ browsers }) => {
    page = await (await browsers.shared("given")).newPage();
    await page.route(PAGE, (route) => route.fulfill({ contentType: "text/html", body: "<!doctype html>" }));
    await page.goto(PAGE);
    await page.addScriptTag({ content: await bundled(source, "sides") });
  });

  afterAll(() => page?.close());

  test("both offer at once, fifty times: always one call, with a picture both ways", async () => {
    const outcomes = await page.evaluate(async () => {
      const [wide, square] = [sides.draw("wide"), sides.draw("square")];
      const outcomes: string[] = [];
      for (let round = 0; round < 50; round += 1) {
        const pictures = [wide.clone(), square.clone()] as const;
        const { calls, offers, answers, close } = sides.openSides({
          offering: [true, true],
          pictures,
          delayMs: round % 7,
        });
        await Promise.all([sides.sees(calls[0], "square"), sides.sees(calls[1], "wide")]);
        outcomes.push(JSON.stringify([offers, answers]));
        close();
      }
      return outcomes;
    });
    expect(new Set(outcomes)).toEqual(new Set(["[[1,1],[1,0]]"])); // the polite one gives way, and nobody offers again
    expect(outcomes).toHaveLength(50);
  });

  test("a kind that begins or ends to be sent is seen to do so; another track needs no offer", async () => {
    const seen = await page.evaluate(async () => {
      const { calls, offers, close } = sides.openSides({ offering: [true, false], pictures: [null, sides.draw()] });
      const [one, two] = calls;
      await sides.sees(one, "wide");
      const before = two.state.get().remote;
      one.local.replace("video", sides.draw("wide"));
      await sides.sees(two, "wide");
      const offersBefore = offers.join();
      one.local.replace("video", sides.draw("square"));
      await sides.sees(two, "square");
      const offersAfter = offers.join();
      one.local.replace("video", null);
      await sides.until(() => two.state.get().remote === null);
      close();
      return { before, needsNone: offersBefore === offersAfter };
    });
    expect(seen).toEqual({ before: null, needsNone: true });
  });

  test("a side that begins anew, as after a reload, is let in again, whoever offered at first", async () => {
    const statuses = await page.evaluate(async () => {
      const given = { offering: [false, true], pictures: [sides.draw(), sides.draw("square")] } as const;
      const { calls, reload, close } = sides.openSides(given);
      await Promise.all([sides.sees(calls[0], "square"), sides.sees(calls[1], "wide")]);
      for (const side of [0, 1, 0] as const) {
        reload(side);
        await Promise.all([sides.sees(calls[0], "square"), sides.sees(calls[1], "wide")]);
      }
      const connected = calls.map(({ state }) => state.get().status);
      close();
      close();
      return [...connected, ...calls.map(({ state }) => state.get().status)];
    });
    expect(statuses).toEqual(["connected", "connected", "closed", "closed"]);
  });

  test("it is measured while somebody follows, and not otherwise", async () => {
    const measured = await page.evaluate(async () => {
      const { calls, close } = sides.openSides({ offering: [true, false], pictures: [sides.draw(), sides.draw()] });
      await Promise.all(calls.map((call) => sides.sees(call, "wide")));
      const { stats } = calls[0];
      const before = stats.get();
      const end = stats.subscribe(() => {});
      await sides.until(() => (stats.get().bitrateIn ?? 0) > 0 && (stats.get().bitrateOut ?? 0) > 0);
      const { relayed, roundTripMs, lossIn } = stats.get();
      end();
      close();
      return { before: Object.values(before), relayed, hasRoundTrip: roundTripMs !== null, lossIn };
    });
    expect(measured).toEqual({ before: [null, null, null, null, null], relayed: false, hasRoundTrip: true, lossIn: 0 });
  });

  test("a camera that goes away is replaced, else shown as off on both sides, and comes back when it is there", async () => {
    const seen = await page.evaluate(async () => {
      const { calls, close } = sides.openSides({ offering: [true, false], pictures: [null, null] });
      const [{ local }, other] = calls;
      await local.open({ audio: false });
      const film = () => local.get().tracks.video;
      const unplug = () => film()?.dispatchEvent(new Event("ended"));
      await sides.until(() => other.state.get().remote !== null);
      const first = film();
      unplug();
      await sides.until(() => film() !== null && film() !== first);
      const { mediaDevices } = navigator;
      const getUserMedia = mediaDevices.getUserMedia.bind(mediaDevices);
      mediaDevices.getUserMedia = () => Promise.reject(new DOMException("", "NotFoundError"));
      unplug();
      await sides.until(() => other.state.get().remote === null);
      const off = { lost: local.get().lost, track: film() };
      mediaDevices.getUserMedia = getUserMedia;
      mediaDevices.dispatchEvent(new Event("devicechange"));
      await sides.until(() => other.state.get().remote !== null && local.get().lost.length === 0);

      const enumerate = mediaDevices.enumerateDevices.bind(mediaDevices);
      mediaDevices.enumerateDevices = async () => [];
      const third = film();
      mediaDevices.dispatchEvent(new Event("devicechange"));
      await sides.until(() => film() !== null && film() !== third);
      mediaDevices.enumerateDevices = enumerate;
      close();
      local.close();
      return { off, states: [first?.readyState, third?.readyState] };
    });
    expect(seen).toEqual({ off: { lost: ["video"], track: null }, states: ["ended", "ended"] });
  });
}
