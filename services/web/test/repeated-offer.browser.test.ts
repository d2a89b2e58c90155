import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { afterAll, describe, expect, test } from "vitest";
import { testWithBrowsers } from "./browser/browsers.ts";
import { bundled } from "./browser/bundled.ts";
import { findChromium } from "./browser/chromium.ts";

const STORY = "an offer that comes again, as after a reconnect";
const source = fileURLToPath(new URL("../src/shared/call/peer-call.ts", import.meta.url));
const chromium = findChromium();

if ("path" in chromium) describe(STORY, describeRepetition);
else test(STORY, ({ skip }) => skip(chromium.missing));

function describeRepetition(): void {
  let page: Page;

  testWithBrowsers.beforeAll(async ({ browsers }) => {
    page = await (await browsers.shared("given")).newPage();
    await page.addScriptTag({ content: await bundled(source, "calls") });
  });

  afterAll(() => page?.close());

  test("is answered once, and the call is connected", async () => {
    expect(await page.evaluate(countAnswers)).toBe(1);
  });
}

/** Runs in the page: each offer is handed over twice. The connection is there last of all, so that a second answer would be counted. */
async function countAnswers(): Promise<number> {
  const { PeerCall } = (globalThis as unknown as { calls: typeof import("../src/shared/call/peer-call.ts") }).calls;
  let answers = 0;
  const connected: Promise<void>[] = [];
  const open = (side: 0 | 1): InstanceType<typeof PeerCall> => {
    const { promise, resolve } = Promise.withResolvers<void>();
    connected.push(promise);
    return new PeerCall({
      initiator: side === 0,
      polite: side === 0,
      media: { audio: null, video: null },
      kinds: ["video"],
      iceServers: Promise.resolve([]),
      send(signal) {
        if (signal.kind === "answer") answers += 1;
        const other = sides[side === 0 ? 1 : 0];
        other.receive(signal);
        if (signal.kind === "offer") other.receive(signal);
      },
      onChange: ({ state }) => state === "connected" && resolve(),
    });
  };
  const sides = [open(0), open(1)] as const;
  await Promise.all(connected);
  for (const side of sides) side.close();
  return answers;
}
