import { noLocalMedia } from "@switchyard/client/call";
import { expect, test } from "vitest";
import { isDark, isSilent, problemText } from "../src/shared/media/own-media.ts";

function streamOf(...kinds: ("audio" | "video")[]): MediaStream {
  const ofKind = (wanted: string) => kinds.filter((kind) => kind === wanted).map((kind) => ({ kind }));
  return { getAudioTracks: () => ofKind("audio"), getVideoTracks: () => ofKind("video") } as unknown as MediaStream;
}

test("whoever has no microphone is silent, and whoever has no camera dark", () => {
  expect([isSilent(noLocalMedia), isDark(noLocalMedia)]).toEqual([true, true]);
  const own = { ...noLocalMedia, stream: streamOf("audio") };
  expect([isSilent(own), isDark(own)]).toEqual([false, true]);
  expect(isSilent({ ...own, isAudioMuted: true })).toBe(true);
});

test.for([
  ["refused", /address bar/],
  ["missing", /plug it in/],
  ["in_use", /another program/],
  ["failed", /could not be started/],
  ["insecure", /https/],
] as const)("%s: what to do, and that one can go on", ([problem, advice]) => {
  const text = problemText({ ...noLocalMedia, problem });
  expect(text).toMatch(advice);
  expect(text).toMatch(/You can go on without/);
});

test("one of two devices that is missing is named, with what others see or hear", () => {
  expect(problemText({ ...noLocalMedia, problem: "no_video" })).toMatch(/connect a camera/);
  expect(problemText({ ...noLocalMedia, problem: "no_audio" })).toMatch(/connect a microphone/);
  expect(problemText(noLocalMedia)).toBeNull();
});
