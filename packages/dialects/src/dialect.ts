import type { Context, Feature, NamedRooms, OnlineRules, Participant, PlaceEventType } from "@switchyard/core";
import type { CoreEvent, CoreEventOf, CoreEventType, DialectName, ErrorCode, UserId } from "@switchyard/protocol";
import type { z } from "zod";
import type { DialectLimits } from "./dialect-limits.ts";

/** An event as it goes over the wire: its name and its arguments. */
export type WireEvent = readonly [name: string, ...args: unknown[]];

/** Fields of an acknowledgement besides `ok: true`. */
export type AckFields = Readonly<Record<string, unknown>>;

/**
 * Which allowance an event counts against: `signal` for offers, answers and candidates; `costly` for what costs others something.
 * A `signal` must do a single Redis command, sent before anything is awaited: signals of one sender are not held up by each other.
 */
export type Allowance = "signal" | "costly" | "free";

/** An event that clients send: what its arguments must be, and what it does. */
export interface Command {
  readonly allowance: Allowance;
  readonly parameters: z.ZodType<readonly unknown[]>;
  /** Whether it says something to others, or calls them: it is refused where its sender is muted. */
  readonly refusedIfMuted: boolean;
  /** Whether what it stores stays when its session has ended: it counts more against its address's bytes. */
  readonly outlasts: boolean;
  /** Whether it makes something that is not there yet: it is refused while Redis is almost full. */
  makesNew(participant: Participant, args: readonly unknown[]): boolean;
  /** Refusals of which only an acknowledgement tells, not the `error` event. */
  readonly silent: readonly ErrorCode[];
  /** Events that the sender receives besides a refusal, whether or not it has a callback; none if the arguments were wrong. */
  besides(code: ErrorCode, args: readonly unknown[]): readonly WireEvent[];
  /** The user that an opening event names, of a dialect in which a client that can't recover goes on with that user's session. */
  recoversAs(args: readonly unknown[]): UserId | undefined;
  /** `args` are what `parameters` made of the event's arguments. */
  run(context: Context, participant: Participant, args: readonly unknown[]): Promise<AckFields> | Promise<void>;
}

/** Events that every dialect renders, whatever features it uses. */
type CommonEventType = "replaced" | "refused" | "shutdown";
/** Events that are rendered by each node, outside of a session's outbox. */
type NodeEventType = "refused" | "shutdown" | "said" | "removed" | "came" | "went" | "people" | "population" | "names";
/** The event types that a dialect with these features renders. */
type RenderedType<Features extends readonly Feature[]> = Features[number]["events"][number] | CommonEventType;

/** The rendering of an event: nothing, one wire event, or several that are appended in one step, in order. */
type Rendered<Type extends CoreEventType> = Type extends PlaceEventType
  ? WireEvent | readonly [WireEvent, ...WireEvent[]]
  : Type extends NodeEventType
    ? WireEvent | undefined
    : WireEvent | readonly WireEvent[] | undefined;

type Renderers = { readonly [Type in CoreEventType]: (event: CoreEventOf<Type>) => Rendered<Type> };

/**
 * How a dialect renders the events of its features. It does not compile while one is missing: neither when a feature sends a new event nor
 * when a dialect uses another feature.
 */
export type Rendering<Features extends readonly Feature[]> = Pick<Renderers, RenderedType<Features>>;

/** Schemas by event: of an event's arguments, or of what its acknowledgement says. */
export type EventSchemas = Readonly<Record<string, z.ZodType>>;

/** A wire protocol, as data. */
export interface Dialect {
  readonly name: DialectName;
  /** Its subject, in a line. */
  readonly title: string;
  /** How a connection begins, in sentences for those who write clients. */
  readonly handshake: string;
  /** Events that clients may send: each has its command. */
  readonly clientEvents: EventSchemas;
  /** Events that clients receive. */
  readonly serverEvents: EventSchemas;
  /** Fields of acknowledgements besides `ok: true`; none for events that are not listed. */
  readonly acks: EventSchemas;
  readonly features: readonly Feature[];
  /** The events that open a connection, by each of which the root namespace knows the dialect; none: a token does. */
  readonly opening: readonly string[];
  readonly queues: readonly string[];
  /** How its rooms behave that clients name; `undefined`: it has none. */
  readonly rooms: undefined | ((limits: DialectLimits) => NamedRooms);
  /** Whether its participants see who is online, and hear what concerns everyone; `undefined`: they don't. */
  readonly online: undefined | ((limits: DialectLimits) => OnlineRules);
  /** Runs when a client connects, before any event; for dialects in which the token names the user. */
  readonly connected: undefined | ((context: Context, participant: Participant) => Promise<void>);
  readonly commands: ReadonlyMap<string, Command>;
  readonly render: Partial<Renderers>;
}

/** A dialect that renders all events of these features. */
export type DialectUsing<Features extends readonly Feature[]> = Dialect & {
  readonly features: Features;
  readonly render: Rendering<Features>;
};

interface CommandOptions<Parameters extends z.ZodType<readonly unknown[]>> {
  readonly refusedIfMuted?: boolean;
  readonly outlasts?: boolean;
  readonly makesNew?: (participant: Participant, ...args: z.output<Parameters>) => boolean;
  readonly silent?: readonly ErrorCode[];
  readonly recoversAs?: (...args: z.output<Parameters>) => UserId;
  readonly besides?: (code: ErrorCode, ...args: z.output<Parameters>) => readonly WireEvent[];
}

/** A command whose `run` gets its arguments typed by their schema. */
export function command<Parameters extends z.ZodType<readonly unknown[]>>(
  allowance: Allowance,
  parameters: Parameters,
  run: (
    context: Context,
    participant: Participant,
    ...args: z.output<Parameters>
  ) => Promise<AckFields> | Promise<void>,
  options: CommandOptions<Parameters> = {},
): Command {
  const { refusedIfMuted = false, outlasts = false, silent = [] } = options;
  const { besides = () => [], makesNew = () => false, recoversAs } = options;
  return {
    allowance,
    parameters,
    refusedIfMuted,
    outlasts,
    silent,
    makesNew: (participant, args) => makesNew(participant, ...(args as z.output<Parameters>)),
    recoversAs: (args) => recoversAs?.(...(args as z.output<Parameters>)),
    besides: (code, args) => besides(code, ...(args as z.output<Parameters>)),
    run: (context, participant, args) => run(context, participant, ...(args as z.output<Parameters>)),
  };
}

/** A core event as a dialect says it, as JSON array text, one line for each event; `undefined` where the dialect is silent. */
export function renderText(dialect: Dialect, event: CoreEvent): string | undefined {
  if (event.type === "notice") return JSON.stringify([event.name, event.payload]);
  const render = dialect.render[event.type] as undefined | ((event: CoreEvent) => Rendered<"entered">);
  const rendered = render?.(event);
  if (rendered === undefined || rendered.length === 0) return undefined;
  if (typeof rendered[0] === "string") return JSON.stringify(rendered);
  return rendered.map((wireEvent) => JSON.stringify(wireEvent)).join("\n");
}
