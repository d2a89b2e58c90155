import { type CallOptions, type CallState, createMesh, type Signal, signalsWith } from "@switchyard/client/call";
import type { OpenCall } from "../src/shared/call/call-keeper.ts";
import type { OpenMesh } from "../src/shared/call/mesh-keeper.ts";
import { createStore } from "../src/shared/store.ts";

const connecting: CallState = { status: "connecting", remote: null, error: null };
const change = (state: CallState, event: Partial<CallState>): CallState => ({ ...state, ...event });

/** A call that connects to nobody, and notes what it is told. */
class RecordedCall {
  readonly options: CallOptions;
  readonly state = createStore(change, connecting);
  readonly received: Signal[] = [];
  closed = false;
  #origin: string | undefined;

  constructor(options: CallOptions) {
    this.options = options;
    options.signals.onSignal((signal) => {
      if (signal.kind !== "candidate") this.#origin = signal.description.sdp;
      this.received.push(signal);
    });
  }

  /** Sends a signal as the browser would, and shows a refusal. */
  async sends(signal: Signal): Promise<void> {
    await this.options.signals.send(signal).catch((error) => this.state.dispatch({ error }));
  }

  isStrange({ sdp }: RTCSessionDescriptionInit): boolean {
    return this.#origin !== undefined && this.#origin !== sdp;
  }

  limit(): void {}

  close(): void {
    this.closed = true;
    this.options.signals.close();
  }
}

export interface RecordedCalls {
  readonly opened: RecordedCall[];
  readonly openCall: OpenCall;
  readonly openMesh: OpenMesh;
  /** The one that was opened last. */
  latest(): RecordedCall;
}

export function recordCalls(): RecordedCalls {
  const opened: RecordedCall[] = [];
  const open = (options: CallOptions) => {
    const call = new RecordedCall(options);
    opened.push(call);
    return call;
  };
  return {
    opened,
    openCall: (connection, options) =>
      open({ ...options, signals: options.signals ?? signalsWith(connection, options, options.offer) }),
    openMesh: (connection, options) => createMesh(connection, { ...options, openCall: open }),
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
