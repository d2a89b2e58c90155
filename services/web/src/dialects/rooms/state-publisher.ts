import type { ContentsOf } from "@switchyard/client";
import type { ClientToServerEvents } from "@switchyard/client/rooms";
import { isDark, isSilent } from "../../shared/media/own-media.ts";
import type { RoomsConnection } from "./signals.ts";
import type { RoomsState } from "./state.ts";

interface PublishedState {
  isAudioMuted: boolean;
  isVideoOff: boolean;
  isScreenSharing: boolean;
}

type Toggles = Pick<ClientToServerEvents, "toggle-audio" | "toggle-video" | "start-screen-share" | "stop-screen-share">;

/** The state that the server assumes of a newcomer. */
const newcomer: PublishedState = { isAudioMuted: false, isVideoOff: false, isScreenSharing: false };

/** Tells the others whether the person is muted, without a picture or sharing a screen, whenever it changes. */
export class StatePublisher {
  readonly #connection: RoomsConnection;
  #participantId: string | null = null;
  #published = newcomer;

  constructor(connection: RoomsConnection) {
    this.#connection = connection;
  }

  /** To be called after every change. */
  follow({ meeting, own }: RoomsState): void {
    const participantId = meeting?.participantId ?? null;
    if (participantId !== this.#participantId) this.#published = newcomer;
    this.#participantId = participantId;
    if (!meeting || participantId === null) return;
    const { roomId } = meeting.place;
    const before = this.#published;
    const now = { isAudioMuted: isSilent(own), isVideoOff: isDark(own), isScreenSharing: own.screen !== null };
    this.#published = now;
    const { isAudioMuted, isVideoOff, isScreenSharing } = now;
    if (before.isAudioMuted !== isAudioMuted) {
      this.#publish("toggle-audio", { roomId, isAudioMuted });
    }
    if (before.isVideoOff !== isVideoOff) {
      this.#publish("toggle-video", { roomId, isVideoOff });
    }
    if (before.isScreenSharing !== isScreenSharing) {
      this.#publish(isScreenSharing ? "start-screen-share" : "stop-screen-share", { roomId });
    }
  }

  #publish<Event extends keyof Toggles>(event: Event, content: Parameters<Toggles[Event]>[0]): void {
    const participantId = this.#participantId;
    const contents = [content] as unknown as ContentsOf<Toggles[Event]>;
    void this.#connection.deliver(event, contents, () => this.#participantId === participantId);
  }
}
