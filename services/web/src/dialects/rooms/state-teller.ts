import type { Ack } from "@switchyard/client-types";
import { deliver } from "../../shared/connection/deliver.ts";
import { isDark, isSilent } from "../../shared/media/own-media.ts";
import type { RoomsSocket } from "./signals.ts";
import type { RoomsState } from "./state.ts";

interface Told {
  isAudioMuted: boolean;
  isVideoOff: boolean;
  isScreenSharing: boolean;
}

/** What the server takes a newcomer for. */
const newcomer: Told = { isAudioMuted: false, isVideoOff: false, isScreenSharing: false };

/** Tells the others whether the person is muted, without a picture or sharing a screen, whenever it changes. */
export class StateTeller {
  readonly #socket: RoomsSocket;
  #participantId: string | null = null;
  #told = newcomer;

  constructor(socket: RoomsSocket) {
    this.#socket = socket;
  }

  /** To be called after every change. */
  follow({ meeting, own }: RoomsState): void {
    const participantId = meeting?.participantId ?? null;
    if (participantId !== this.#participantId) this.#told = newcomer;
    this.#participantId = participantId;
    if (!meeting || participantId === null) return;
    const { roomId } = meeting.place;
    const before = this.#told;
    const now = { isAudioMuted: isSilent(own), isVideoOff: isDark(own), isScreenSharing: own.screen !== null };
    this.#told = now;
    const { isAudioMuted, isVideoOff, isScreenSharing } = now;
    if (before.isAudioMuted !== isAudioMuted) {
      this.#tell(() => this.#socket.emitWithAck("toggle-audio", { roomId, isAudioMuted }));
    }
    if (before.isVideoOff !== isVideoOff) {
      this.#tell(() => this.#socket.emitWithAck("toggle-video", { roomId, isVideoOff }));
    }
    if (before.isScreenSharing !== isScreenSharing) {
      const event = isScreenSharing ? "start-screen-share" : "stop-screen-share";
      this.#tell(() => this.#socket.emitWithAck(event, { roomId }));
    }
  }

  #tell(emit: () => Promise<Ack>): void {
    const participantId = this.#participantId;
    void deliver(emit, () => this.#participantId === participantId);
  }
}
