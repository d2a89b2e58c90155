import { expect, test, vi } from "vitest";
import {
  createMediaKeeper,
  isDark,
  isSilent,
  noOwnMedia,
  type OwnMedia,
  reduceOwnMedia,
  sentMedia,
} from "../src/shared/media/own-media.ts";

function streamOf(...kinds: ("audio" | "video")[]) {
  const tracks = kinds.map((kind) => ({ kind, enabled: true, stop: vi.fn() }));
  const ofKind = (wanted: string) => tracks.filter(({ kind }) => kind === wanted);
  const stream = {
    getTracks: () => tracks,
    getAudioTracks: () => ofKind("audio"),
    getVideoTracks: () => ofKind("video"),
  };
  return { stream: stream as unknown as MediaStream, tracks };
}

function withCamera(stream: MediaStream): OwnMedia {
  return reduceOwnMedia(noOwnMedia, { type: "camera-answered", camera: { state: "on", stream, problem: null } });
}

test("a shared screen is sent in the camera's place, with the same sound", () => {
  const camera = streamOf("audio", "video");
  const screen = streamOf("video");
  const own = withCamera(camera.stream);
  expect(sentMedia(own)).toEqual({ audio: camera.tracks[0], video: camera.tracks[1] });
  const sharing = reduceOwnMedia(own, { type: "screen-changed", screen: screen.stream });
  expect(sentMedia(sharing)).toEqual({ audio: camera.tracks[0], video: screen.tracks[0] });
});

test("muted and dark tracks are off, and on again; devices no longer used are given back", () => {
  const { stream, tracks } = streamOf("audio", "video");
  const keep = createMediaKeeper();
  let own = withCamera(stream);
  own = reduceOwnMedia(own, { type: "audio-muted", isAudioMuted: true });
  keep(reduceOwnMedia(own, { type: "video-off", isVideoOff: true }));
  expect(tracks.map(({ enabled }) => enabled)).toEqual([false, false]);
  keep(reduceOwnMedia(own, { type: "audio-muted", isAudioMuted: false }));
  expect(tracks.map(({ enabled }) => enabled)).toEqual([true, true]);
  keep(noOwnMedia);
  expect(tracks.every(({ stop }) => stop.mock.calls.length === 1)).toBe(true);
});

test("a screen that is shared no more is given back, the camera is not", () => {
  const camera = streamOf("audio", "video");
  const screen = streamOf("video");
  const keep = createMediaKeeper();
  const own = withCamera(camera.stream);
  keep(reduceOwnMedia(own, { type: "screen-changed", screen: screen.stream }));
  keep(own);
  expect(screen.tracks[0]?.stop).toHaveBeenCalledOnce();
  expect(camera.tracks[0]?.stop).not.toHaveBeenCalled();
});

test("whoever has no microphone is silent, and whoever has no camera dark", () => {
  expect([isSilent(noOwnMedia), isDark(noOwnMedia)]).toEqual([true, true]);
  const own = withCamera(streamOf("audio").stream);
  expect([isSilent(own), isDark(own)]).toEqual([false, true]);
  expect(isSilent(reduceOwnMedia(own, { type: "audio-muted", isAudioMuted: true }))).toBe(true);
});
