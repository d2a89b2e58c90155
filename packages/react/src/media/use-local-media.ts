import { LocalMedia, type LocalMediaState, noLocalMedia } from "@switchyard/client/call";
import { useEffect, useState, useSyncExternalStore } from "react";

export interface LocalMediaOptions {
  /** Default: true. */
  audio?: boolean | undefined;
  video?: boolean | undefined;
  /** Whether the devices are wanted now. Default: true. */
  enabled?: boolean | undefined;
}

export interface UsedLocalMedia extends LocalMediaState {
  /** For calls, and for all that can be done with it: mute, another device, the screen. */
  readonly local: LocalMedia;
}

/** The own camera and microphone, which are given back when the component goes. */
export function useLocalMedia({ audio = true, video = true, enabled = true }: LocalMediaOptions = {}): UsedLocalMedia {
  const [local] = useState(() => new LocalMedia());
  const state = useSyncExternalStore(local.subscribe, local.get, () => noLocalMedia);
  useEffect(() => {
    if (!enabled) return;
    void local.open({ audio, video });
    return () => local.close();
  }, [local, audio, video, enabled]);
  return { ...state, local };
}
