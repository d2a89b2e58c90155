import { Announcer, type Context } from "@switchyard/core";
import { type Dialect, displayOf, listOf, openAnnouncer, renderText } from "@switchyard/dialects";
import type { DialectName } from "@switchyard/protocol";
import { type Channels, keys, type Store } from "@switchyard/store";
import type { LocalSession } from "../sessions/local-session.ts";
import { Feed } from "./feed.ts";
import { PeopleList } from "./people-list.ts";

/** One dialect's channel: a node's part in the delivery to everyone in the dialect. */
interface DialectChannel {
  readonly dialect: Dialect;
  readonly context: Context;
  /** The sessions that are there, each with the state (their number, or names) that its connection was sent last. */
  readonly members: Map<LocalSession, string | undefined>;
  /** Publishes how many there are, or their names; where the dialect does. */
  readonly announcer: Announcer | undefined;
  /** Events in one order that nobody misses; where the dialect has them. */
  readonly feed: Feed | undefined;
  /** The list that goes with the feed; where the dialect has one. */
  readonly list: PeopleList | undefined;
  /** Sends the state to the sessions that are here, when a change was published. */
  readonly display: Announcer | undefined;
  /** The packet that was sent last, so that one text is kept for all sessions that received the same. */
  lastPacket: string | undefined;
}

/**
 * Events and state for everyone in a dialect. A change of the state (their number, or names) is one publish on the dialect's channel,
 * whose subscription is complete before the node takes its first connection; every node then reads the state, and sends it to its own
 * sessions. A session that was away gets the current state when it is back. Events that nobody may miss go through the dialect's feed.
 */
export class DialectChannels {
  readonly #channels: ReadonlyMap<DialectName, DialectChannel>;

  /**
   * @param onDelivered an entry of a feed with that trace was handed to all sessions that follow it
   * @param onLate so many entries of a dialect's feed were delivered late
   */
  constructor(
    served: readonly Pick<DialectChannel, "dialect" | "context">[],
    store: Store,
    onFailure: (error: unknown) => void,
    onDelivered: (trace: string) => void,
    onLate: (dialect: DialectName, entries: number) => void,
  ) {
    this.#channels = new Map<DialectName, DialectChannel>(
      served.map(({ dialect, context }) => {
        const announcer = openAnnouncer(context, onFailure);
        const list = listOf(context) && new PeopleList(dialect, context, () => channel.feed, onFailure);
        const feed =
          dialect.online &&
          new Feed(dialect, store, {
            onFailure,
            onDelivered,
            onLate: (entries) => onLate(dialect.name, entries),
            onChange: () => list?.changed(),
          });
        const tellHere = async () => {
          await deliverState(channel, [...channel.members.keys()]);
          return 0;
        };
        const display = announcer && new Announcer(tellHere, onFailure);
        const channel: DialectChannel = {
          dialect,
          context,
          members: new Map(),
          announcer,
          display,
          feed,
          list,
          lastPacket: undefined,
        };
        return [dialect.name, channel] as const;
      }),
    );
  }

  /** Listens to every dialect's channels. */
  async open(pubSub: Channels): Promise<void> {
    for (const [name, channel] of this.#channels) {
      // the announced text is not sent on: it may be older than what a client that came meanwhile has been sent
      await pubSub.listen(keys.lobby(name), () => channel.display?.changed());
      await channel.feed?.open(pubSub);
    }
  }

  /** The node may have missed something. */
  reconcile(): void {
    for (const channel of this.#channels.values()) {
      void channel.feed?.reconcile();
      channel.display?.changed();
    }
  }

  feedOf(dialect: DialectName | ""): Feed | undefined {
    return dialect === "" ? undefined : this.#channels.get(dialect)?.feed;
  }

  /** Somebody new is in the dialect. */
  async enter(session: LocalSession, dialect: Dialect): Promise<void> {
    await this.join(session, dialect);
    this.#channelOf(dialect).announcer?.changed();
  }

  /**
   * Gives a new or recovered connection the current state, and from then on every change. One that is back may not have been counted
   * yet, where its node died before it could.
   */
  async join(session: LocalSession, dialect: Dialect): Promise<void> {
    const channel = this.#channelOf(dialect);
    const isNews = await channel.context.store.presence.add(dialect.name, session.participant.session);
    if (isNews) channel.announcer?.changed();
    channel.members.set(session, undefined);
    channel.feed?.join(session);
    await deliverState(channel, [session]);
  }

  /** A connection is gone; with `forGood` the participant too. */
  leave(session: LocalSession, forGood: boolean): void {
    const { dialect } = session.participant;
    const channel = dialect === "" ? undefined : this.#channels.get(dialect);
    channel?.members.delete(session);
    channel?.feed?.leave(session);
    if (forGood) channel?.announcer?.changed();
  }

  /** Somebody's grace is over. */
  changed(): void {
    for (const { announcer } of this.#channels.values()) announcer?.changed();
  }

  stop(): void {
    for (const { announcer, display, list } of this.#channels.values()) {
      for (const part of [announcer, display, list]) part?.stop();
    }
  }

  #channelOf({ name }: Dialect): DialectChannel {
    const channel = this.#channels.get(name);
    if (!channel) throw new TypeError(`${name} is not served`);
    return channel;
  }
}

/**
 * Sends sessions how many there are now, or their names. All of that is read on one connection, whose answers come in order: so no session
 * receives a state from before it came, or an older one than it has received already.
 */
async function deliverState(channel: DialectChannel, sessions: readonly LocalSession[]): Promise<void> {
  const { context, dialect } = channel;
  const display = displayOf(context);
  if (!display || sessions.length === 0) return;
  const packet = renderText(dialect, await display.state(context));
  if (packet !== undefined) deliver(channel, sessions, packet);
}

/** Sends it to those of the sessions that are there and were sent something else last. */
function deliver(channel: DialectChannel, sessions: readonly LocalSession[], packet: string): void {
  const { members } = channel;
  const text = packet === channel.lastPacket ? channel.lastPacket : packet;
  channel.lastPacket = text;
  for (const session of sessions) {
    if (!members.has(session) || members.get(session) === text) continue;
    members.set(session, text);
    session.connection?.send(text);
  }
}
