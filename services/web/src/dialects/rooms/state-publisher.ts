import type { Ack } from "@switchyard/client-types";
import { deliver } from "../../shared/connection/deliver.ts";
import { isDark, isSilent } from "../../shared/media/own-media.ts";
import type { RoomsSocket } from "./signals.ts";
import type { RoomsState } from "./state.ts";

interface PublishedState {
  isAudioMuted: boolean;
  isVideoOff: boolean;
  isScreenSharing: boolean;
}

/** The state that the server assumes of a newcomer. */
const newcomer: PublishedState = { isAudioMuted: false, isVideoOff: false, isScreenSharing: false };

/** Tells the others whether the person is muted, without a picture or sharing a screen, whenever it changes. */
export class StatePublisher {
  readonly #socket: RoomsSocket;
  #participantId: string | null = null;
  #published = newcomer;

  constructor(socket: RoomsSocket) {
    this.#socket = socket;
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
      this.#publish(() => this.#socket.emitWithAck("toggle-audio", { roomId, isAudioMuted }));
    }
    if (before.isVideoOff !== isVideoOff) {
      this.#publish(() => this.#socket.emitWithAck("toggle-video", { roomId, isVideoOff }));
    }
    if (before.isScreenSharing !== isScreenSharing) {
      const event = isScreenSharing ? "start-screen-share" : "stop-screen-share";
      this.#publish(() => this.#socket.emitWithAck(event, { roomId }));
    }
  }

  #publish(emit: () => Promise<Ack>): void {
    const participantId = this.#participantId;
    void deliver(emit, () => this.#participantId === participantId);
  }
}
