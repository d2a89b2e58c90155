import type {
  CoreEvent,
  CoreEventType,
  DialectName,
  ReportCategory,
  RoomId,
  SessionId,
  UserId,
} from "@switchyard/protocol";
import type {
  FeedRules,
  MessagePolicy,
  ReportRules,
  RoomRules,
  Sender,
  SessionRecord,
  Store,
  Trace,
} from "@switchyard/store";
import type { Announcer } from "./announcer.ts";
import type { CoalescedTurns } from "./coalesced-turns.ts";
import type { Charge, Packet } from "./delivery.ts";
import type { Outbox } from "./outbox.ts";
import type { Reference } from "./reference.ts";

/** Events that change a session's place in the step in which it receives them: a dialect is silent on none that it uses. */
export type PlaceEventType = "paired" | "partner-left" | "welcomed" | "online" | "history" | "replaced";

/** How presence is published. */
export interface OnlineRules {
  /** Most people in a list. */
  readonly listed: number;
  /** Number of messages sent to a user that comes online. */
  readonly historyLimit: number;
  readonly feed: FeedRules;
}

/** The people online, as of an entry of the dialect's feed. */
export interface FeedList {
  readonly event: CoreEvent;
  /** The id of that entry: the list includes all entries up to it. */
  readonly last: string;
  /** How many receive such a list, cluster-wide. */
  readonly receivers: number;
}

interface ReportingRules extends ReportRules {
  /** How long the partner of a pair that has ended can be reported. */
  readonly afterMs: number;
}

export interface NamedRooms extends RoomRules {
  /** Whether a participant that enters one leaves the others. */
  readonly oneAtATime: boolean;
  /** The error for a participant that does not fit in. */
  readonly fullCode: "match_full" | "room_full";
  /** Messages that a room keeps. */
  readonly messagesKept: number;
}

/** The places that a session gives up when it ends, or when a newer session of its user takes over. */
export interface Holdings {
  readonly rooms: readonly RoomId[];
  /** How often it asked for a ticket: whatever it has in a queue has at most this number. */
  readonly ticketsRequested: number;
  readonly users: readonly UserId[];
}

/** The claims of a connection's token: the user that it stands for, and what it may use. Verified at every connect and every recovery. */
export interface Bearer {
  /** The only user that its sessions can stand for (`sub`). */
  readonly user: UserId;
  /** The only dialect that it may speak; any, if the token names none. */
  readonly dialect: DialectName | undefined;
  /** The only room, match or call, as the client names it, that it may be in; any, if the token names none. */
  readonly room: string | undefined;
  /** The only cohort in which it is paired; with those without one, if the token names none. */
  readonly cohort: string | undefined;
  /** The only name that it shows to others; whichever its client gives, if the token names none. */
  readonly name?: string | undefined;
  /** The id of the account's tokens of which it is one; `undefined` for a token that no account here has issued. */
  readonly account?: string | undefined;
}

/** The properties of a session's connection that decide about pairings. */
export interface Origin {
  readonly network: string | undefined;
  readonly cohort: string | undefined;
}

/** A session that was taken over, and what its connection says; `undefined` where no node did so, which knows the connection. */
export interface Held extends Sender {
  readonly origin: Origin | undefined;
}

/**
 * A part that dialects can use. Sessions are ended, evicted, recovered and audited by these hooks, each of which can be repeated. Of the
 * features that have rooms (pairing, rooms, chatroom) a dialect uses one.
 */
