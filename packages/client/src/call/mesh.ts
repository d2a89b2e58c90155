import { type Store, WritableStore } from "../store.ts";
import { Call } from "./call.ts";
import type { CallOptions, CallState, MediaOptions } from "./call-options.ts";
import { LocalMedia } from "./local-media.ts";
import type { Signal } from "./signals.ts";

/** The way of signals between all who are in a group. */
export interface GroupChannel {
  send(to: string, signal: Signal): Promise<unknown>;
  /** @returns ends it */
  onSignal(listener: (from: string, signal: Signal) => void): () => void;
  /** @returns ends it */
  onMissed(listener: () => void): () => void;
}

export interface MeshOptions extends MediaOptions {
  signals: GroupChannel;
  /** This participant's id in the dialect. */
  ownId: string;
  openCall?: ((options: CallOptions) => MeshCall) | undefined;
}

/** A call, as a mesh needs it. */
export type MeshCall = Pick<Call, "state" | "limit" | "close">;

export interface MeshState {
  /** By the other participant's id. */
  readonly calls: Readonly<Record<string, CallState>>;
}

interface Entry {
  readonly call: MeshCall;
  readonly hear: Set<(signal: Signal) => void>;
  /** Whether the other one has offered it. */
  readonly isTheirs: boolean;
  readonly since: number;
}

/** An offer may overtake the word that its maker has come. */
const OFFER_WAIT_MS = 5000;
/** From so many participants on, each picture is sent with its share of `UPLOAD` only. */
const MANY = 5;
/** Of all pictures together, in bits a second: of most private lines, half. */
const UPLOAD = 1_200_000;
const LEAST_BITRATE = 80_000;

/**
 * One call with each other participant of a group. A participant who comes offers to those who are there; if a new one does not, this
 * side offers after a while. A participant who comes again with the same id has a new page, and the call with the former one ends.
 */
export class Mesh {
  /** The media that this side sends to all. */
  readonly local: LocalMedia;
  readonly #state = new WritableStore<MeshState>({ calls: {} });
  readonly state: Store<MeshState> = this.#state;
  readonly #options: MeshOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #end: () => void;
  #hasEntered = false;

  constructor(options: MeshOptions) {
    this.#options = options;
    this.local = options.local ?? new LocalMedia();
    this.#end = options.signals.onSignal((from, signal) => this.#receive(from, signal));
  }

  /** This participant has come, and these were there before; later: these are there now. */
  enter(ids: Iterable<string>): void {
    const there = new Set(ids);
    there.delete(this.#options.ownId);
    for (const id of [...this.#entries.keys()]) if (!there.has(id)) this.left(id);
    if (!this.#hasEntered) for (const id of there) this.#open(id, true);
    this.#hasEntered = true;
  }

  /** A participant has come, or come again, and offers. */
  joined(id: string): void {
    const entry = this.#entries.get(id);
    if (entry?.isTheirs && performance.now() - entry.since < OFFER_WAIT_MS) return; // the offer was here first
    if (id !== this.#options.ownId) this.#open(id, false);
  }

  left(id: string): void {
    const entry = this.#entries.get(id);
    if (!entry) return;
    this.#entries.delete(id);
    entry.call.close();
    const { [id]: _, ...calls } = this.#state.get().calls;
    this.#state.set({ calls });
    this.#share();
  }

  /** The call with a participant: its statistics, say. */
  callWith(id: string): MeshCall | undefined {
    return this.#entries.get(id)?.call;
  }

  /** Ends this side of all calls, however often. */
  close(): void {
    this.#end();
    for (const id of [...this.#entries.keys()]) this.left(id);
    if (!this.#options.local) this.local.close();
  }

  #receive(from: string, signal: Signal): void {
    if (!this.#entries.has(from)) {
      if (signal.kind !== "offer") return;
      this.#open(from, false, true);
    }
    for (const listener of this.#entries.get(from)?.hear ?? []) listener(signal);
  }

  #open(id: string, initiator: boolean, isTheirs = false): void {
    this.left(id);
    const { ownId, signals, openCall = (options) => new Call(options), ...media } = this.#options;
    const hear = new Set<(signal: Signal) => void>();
    const call = openCall({
      ...media,
      local: this.local,
      polite: ownId < id,
      initiator,
      signals: {
        send: (signal) => signals.send(id, signal),
        onSignal(listener) {
          hear.add(listener);
          return () => void hear.delete(listener);
        },
        onMissed: (listener) => signals.onMissed(listener),
        close: () => hear.clear(),
      },
    });
    this.#entries.set(id, { call, hear, isTheirs, since: performance.now() });
    const show = () => {
      const isCurrent = this.#entries.get(id)?.call === call;
      if (isCurrent) this.#state.set({ calls: { ...this.#state.get().calls, [id]: call.state.get() } });
    };
    call.state.subscribe(show);
    show();
    this.#share();
  }

  /** A picture is sent once to each of the others. */
  #share(): void {
    const others = this.#entries.size;
    const share = others + 1 < MANY ? undefined : Math.max(LEAST_BITRATE, Math.floor(UPLOAD / others));
    for (const { call } of this.#entries.values()) call.limit(share);
  }
}
