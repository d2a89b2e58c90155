import { type Store, WritableStore } from "../store.ts";
import {
  getDevices,
  isGone,
  type Kind,
  type MediaProblem,
  openDevices,
  openScreen,
  problemOf,
  stopTracks,
  type Wanted,
} from "./devices.ts";

export type { Kind, MediaProblem } from "./devices.ts";

/** The tracks that calls send: at most one track of each kind. */
export type Tracks = Readonly<Record<Kind, MediaStreamTrack | null>>;

export interface LocalMediaState {
  /** `asking`: the person may be asked whether to allow it; `unavailable`: `problem` says why. */
  readonly status: "off" | "asking" | "on" | "unavailable";
  /** Camera and microphone. */
  readonly stream: MediaStream | null;
  /** The shared screen, sent in the camera's place. */
  readonly screen: MediaStream | null;
  readonly isAudioMuted: boolean;
  readonly isVideoOff: boolean;
  readonly problem: MediaProblem | null;
  /** Kinds whose device went away, and that no other device has replaced. */
  readonly lost: readonly Kind[];
  /** The tracks that calls send. */
  readonly tracks: Tracks;
}

export const noLocalMedia: LocalMediaState = {
  status: "off",
  stream: null,
  screen: null,
  isAudioMuted: false,
  isVideoOff: false,
  problem: null,
  lost: [],
  tracks: { audio: null, video: null },
};

/** The own camera, microphone and screen, for any number of calls. Opened, closed and opened again as often as one likes. */
export class LocalMedia implements Store<LocalMediaState> {
  readonly #state = new WritableStore<LocalMediaState>(noLocalMedia);
  readonly subscribe = this.#state.subscribe;
  readonly get = this.#state.get;
  /** Those of `getUserMedia`: a device belongs to each. */
  readonly #ofDevices = new WeakSet<MediaStreamTrack>();
  #wanted: Wanted = { audio: true, video: true };
  /** An answer to a question of before the last `open` or `close` comes too late. */
  #turn = 0;

