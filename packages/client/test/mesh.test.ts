import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { CallOptions, CallState } from "../src/call/call-options.ts";
import type { Signal } from "../src/call/index.ts";
import { Mesh } from "../src/call/mesh.ts";
import { WritableStore } from "../src/store.ts";

/** A call that connects to nobody, and notes what it is told. */
class RecordedCall {
  readonly state = new WritableStore<CallState>({ status: "connecting", remote: null, error: null });
  readonly options: CallOptions;
  readonly received: Signal[] = [];
  share: number | undefined;

  constructor(options: CallOptions) {
    this.options = options;
    options.signals.onSignal((signal) => this.received.push(signal));
  }

  limit(share: number | undefined): void {
    this.share = share;
  }

  close(): void {
    this.state.set({ status: "closed" });
    this.options.signals.close();
  }

  get isClosed(): boolean {
    return this.state.get().status === "closed";
  }
}

const offer: Signal = { kind: "offer", description: { type: "offer", sdp: "" } };
const candidate: Signal = { kind: "candidate", candidate: { candidate: "candidate:1", sdpMid: "0" } };

let opened: RecordedCall[];
let sent: [to: string, signal: Signal][];
let hear: (from: string, signal: Signal) => void;
let mesh: Mesh;

beforeEach(() => {
  vi.useFakeTimers();
  opened = [];
  sent = [];
  mesh = new Mesh({
    ownId: "m",
    signals: {
      send: async (...signal) => sent.push(signal),
      onSignal(listener) {
        hear = listener;
        return () => {
          hear = () => {};
        };
      },
      onMissed: () => () => {},
    },
    openCall(options) {
      const call = new RecordedCall(options);
      opened.push(call);
      return call;
    },
  });
});

afterEach(() => {
  mesh.close();
  vi.useRealTimers();
});

const initiators = () => opened.map(({ options }) => options.initiator);
const open = () => opened.map(({ isClosed }) => !isClosed);
const shown = () => Object.keys(mesh.state.get().calls);

test("those who were there are offered to, and whoever comes offers; of each two exactly one gives way", () => {
  mesh.enter(["a", "m", "z"]);
  mesh.joined("n");
  mesh.joined("m");
  expect(initiators()).toEqual([true, true, false]);
  expect(opened.map(({ options }) => options.polite)).toEqual([false, true, true]);
  expect(shown()).toEqual(["a", "z", "n"]);
});

test("signals go to the call of their sender; those of somebody unknown open nothing, but for an offer", () => {
  hear("a", candidate);
  expect(opened).toHaveLength(0);
  hear("a", offer);
  hear("a", candidate);
  hear("b", candidate);
  expect(initiators()).toEqual([false]);
  expect(opened[0]?.received).toEqual([offer, candidate]);
  void opened[0]?.options.signals.send(candidate);
  expect(sent).toEqual([["a", candidate]]);
});

test("whoever comes again has a new page; an offer that is here before the word that its maker has come is kept", () => {
  hear("a", offer);
  mesh.joined("a");
  expect(open()).toEqual([true]);
  vi.advanceTimersByTime(60_000);
  mesh.joined("a");
  expect(open()).toEqual([false, true]);
  expect(shown()).toEqual(["a"]);
});

test("whoever is not there any more is left, and whoever leaves is; the others are not called again", () => {
  mesh.enter(["a", "b", "c"]);
  mesh.enter(["b", "c"]);
  mesh.left("c");
  mesh.left("c");
  expect(open()).toEqual([false, true, false]);
  expect(shown()).toEqual(["b"]);
});

test("a call that is over is shown no more, whatever becomes of it", () => {
  mesh.enter(["a"]);
  opened[0]?.state.set({ status: "connected" });
  expect(mesh.state.get().calls["a"]?.status).toBe("connected");
  mesh.close();
  mesh.close();
  opened[0]?.state.set({ error: null, remote: {} as MediaStream });
  hear("b", offer);
  expect([shown(), open()]).toEqual([[], [false]]);
});

test("from five participants on, pictures share what can be sent", () => {
  mesh.enter(["a", "b", "c"]);
  expect(opened.map(({ share }) => share)).toEqual([undefined, undefined, undefined]);
  mesh.joined("d");
  expect(opened.map(({ share }) => share)).toEqual([300_000, 300_000, 300_000, 300_000]);
  mesh.joined("e");
  expect(opened[0]?.share).toBe(240_000);
  mesh.left("e");
  mesh.left("d");
  expect(opened[0]?.share).toBeUndefined();
});
