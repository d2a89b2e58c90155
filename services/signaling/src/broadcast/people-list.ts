import { Announcer, type Context, type FeedList, intervalOfLists } from "@switchyard/core";
import { type Dialect, listOf, renderText } from "@switchyard/dialects";
import { entryNumberOf } from "@switchyard/store";
import type { LocalSession } from "../sessions/local-session.ts";
import type { Feed } from "./feed.ts";

/** How often the list is read at most, where entries overtake it each time, before one goes out that is a little older. */
const ATTEMPTS = 3;

/**
 * The list of people for the sessions of this node that follow a dialect's feed. After changes it is read and rendered once for all of
 * them, and not again before an interval is over in which the lists of all nodes stay within their budget. It comes between the entries
 * of the feed at its place: a session has received all entries that the list includes, and none that it does not.
 */
export class PeopleList {
  readonly #dialect: Dialect;
  readonly #context: Context;
  readonly #feed: () => Feed | undefined;
  readonly #announcer: Announcer;
  /** When the next list may be sent (`performance.now()`). */
  #nextAt = 0;

  constructor(dialect: Dialect, context: Context, feed: () => Feed | undefined, onFailure: (error: unknown) => void) {
    this.#dialect = dialect;
    this.#context = context;
    this.#feed = feed;
    this.#announcer = new Announcer(() => this.#send(), onFailure);
  }

  /** Some sessions' list is out of date: one entry of the feed more, or one session that is back. */
  changed(): void {
    this.#announcer.changed();
  }

  stop(): void {
    this.#announcer.stop();
  }

  /** Sends the list to those whose last one is older; resolves to the ms after which that is possible. */
  async #send(): Promise<number> {
    const waitMs = this.#nextAt - performance.now();
    if (waitMs > 0) return waitMs;
    const feed = this.#feed();
    if (!feed || !hasAny(feed.followers, (session) => isOutdated(session, feed.last))) return 0;
    const list = await this.#read(feed);
    const number = list && entryNumberOf(list.last);
    // entries that the list includes may be on their way here: the last of them leads here again
    if (!list || number === undefined || number > feed.last) return 0;
    const packet = renderText(this.#dialect, list.event);
    if (packet === undefined) return 0;
    for (const session of feed.followers) {
      if (!isOutdated(session, number) || !hasReceived(session, number)) continue;
      session.listedUpTo = number;
      session.connection?.send(packet);
    }
    this.#nextAt = performance.now() + intervalOfLists(packet.length, list.receivers);
    return 0;
  }

  async #read(feed: Feed): Promise<FeedList | undefined> {
    const read = listOf(this.#context);
    for (let attempt = 1; ; attempt += 1) {
      const list = await read?.(this.#context);
      if (!list || attempt === ATTEMPTS || entryNumberOf(list.last) >= feed.last) return list;
    }
  }
}

function hasAny<Item>(items: ReadonlySet<Item>, matches: (item: Item) => boolean): boolean {
  for (const item of items) if (matches(item)) return true;
  return false;
}

/** Whether a session follows the feed, and its last list is from before that entry. */
function isOutdated({ feedOffset, listedUpTo }: LocalSession, number: number): boolean {
  return feedOffset !== undefined && listedUpTo < number;
}

/** Whether a session was handed every entry up to that one; else it is on its way, and is sent the list later. */
function hasReceived({ feedOffset, connection }: LocalSession, number: number): boolean {
  return connection !== undefined && feedOffset !== undefined && entryNumberOf(feedOffset) >= number;
}
