import { afterEach, expect, test, vi } from "vitest";
import { LocalMedia } from "../src/call/index.ts";

afterEach(() => vi.unstubAllGlobals());

interface FakeTrack extends EventTarget {
  kind: string;
  enabled: boolean;
  stop: () => void;
}

class FakeStream {
  readonly #tracks: readonly FakeTrack[];
  constructor(tracks: readonly FakeTrack[]) {
    this.#tracks = tracks;
  }
  getTracks = () => [...this.#tracks];
  getVideoTracks = () => this.#tracks.filter(({ kind }) => kind === "video");
}

const trackOf = (kind: string): FakeTrack => Object.assign(new EventTarget(), { kind, enabled: true, stop: vi.fn() });

/** A browser with these devices, and with what it remembers that it is allowed. */
function browserWith(has: readonly string[], refusal = "NotFoundError", allowed: readonly string[] = []) {
  const getUserMedia = vi.fn(async ({ audio, video }: MediaStreamConstraints) => {
    const wanted = [audio && "audio", video && "video"].filter((kind) => typeof kind === "string");
    if (!wanted.every((kind) => has.includes(kind))) throw new DOMException("no", refusal);
    return new FakeStream(wanted.map(trackOf));
  });
  const screen = new FakeStream([trackOf("video")]);
  const mediaDevices = Object.assign(new EventTarget(), { getUserMedia, getDisplayMedia: async () => screen });
  const query = async ({ name }: { name: string }) => ({ state: allowed.includes(name) ? "granted" : "prompt" });
  vi.stubGlobal("MediaStream", FakeStream);
  vi.stubGlobal("navigator", { mediaDevices, permissions: { query } });
  return { getUserMedia, screen: screen.getTracks()[0] };
}

async function opened(has: readonly string[], refusal?: string, allowed?: readonly string[]) {
  const browser = browserWith(has, refusal, allowed);
  const local = new LocalMedia();
  expect(await local.open()).toBe(true);
  const { status, problem, stream } = local.get();
  return { ...browser, local, outcome: [status, problem, stream?.getTracks().map(({ kind }) => kind)] };
}

test("both are given; where one is missing, the other one is", async () => {
  expect((await opened(["audio", "video"])).outcome).toEqual(["on", null, ["audio", "video"]]);
  expect((await opened(["audio"])).outcome).toEqual(["on", "no_video", ["audio"]]);
  expect((await opened(["video"], "NotReadableError")).outcome).toEqual(["on", "no_audio", ["video"]]);
});

test("a person who said no is not asked again, but for what was allowed before", async () => {
  const refused = await opened(["audio"], "NotAllowedError");
  expect(refused.outcome).toEqual(["unavailable", "refused", undefined]);
  expect(refused.getUserMedia).toHaveBeenCalledTimes(1);
  const allowed = await opened(["audio"], "NotAllowedError", ["microphone"]);
  expect(allowed.outcome).toEqual(["on", "no_video", ["audio"]]);
});

test.for([
  ["NotFoundError", "missing"],
  ["NotReadableError", "in_use"],
  ["OverconstrainedError", "failed"],
] as const)("%s is told as `%s`", async ([refusal, problem]) => {
  expect((await opened([], refusal)).outcome).toEqual(["unavailable", problem, undefined]);
});

test("a page without https has no devices", async () => {
  vi.stubGlobal("navigator", {});
  const local = new LocalMedia();
  await local.open();
  expect(local.get()).toMatchObject({ status: "unavailable", problem: "insecure" });
});

test("a shared screen is sent in the camera's place, and given back; the camera goes on", async () => {
  const { local, screen } = await opened(["audio", "video"]);
  const { audio, video } = local.get().tracks;
  expect(await local.shareScreen()).toBe(true);
  expect(local.get().tracks).toEqual({ audio, video: screen });
  screen?.dispatchEvent(new Event("ended")); // by the browser's own button
  expect(local.get()).toMatchObject({ screen: null, tracks: { audio, video } });
  expect(screen?.stop).toHaveBeenCalledOnce();
  expect(video?.stop).not.toHaveBeenCalled();
});

test("muted and dark tracks are off, and on again; a closed one gives all devices back and forgets that it was muted", async () => {
  const { local } = await opened(["audio", "video"]);
  const tracks = local.get().stream?.getTracks() ?? [];
  const enabled = () => tracks.map((track) => track.enabled);
  local.mute("audio", true);
  local.mute("video", true);
  expect(enabled()).toEqual([false, false]);
  local.mute("audio", false);
  expect(enabled()).toEqual([true, false]);
  local.close();
  local.close();
  expect(local.get()).toMatchObject({ status: "off", isVideoOff: false });
  for (const track of tracks) expect(track.stop).toHaveBeenCalledOnce();
});

test("devices that come when nobody wants them any more are given back", async () => {
  browserWith(["audio", "video"]);
  const local = new LocalMedia();
  const first = local.open();
  const second = local.open();
  expect(await Promise.all([first, second])).toEqual([false, true]);
  expect(local.get().status).toBe("on");
});
