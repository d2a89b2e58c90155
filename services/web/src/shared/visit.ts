import { type LocalMedia, noLocalMedia } from "@switchyard/client/call";
import { type Link, type LinkEvent, noLink, reduceLink } from "./connection/link.ts";
import type { OwnMedia, OwnMediaEvent } from "./media/own-media.ts";

/** The state of a person's visit in every dialect with calls. */
export interface Visit {
  link: Link;
  own: OwnMedia;
  /** The last error or change, for the person to read. */
  notice: string | null;
}

export type VisitEvent = LinkEvent | OwnMediaEvent | { type: "noticed"; notice: string | null };

export const newVisit: Visit = { link: noLink, own: noLocalMedia, notice: null };

const types: ReadonlySet<string> = new Set<VisitEvent["type"]>([
  "connected",
  "dropped",
  "transport",
  "located",
  "own-changed",
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
    case "own-changed":
      return { ...state, own: event.own };
  }
}

/** A person's actions on every page with calls. */
export interface VisitActions {
  mute(isAudioMuted: boolean): void;
  darken(isVideoOff: boolean): void;
  dismissNotice(): void;
  cut(): void;
}

export function visitActions(
  dispatch: (event: VisitEvent) => void,
  connection: { cut(): void },
  local: LocalMedia,
): VisitActions {
  return {
    mute: (isAudioMuted) => local.mute("audio", isAudioMuted),
    darken: (isVideoOff) => local.mute("video", isVideoOff),
    dismissNotice: () => dispatch({ type: "noticed", notice: null }),
    cut: () => connection.cut(),
  };
}
