import type { Ack } from "@switchyard/client-types";

/** Names of the events and fields by which a dialect carries WebRTC's signals. The body's field is the signal's kind. */
export interface SignalNames {
  /** The field that names the recipient; missing: there is only one. */
  readonly to?: string;
  /** The field that names the sender; missing: there is only one. */
  readonly from?: string;
  /** The field that names the call or room, if signals name it; those received may leave it out. */
  readonly room?: string;
  readonly sent: Readonly<Record<SignalKind, string>>;
  readonly received: Readonly<Record<SignalKind, string>>;
}

export type SignalKind = "offer" | "answer" | "candidate";

/** A wire protocol, as the client needs to know it. `Sent` and `Received` are its events, as the generated types have them; `Options` are what `connect` takes for it. */
export interface Dialect<Sent extends object, Received extends object, Options extends object> {
  /** Also the namespace. */
  readonly name: string;
  /** Events that open it: the last one sent is sent again in a new session, as long as it is in effect. */
  readonly opening: readonly (keyof Sent & string)[];
  /** The opening event of a connection with these options; undefined: none yet. */
  opened(options: Options): OpeningEvent | undefined;
  /** Events after which the opening one is no longer in effect. */
  readonly leaving: readonly (keyof Sent & string)[];
  /** Events after which it is in effect again; in a new session the opening event is sent in their place. */
  readonly returning: readonly (keyof Sent & string)[];
  /** Events of the server after which it is no longer in effect. */
  readonly left: readonly (keyof Received & string)[];
  /** Shown to the server at each connect, besides the token. */
  auth?(options: Options): Readonly<Record<string, unknown>>;
  readonly signals: SignalNames;
  /** Types only; never there. */
  readonly events?: { readonly sent: Sent; readonly received: Received };
}

export interface OpeningEvent {
  readonly event: string;
  readonly content: object;
}

/** An event's arguments as a function type has them, with every one of them required. */
type AllOf<Event> = Event extends (...args: infer Args extends unknown[]) => void ? Required<Args> : never;

/** The arguments of a command: the event's arguments without the callback. */
export type ContentsOf<Event> =
  AllOf<Event> extends infer Args
    ? Args extends [...infer Contents, (answer: never) => void]
      ? Contents
      : never
    : never;

/** The value that a command resolves to: the acknowledgement of an event that was not refused. */
export type AnswerOf<Event> =
  AllOf<Event> extends [...unknown[], (answer: infer Answer) => void]
    ? Extract<Answer, { ok: true }>
    : Extract<Ack, { ok: true }>;

/** A listener for an event of the server. */
export type Listener<Event> = Event extends (...args: infer Args) => void ? (...args: Args) => void : never;
