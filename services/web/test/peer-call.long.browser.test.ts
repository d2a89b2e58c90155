import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { afterAll, describe, expect, test } from "vitest";
import { testWithBrowsers } from "./browser/browsers.ts";
import { bundled } from "./browser/bundled.ts";
import { findChromium } from "./browser/chromium.ts";

const STORY = "two sides of a call in one page, with the browser's own WebRTC";
const source = fileURLToPath(new URL("../src/shared/call/peer-call.ts", import.meta.url));
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

if ("path" in chromium) describe(STORY, describeCalls);
else test(STORY, ({ skip }) => skip(chromium.missing));

function describeCalls(): void {
  let page: Page;

  testWithBrowsers.beforeAll(async ({ browsers }) => {
    page = await (await browsers.shared("given")).newPage();
    await page.addScriptTag({ content: await bundled(source, "calls") });
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
  const { PeerCall } = (globalThis as unknown as { calls: typeof import("../src/shared/call/peer-call.ts") }).calls;
  const draw = (height: number) => {
    const canvas = Object.assign(document.createElement("canvas"), { width: 160, height });
    const context = canvas.getContext("2d");
    setInterval(() => context?.fillRect(0, 0, Math.random() * 160, 9), 30);
    return canvas.captureStream(30).getVideoTracks()[0] ?? null;
  };
  const offers: [number, number] = [0, 0];
  const videos = [document.createElement("video"), document.createElement("video")] as const;
  const open = (side: 0 | 1): InstanceType<typeof PeerCall> =>
    new PeerCall({
      initiator: offering[side],
      polite: side === 0,
      media: { audio: null, video: cameras[side] ? draw(80) : null },
      kinds: ["video"],
      growing,
      iceServers: Promise.resolve([]),
      send(signal) {
        if (signal.kind === "offer") offers[side] += 1;
        setTimeout(() => sides[side === 0 ? 1 : 0].receive(signal), 5);
      },
      onChange({ remote }) {
        const video = videos[side];
        if (!remote || video.srcObject === remote) return;
        Object.assign(video, { srcObject: remote, muted: true, autoplay: true });
      },
    });
  const sides = [open(0), open(1)] as const;
  const seenBy = (side: 0 | 1): Picture => {
    const { videoWidth, videoHeight } = videos[side];
    if (videoWidth === 0) return "none";
    return videoWidth === videoHeight ? "square" : "wide";
  };
  const seen = async (side: 0 | 1, picture: Picture) => {
    while (seenBy(side) !== picture) await new Promise((resolve) => setTimeout(resolve, 20));
  };
  if (cameras[1]) await seen(0, "wide");
  if (cameras[0]) await seen(1, "wide");
  if (later) {
    sides[0].replace("video", draw(160));
    await seen(1, "square");
  }
  for (const side of sides) side.close();
  return { offers, pictures: [seenBy(0), seenBy(1)] };
}