  /**
   * Asks for camera and microphone. Never rejects: `problem` says what could not be had.
   * @returns false if it was closed in the meantime
   */
  async open({ audio = true, video = true }: Partial<Wanted> = {}): Promise<boolean> {
    this.close();
    this.#wanted = { audio, video };
    const turn = this.#turn;
    this.#state.set({ status: "asking" });
    const { stream, problem } = await openDevices(this.#wanted);
    if (turn !== this.#turn) stopTracks(stream);
    else this.#show({ status: stream ? "on" : "unavailable", stream: this.#adopted(stream), problem });
    return turn === this.#turn;
  }

  /** Silence, or black, is sent until it is called with `false`; also of devices that come in the meantime. The screen stays. */
  mute(kind: Kind, isMuted: boolean): void {
    this.#show(kind === "audio" ? { isAudioMuted: isMuted } : { isVideoOff: isMuted });
  }

  /**
   * Another camera or microphone from now on.
   * @throws DOMException as `getUserMedia` does; the former device goes on then, unless the new one needed it to stop
   */
  async useDevice(kind: Kind, deviceId: string): Promise<void> {
    const turn = this.#turn;
    const wanted = this.#constraintsOf(kind);
    const constraints = { ...(typeof wanted === "object" ? wanted : {}), deviceId: { exact: deviceId } };
    const stream = await getDevices({ [kind]: constraints }).catch((error: unknown) => {
      if (problemOf(error) !== "in_use") throw error;
      this.replace(kind, null); // phones have one camera at a time
      return getDevices({ [kind]: constraints });
    });
    if (turn !== this.#turn) return stopTracks(stream);
    this.#wanted = { ...this.#wanted, [kind]: constraints };
    this.replace(kind, trackOf(this.#adopted(stream), kind));
  }

  /** Sends a track of your own instead of the device's, as of a canvas; null: nothing. The former one is stopped. */
  replace(kind: Kind, track: MediaStreamTrack | null): void {
    const { stream, lost } = this.#state.get();
    const former = trackOf(stream, kind);
    if (former === track) return;
    former?.stop();
    const others = stream?.getTracks().filter((other) => other !== former) ?? [];
    const tracks = track ? [...others, track] : others;
    this.#show({
      status: tracks.length > 0 ? "on" : this.#state.get().status,
      stream: tracks.length > 0 ? new MediaStream(tracks) : null,
      lost: track ? lost.filter((other) => other !== kind) : lost,
    });
  }

  /** @returns whether a screen is shared now */
  async shareScreen(): Promise<boolean> {
    const turn = this.#turn;
    const screen = await openScreen();
    if (turn !== this.#turn || !screen) {
      stopTracks(screen);
      return false;
    }
    stopTracks(this.#state.get().screen);
    const hasEnded = () => this.#state.get().screen === screen && this.stopScreen();
    screen.getVideoTracks()[0]?.addEventListener("ended", hasEnded); // the browser has a button of its own for it
    this.#show({ screen });
    return true;
  }

  stopScreen(): void {
    stopTracks(this.#state.get().screen);
    this.#show({ screen: null });
  }

  /** Gives all devices back. */
  close(): void {
    this.#turn += 1;
    const { stream, screen, status } = this.#state.get();
    if (status !== "off") navigator.mediaDevices?.removeEventListener("devicechange", this.#onDevices);
    stopTracks(stream);
    stopTracks(screen);
    this.#state.set(noLocalMedia);
  }

  #constraintsOf(kind: Kind): boolean | MediaTrackConstraints {
    return this.#wanted[kind] || true;
  }

  #show(change: Partial<LocalMediaState>): void {
    const { stream, screen, isAudioMuted, isVideoOff } = { ...this.#state.get(), ...change };
    const [audio, camera] = [trackOf(stream, "audio"), trackOf(stream, "video")];
    if (audio) audio.enabled = !isAudioMuted;
    if (camera) camera.enabled = !isVideoOff;
    const video = screen ? trackOf(screen, "video") : camera;
    const former = this.#state.get().tracks;
    const isSame = former.audio === audio && former.video === video;
    this.#state.set({ ...change, tracks: isSame ? former : { audio, video } });
  }

  #adopted(stream: MediaStream | null): MediaStream | null {
    for (const track of stream?.getTracks() ?? []) {
      this.#ofDevices.add(track);
      track.addEventListener("ended", () => void this.#lose(track), { once: true });
    }
    navigator.mediaDevices?.addEventListener("devicechange", this.#onDevices);
    return stream;
  }

  readonly #onDevices = async (): Promise<void> => {
    const { stream, lost } = this.#state.get();
    for (const track of stream?.getTracks() ?? []) {
      if (this.#ofDevices.has(track) && (await isGone(track))) await this.#lose(track);
    }
    for (const kind of lost) await this.#regain(kind);
  };

  /** The device went away: nothing is sent, and another one is looked for. */
  async #lose(track: MediaStreamTrack): Promise<void> {
    const { stream, lost } = this.#state.get();
    if (!stream?.getTracks().includes(track)) return;
    const kind = kindOf(track);
    this.#state.set({ lost: [...lost, kind] });
    this.replace(kind, null);
    await this.#regain(kind);
  }

  async #regain(kind: Kind): Promise<void> {
    const turn = this.#turn;
    const wanted = this.#constraintsOf(kind);
    const stream =
      (await getDevices({ [kind]: wanted }).catch(() => null)) ??
      (await getDevices({ [kind]: true }).catch(() => null));
    const isLost = turn === this.#turn && this.#state.get().lost.includes(kind);
    if (isLost && stream) this.replace(kind, trackOf(this.#adopted(stream), kind));
    else stopTracks(stream);
  }
}

export function kindOf({ kind }: MediaStreamTrack): Kind {
  return kind === "audio" ? "audio" : "video";
}

function trackOf(stream: MediaStream | null, kind: Kind): MediaStreamTrack | null {
  return stream?.getTracks().find((track) => track.kind === kind) ?? null;
}
