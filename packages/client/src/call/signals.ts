import type { ConnectionState } from "../connection-state.ts";
import type { SignalKind, SignalNames } from "../dialect.ts";
import type { Store } from "../store.ts";

/** A signal of WebRTC from one side of a call to the other, whatever the dialect. */
export type Signal =
  | { kind: "offer" | "answer"; description: RTCSessionDescriptionInit }
  | { kind: "candidate"; candidate: RTCIceCandidateInit | null };

/** The way of signals between the two sides of a call. */
export interface SignalChannel {
  /** Sends a signal, over new connections too, until it was answered; rejects when it is refused for good. */
  send(signal: Signal): Promise<unknown>;
  /** @returns ends it */
  onSignal(listener: (signal: Signal) => void): () => void;
  /** Calls back when signals may have been lost: a new session has begun. @returns ends it */
  onMissed(listener: () => void): () => void;
  close(): void;
}

/** Where the signals of a call go to. */
export interface Address {
  /** The other side's id in the dialect; missing: there is only one, as in `random`. */
  to?: string | undefined;
  /** The call or room, where signals name it: in `calls` and `random`. */
  room?: string | undefined;
}

/** A connection of any dialect, as far as calls need it. */
export interface SignalingConnection {
  readonly url: string;
  readonly dialect: { readonly signals: SignalNames };
  readonly state: Store<ConnectionState>;
  token(): Promise<string | undefined>;
  on(event: never, listener: never): () => void;
  deliver(event: never, contents: never): Promise<unknown>;
}

type Content = Readonly<Record<string, unknown>>;

/** Sends a signal in the connection's dialect. */
export function sendSignal(connection: SignalingConnection, address: Address, signal: Signal): Promise<unknown> {
  const { to, room, sent } = connection.dialect.signals;
  const content: Record<string, unknown> = {
    [signal.kind]: signal.kind === "candidate" ? signal.candidate : signal.description,
  };
  if (to !== undefined) content[to] = address.to;
  if (room !== undefined) content[room] = address.room;
  return connection.deliver(sent[signal.kind] as never, [content] as never);
}

/** Hears the signals of a dialect; those of another call or room are left out. @returns ends it */
export function hearSignals(
  connection: SignalingConnection,
  { room: wanted }: Address,
  listener: (from: string | undefined, signal: Signal) => void,
): () => void {
  const { from, room, received } = connection.dialect.signals;
  const ends = (["offer", "answer", "candidate"] as const).map((kind) => {
    const hear = (content: Content) => {
      if (room !== undefined && content[room] !== undefined && content[room] !== wanted) return;
      listener(from === undefined ? undefined : String(content[from]), signalOf(kind, content[kind]));
    };
    return connection.on(received[kind] as never, hear as never);
  });
  return () => {
    for (const end of ends) end();
  };
}

/** Calls back in each new session that came after a lost one. @returns ends it */
export function onMissed({ state }: SignalingConnection, listener: () => void): () => void {
  let { sessionId } = state.get();
  return state.subscribe(() => {
    const now = state.get();
    if (now.missed && now.sessionId !== sessionId) listener();
    ({ sessionId } = now);
  });
}

/**
 * The signals of a dialect to one other participant and from there. Those that come before anybody listens are kept: a call
 * that rings (`chat`: its offer rings) can be taken later, and one that is not is given up by `close`.
 * @param offer one that was heard already
 */
export function signalsWith(
  connection: SignalingConnection,
  address: Address,
  offer?: RTCSessionDescriptionInit,
): SignalChannel {
  const listeners = new Set<(signal: Signal) => void>();
  const early: Signal[] = offer ? [{ kind: "offer", description: offer }] : [];
  const close = hearSignals(connection, address, (from, signal) => {
    if (from !== undefined && from !== address.to) return;
    if (listeners.size === 0) early.push(signal);
    for (const listener of listeners) listener(signal);
  });
  return {
    close,
    send: (signal) => sendSignal(connection, address, signal),
    onSignal(listener) {
      listeners.add(listener);
      for (const signal of early.splice(0)) listener(signal);
      return () => void listeners.delete(listener);
    },
    onMissed: (listener) => onMissed(connection, listener),
  };
}

function signalOf(kind: SignalKind, body: unknown): Signal {
  if (kind === "candidate") return { kind, candidate: body as RTCIceCandidateInit | null };
  return { kind, description: body as RTCSessionDescriptionInit };
}

/**
 * Which connection of its maker a description belongs to: the session id of SDP's origin line (RFC 8866, 5.2), which stays
 * the same as long as the connection lives (RFC 8829, 5.2.2). Undefined where there is none.
 */
export function originOf({ sdp }: RTCSessionDescriptionInit): string | undefined {
  return /^o=\S+ (\S+)/m.exec(sdp ?? "")?.[1];
}
