export type Kind = "audio" | "video";

/** What is sent in a call: at most one track of each kind. */
export type Media = Readonly<Record<Kind, MediaStreamTrack | null>>;

export const kinds: readonly Kind[] = ["audio", "video"];

export function mediaOf(stream: MediaStream | null): Media {
  return { audio: stream?.getAudioTracks()[0] ?? null, video: stream?.getVideoTracks()[0] ?? null };
}
