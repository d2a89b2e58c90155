import type { Connection } from "./connection/connection.ts";
import { type Link, type LinkEvent, noLink, reduceLink } from "./connection/link.ts";
import { noOwnMedia, type OwnMedia, type OwnMediaEvent, reduceOwnMedia } from "./media/own-media.ts";

/** The state of a person's visit in every dialect with calls. */
export interface Visit {
  link: Link;
  own: OwnMedia;
  /** The last error or change, for the person to read. */
  notice: string | null;
}

export type VisitEvent = LinkEvent | OwnMediaEvent | { type: "noticed"; notice: string | null };

export const newVisit: Visit = { link: noLink, own: noOwnMedia, notice: null };

const types: ReadonlySet<string> = new Set<VisitEvent["type"]>([
  "connected",
  "dropped",
  "transport",
  "located",
  "camera-answered",
  "audio-muted",
  "video-off",
  "screen-changed",
  "noticed",
]);

export function isVisitEvent(event: { type: string }): event is VisitEvent {
  return types.has(event.type);
}

export function reduceVisit<State extends Visit>(state: State, event: VisitEvent): State {
  switch (event.type) {
    case "connected":
    case "dropped":
    case "transport":
    case "located":
      return { ...state, link: reduceLink(state.link, event) };
    case "noticed":
      return { ...state, notice: event.notice };
    default:
      return { ...state, own: reduceOwnMedia(state.own, event) };
  }
}

/** A person's actions on every page with calls. */
export interface VisitActions {
  mute(isAudioMuted: boolean): void;
  darken(isVideoOff: boolean): void;
  dismissNotice(): void;
  cut(): void;
}

export function visitActions(dispatch: (event: VisitEvent) => void, connection: Connection): VisitActions {
  return {
    mute: (isAudioMuted) => dispatch({ type: "audio-muted", isAudioMuted }),
    darken: (isVideoOff) => dispatch({ type: "video-off", isVideoOff }),
    dismissNotice: () => dispatch({ type: "noticed", notice: null }),
    cut: () => connection.cut(),
  };
}