export interface Feature<Type extends CoreEventType = CoreEventType> {
  readonly name: string;
  /** The events that it sends: a dialect that uses it renders each of them. */
  readonly events: readonly Type[];
  /** Its state as everyone in the dialect sees it, and the announcer of a change. */
  readonly display?: {
    readonly announcer: (context: Context, onFailure: (error: unknown) => void) => Announcer;
    readonly state: (context: Context) => Promise<CoreEvent>;
  };
  /** The list that everyone who follows the dialect's feed receives after entries of it: each node sends it to its own sessions. */
  readonly list?: (context: Context) => Promise<FeedList>;
  /** After a session was taken over: finishes what its former node left half done. */
  recover?(context: Context, held: Held, record: SessionRecord): Promise<void>;
  /** Makes an event whole that was kept without its large state, for a session that has missed it; `gap`: that state is no longer kept. */
  complete?(
    context: Context,
    session: SessionId,
    record: SessionRecord,
    reference: Reference,
  ): Promise<CoreEvent | "gap" | undefined>;
  /** A session gives up what it holds. */
  release?(context: Context, session: SessionId, holdings: Holdings): Promise<void>;
  /** A session has ended, and no longer stands for its users. */
  end?(context: Context, session: SessionId, record: SessionRecord): Promise<void>;
  /** An account is removed: nothing that names its user stays, of what outlives its sessions. */
  forget?(context: Context, removed: RemovedUser): Promise<void>;
  /** Takes out what reached a shared list late; returns how many entries. */
  audit?(context: Context): Promise<number>;
}

/** A user whose account is removed. */
interface RemovedUser {
  readonly user: UserId;
  readonly messages: MessagePolicy;
  /** Unix time in ms: later messages are those of somebody else. */
  readonly until: number;
}

/** Everything that the use cases of one dialect work with. */
export interface Context {
  readonly dialect: DialectName;
  readonly features: readonly Feature[];
  /** The names of its own events, of both directions: nobody else can send events by these names. */
  readonly eventNames: ReadonlySet<string>;
  /** The queues that its participants can wait in. */
  readonly queues: readonly string[];
  /** How the rooms behave that its clients name; `undefined`: it has pairs only. */
  readonly roomRules: NamedRooms | undefined;
  /** Whether its participants see who is online, and hear what concerns everyone; `undefined`: they don't. */
  readonly onlineRules: OnlineRules | undefined;
  /** How long a partner can be reported, and how many reports are kept; `undefined`: its participants can report nobody. */
  readonly reportRules?: ReportingRules | undefined;
  /** Receives the category of each new report. */
  readonly onReport?: ((category: ReportCategory) => void) | undefined;
  readonly store: Store;
  readonly outbox: Outbox;
  /** The rosters that this process sends, by room. */
  readonly rosterTurns: CoalescedTurns;
  /** Of the event on whose behalf it is used, and which its packets carry; `undefined` where there is none. */
  readonly trace?: Trace | undefined;
  /**
   * An event as the dialect's clients receive it, to be made once for all of them; `undefined` where the dialect is silent.
   * @param trace that the packet carries; the context's own if not given
   */
  render(event: Extract<CoreEvent, { readonly type: PlaceEventType }>, trace?: Trace): Packet;
  render(event: CoreEvent, trace?: Trace): Packet | undefined;
}

/** All dialects of a process, for what is done to sessions whatever they speak. */
export interface Cluster {
  readonly store: Store;
  readonly contexts: ReadonlyMap<DialectName, Context>;
  /** How long a participant without a connection keeps its place. */
  readonly graceMs: number;
}

/** A session gives up what it holds, of every feature. Repeatable. */
export async function releaseHoldings(context: Context, session: SessionId, holdings: Holdings): Promise<void> {
  for (const feature of context.features) await feature.release?.(context, session, holdings);
}

/**
 * A context on behalf of one event: whatever is delivered, posted or requested through it carries that trace.
 * @param charge receives what the deliveries cost; without one nobody answers for that
 */
export function withTrace(trace: Trace, context: Context, charge?: Charge): Context {
  return {
    ...context,
    outbox: charge ? context.outbox.chargedTo(charge) : context.outbox,
    trace,
    render: (event: CoreEvent, other = trace): Packet => context.render(event, other) as Packet,
  };
}

/** The same for what is done to a session whatever it speaks. */
export function clusterWithTrace(trace: Trace, cluster: Cluster): Cluster {
  const contexts = new Map([...cluster.contexts].map(([name, context]) => [name, withTrace(trace, context)] as const));
  return { ...cluster, contexts };
}
