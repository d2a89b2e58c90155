import { type Camera, cameraOff, closeCamera, closeStream } from "./camera.ts";

export type Kind = "audio" | "video";

/** The media sent in a call: at most one track of each kind. */
export type Media = Readonly<Record<Kind, MediaStreamTrack | null>>;

export const kinds: readonly Kind[] = ["audio", "video"];

export function mediaOf(stream: MediaStream | null): Media {
  return { audio: stream?.getAudioTracks()[0] ?? null, video: stream?.getVideoTracks()[0] ?? null };
}

/** The person's own media in a call. */
export interface OwnMedia {
  camera: Camera;
  isAudioMuted: boolean;
  isVideoOff: boolean;
  /** The shared screen, sent in the camera's place. */
  screen: MediaStream | null;
}

export type OwnMediaEvent =
  | { type: "camera-answered"; camera: Camera }
  | { type: "audio-muted"; isAudioMuted: boolean }
  | { type: "video-off"; isVideoOff: boolean }
  | { type: "screen-changed"; screen: MediaStream | null };

export const noOwnMedia: OwnMedia = { camera: cameraOff, isAudioMuted: false, isVideoOff: false, screen: null };

export function reduceOwnMedia(own: OwnMedia, event: OwnMediaEvent): OwnMedia {
  switch (event.type) {
    case "camera-answered":
      return { ...own, camera: event.camera };
    case "audio-muted":
      return { ...own, isAudioMuted: event.isAudioMuted };
    case "video-off":
      return { ...own, isVideoOff: event.isVideoOff };
    case "screen-changed":
      return { ...own, screen: event.screen };
  }
}

export function sentMedia({ camera, screen }: OwnMedia): Media {
  const media = mediaOf(camera.stream);
  return screen ? { ...media, video: mediaOf(screen).video } : media;
}

/** Whether the others hear nothing of this person, muted or without a microphone. */
export function isSilent({ camera, isAudioMuted }: OwnMedia): boolean {
  return isAudioMuted || mediaOf(camera.stream).audio === null;
}

/** Whether the others see nothing of this person's camera. */
export function isDark({ camera, isVideoOff }: OwnMedia): boolean {
  return isVideoOff || mediaOf(camera.stream).video === null;
}

/** Silences and darkens what is to be so, and gives devices back that are no longer used. To be called after every change. */
export function createMediaKeeper(): (own: OwnMedia) => void {
  let kept = noOwnMedia;
  return (own) => {
    if (own === kept) return;
    const { camera, screen } = kept;
    kept = own;
    if (camera.stream !== own.camera.stream) closeCamera(camera);
    if (screen !== own.screen) closeStream(screen);
    const { audio, video } = mediaOf(own.camera.stream);
    if (audio) audio.enabled = !own.isAudioMuted;
    if (video) video.enabled = !own.isVideoOff;
  };
}
