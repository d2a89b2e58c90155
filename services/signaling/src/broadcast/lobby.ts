import { Announcer, type Cluster, type Context } from "@switchyard/core";
import { type Dialect, dialects, openAnnouncer, packetOf } from "@switchyard/dialects";
import type { CoreEvent, DialectName } from "@switchyard/protocol";
import { type Channels, keys } from "@switchyard/store";
import type { LocalSession } from "../sessions/local-session.ts";
import { Feed } from "./feed.ts";

/** What a node does for everyone in one dialect. */
interface Hall {
  readonly dialect: Dialect;
  readonly context: Context;
  /** Who is there, and what its connection was told last of how many, or who, there are. */
  readonly present: Map<LocalSession, string | undefined>;
  /** Tells everyone how many, or who, there are; where the dialect does. */
  readonly announcer: Announcer | undefined;
  /** What is told in one order, and nobody misses; where the dialect has that. */
  readonly feed: Feed | undefined;
  /** Tells those who are here, when that was announced. */
  readonly display: Announcer | undefined;
  /** What somebody was told last, so that one text is kept for all who were told the same. */
  told: string | undefined;
}

/**
 * What concerns everyone in a dialect. That its state (how many there are, who) has changed is one publish on the dialect's channel, whose
 * subscription is complete before the node takes its first connection; every node then reads the state, and tells those it holds. Who was
 * away gets the current state when it is back. What nobody may miss goes through the dialect's feed.
 */
export class Lobby {
  readonly #halls: ReadonlyMap<DialectName, Hall>;

  /**
   * @param onTold an entry of a feed with that trace was handed to all who follow it
   * @param onLate so many entries of a dialect's feed were told late
   */
  constructor(
    { contexts, store }: Cluster,
    onFailure: (error: unknown) => void,
    onTold: (trace: string) => void,
    onLate: (dialect: DialectName, entries: number) => void,
  ) {
    this.#halls = new Map<DialectName, Hall>(
      dialects.flatMap((dialect) => {
        const context = contexts.get(dialect.name);
        if (!context) return [];
        const announcer = openAnnouncer(dialect, context, onFailure);
        const feed =
          dialect.online &&
          new Feed(dialect, store, { onFailure, onTold, onLate: (entries) => onLate(dialect.name, entries) });
        const tellHere = async () => {
          await tellState(hall, [...hall.present.keys()]);
          return 0;
        };
        const display = announcer && new Announcer(tellHere, onFailure);
        const hall: Hall = { dialect, context, present: new Map(), announcer, display, feed, told: undefined };
        return [[dialect.name, hall] as const];
      }),
    );
  }

  /** Listens to every dialect's channels. */
  async open(channels: Channels): Promise<void> {
    for (const [name, hall] of this.#halls) {
      // the announced text is not sent on: it may be older than what a client that came meanwhile has been sent
      await channels.listen(keys.lobby(name), () => hall.display?.changed());
      await hall.feed?.open(channels);
    }
  }

  /** The node may have missed something. */
  compare(): void {
    for (const hall of this.#halls.values()) {
      void hall.feed?.compare();
      hall.display?.changed();
    }
  }

  feedOf(dialect: DialectName | ""): Feed | undefined {
    return dialect === "" ? undefined : this.#halls.get(dialect)?.feed;
  }

  /** Somebody new is in the dialect. */
  async enter(session: LocalSession, dialect: Dialect): Promise<void> {
    await this.greet(session, dialect);
    this.#hallOf(dialect).announcer?.changed();
  }

  /**
   * Gives a new or recovered connection the current state, and from then on every change. One that is back may not have been counted
   * yet, where its node died before it could.
   */
  async greet(session: LocalSession, dialect: Dialect): Promise<void> {
    const hall = this.#hallOf(dialect);
    const isNews = await hall.context.store.presence.add(dialect.name, session.participant.session);
    if (isNews) hall.announcer?.changed();
    hall.present.set(session, undefined);
    hall.feed?.join(session);
    await tellState(hall, [session]);
  }

  /** A connection is gone; with `forGood` the participant too. */
  leave(session: LocalSession, forGood: boolean): void {
    const { dialect } = session.participant;
    const hall = dialect === "" ? undefined : this.#halls.get(dialect);
    hall?.present.delete(session);
    hall?.feed?.leave(session);
    if (forGood) hall?.announcer?.changed();
  }

  /** Somebody's grace is over. */
  changed(): void {
    for (const { announcer } of this.#halls.values()) announcer?.changed();
  }

  stop(): void {
    for (const { announcer, display } of this.#halls.values()) for (const part of [announcer, display]) part?.stop();
  }

  #hallOf({ name }: Dialect): Hall {
    const hall = this.#halls.get(name);
    if (!hall) throw new TypeError(`${name} is not served`);
    return hall;
  }
}

/**
 * Tells sessions how many, or who, there are now. All of that is read on one connection, whose answers come in order: so nobody is told
 * what was so before it came, or before what it has been told already.
 */
async function tellState(hall: Hall, sessions: readonly LocalSession[]): Promise<void> {
  const { announcer, context, dialect } = hall;
  if (!announcer || sessions.length === 0) return;
  const packet = packetOf(dialect, await stateOf(context));
  if (packet !== undefined) tell(hall, sessions, packet);
}

/** Tells those of them who are there and were told something else last. */
function tell(hall: Hall, sessions: readonly LocalSession[], packet: string): void {
  const { present } = hall;
  const text = packet === hall.told ? hall.told : packet;
  hall.told = text;
  for (const session of sessions) {
    if (!present.has(session) || present.get(session) === text) continue;
    present.set(session, text);
    session.connection?.send(text);
  }
}

async function stateOf({ dialect, store, onlineRules }: Context): Promise<CoreEvent> {
  if (onlineRules?.severalTimes) return { type: "names", ...(await store.online.names(dialect, onlineRules.listed)) };
  return { type: "population", count: await store.presence.count(dialect) };
}
