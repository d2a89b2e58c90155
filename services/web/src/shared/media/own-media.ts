import type { LocalMedia, LocalMediaState, MediaProblem } from "@switchyard/client/call";

/** The person's own media in a call. */
export type OwnMedia = LocalMediaState;

export type OwnMediaEvent = { type: "own-changed"; own: OwnMedia };

export function hasPicture(stream: MediaStream | null): boolean {
  return (stream?.getVideoTracks().length ?? 0) > 0;
}

/** Whether the others hear nothing of this person, muted or without a microphone. */
export function isSilent({ stream, isAudioMuted }: OwnMedia): boolean {
  return isAudioMuted || (stream?.getAudioTracks().length ?? 0) === 0;
}

/** Whether the others see nothing of this person's camera. */
export function isDark({ stream, isVideoOff }: OwnMedia): boolean {
  return isVideoOff || !hasPicture(stream);
}

/** Shows the state of the own media, and gives the devices back when they are no longer wanted. */
export function keepMedia<State>(
  store: { get(): State; subscribe(listener: () => void): unknown; dispatch(event: OwnMediaEvent): void },
  local: LocalMedia,
  isWanted: (state: State) => boolean,
): void {
  local.subscribe(() => store.dispatch({ type: "own-changed", own: local.get() }));
  store.subscribe(() => {
    if (!isWanted(store.get())) local.close();
  });
}

const COMFORT = "You can go on without, and still see and hear the others.";

const problems: Readonly<Record<MediaProblem, string>> = {
  insecure: `This page may use the camera only over https or on localhost. ${COMFORT}`,
  refused: `The camera or microphone was not allowed. To use it, allow it in your browser's address bar and start again. ${COMFORT}`,
  missing: `No camera or microphone was found. To use one, plug it in and start again. ${COMFORT}`,
  in_use: `The camera or microphone is in use by another program. To use it here, close that one and start again. ${COMFORT}`,
  failed: `The camera or microphone could not be started. ${COMFORT}`,
  no_video: "The others hear you, but do not see you. To be seen, allow or connect a camera and start again.",
  no_audio: "The others see you, but do not hear you. To be heard, allow or connect a microphone and start again.",
};

/** The reason why a device could not be had, as a sentence for a person; null: there is none. */
export function problemText({ problem }: OwnMedia): string | null {
  return problem && problems[problem];
}
