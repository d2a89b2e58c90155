import type { CallOptions } from "../src/shared/call/peer-call.ts";
import { originOf, type Signal } from "../src/shared/call/signal.ts";
import type { Kind } from "../src/shared/media/own-media.ts";

/** A call that connects to nobody, and notes what it is told. */
class RecordedCall {
  readonly options: CallOptions;
  readonly received: Signal[] = [];
  readonly replaced: [Kind, MediaStreamTrack | null][] = [];
  closed = false;
  #origin: string | undefined;

  constructor(options: CallOptions) {
    this.options = options;
  }

  receive(signal: Signal): void {
    if (signal.kind !== "candidate") this.#origin = originOf(signal.description);
    this.received.push(signal);
  }

  isStrange(description: RTCSessionDescriptionInit): boolean {
    return this.#origin !== undefined && this.#origin !== originOf(description);
  }

  replace(kind: Kind, track: MediaStreamTrack | null): void {
    this.replaced.push([kind, track]);
  }

  close(): void {
    this.closed = true;
  }
}

export interface RecordedCalls {
  readonly opened: RecordedCall[];
  openCall(options: CallOptions): RecordedCall;
  /** The one that was opened last. */
  latest(): RecordedCall;
}

export function recordCalls(): RecordedCalls {
  const opened: RecordedCall[] = [];
  return {
    opened,
    openCall(options) {
      const call = new RecordedCall(options);
      opened.push(call);
      return call;
    },
    latest() {
      const call = opened.at(-1);
      if (!call) throw new Error("No call has been opened yet.");
      return call;
    },
  };
}

/** @param origin which connection of its maker it is of */
export function description(type: "offer" | "answer", origin: string): RTCSessionDescriptionInit & { sdp: string } {
  return { type, sdp: `v=0\r\no=- ${origin} 2 IN IP4 127.0.0.1\r\ns=-\r\n` };
}

export const offer = (origin: string): Signal => ({ kind: "offer", description: description("offer", origin) });
export const answer = (origin: string): Signal => ({ kind: "answer", description: description("answer", origin) });
export const candidate: Signal = { kind: "candidate", candidate: { candidate: "candidate:1", sdpMid: "0" } };
