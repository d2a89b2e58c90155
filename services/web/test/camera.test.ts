import { afterEach, expect, test, vi } from "vitest";
import { openCamera } from "../src/shared/media/camera.ts";

afterEach(() => vi.unstubAllGlobals());

/** What a browser gives, and of what it remembers that it is allowed. */
function browserWith(has: readonly string[], refusal: string, allowed: readonly string[] = []) {
  const getUserMedia = vi.fn(async ({ audio, video }: MediaStreamConstraints) => {
    const wanted = [audio && "microphone", video && "camera"].filter((kind) => typeof kind === "string");
    if (!wanted.every((kind) => has.includes(kind))) throw new DOMException("no", refusal);
    return wanted;
  });
  const query = async ({ name }: { name: string }) => ({ state: allowed.includes(name) ? "granted" : "prompt" });
  vi.stubGlobal("navigator", { mediaDevices: { getUserMedia }, permissions: { query } });
  return getUserMedia;
}

test("both are given", async () => {
  browserWith(["microphone", "camera"], "");
  expect(await openCamera()).toEqual({ state: "on", stream: ["microphone", "camera"], problem: null });
});

test.for([
  ["microphone", "NotFoundError", /connect a camera/],
  ["camera", "NotReadableError", /connect a microphone/],
] as const)("only a %s is there", async ([kind, refusal, advice]) => {
  browserWith([kind], refusal);
  expect(await openCamera()).toEqual({ state: "on", stream: [kind], problem: expect.stringMatching(advice) });
});

test("whoever said no is not asked again, but for what was allowed before", async () => {
  const asked = browserWith(["microphone"], "NotAllowedError");
  expect(await openCamera()).toMatchObject({ state: "unavailable", stream: null });
  expect(asked).toHaveBeenCalledTimes(1);
  browserWith(["microphone"], "NotAllowedError", ["microphone"]);
  expect(await openCamera()).toMatchObject({ state: "on", stream: ["microphone"] });
});

test.for([
  ["NotAllowedError", /address bar/],
  ["NotFoundError", /plug it in/],
  ["NotReadableError", /another program/],
  ["OverconstrainedError", /could not be started/],
] as const)("%s: what to do, and that one can go on", async ([refusal, advice]) => {
  browserWith([], refusal);
  const { problem } = await openCamera();
  expect(problem).toMatch(advice);
  expect(problem).toMatch(/You can go on without/);
});

test("a page without https says why", async () => {
  vi.stubGlobal("navigator", {});
  expect((await openCamera()).problem).toMatch(/https/);
});
