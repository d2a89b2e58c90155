import { readFeedEvent } from "@switchyard/core";
import { type Dialect, packetOf } from "@switchyard/dialects";
import { type Channels, type FeedEntry, keys, numberOf, readFeedMessage, type Store } from "@switchyard/store";
import type { LocalSession } from "./local-session.ts";

/** How many of the last entries a node has at hand for those who come back to it. */
const AT_HAND = 512;
const BATCH = 1000;

/** An entry as it goes over the wire. */
export interface FeedPacket {
  readonly id: string;
  readonly number: number;
  readonly except: string | undefined;
  readonly packet: string;
}

/**
 * What concerns everyone in a dialect, in its one order: every node hears the dialect's channel, says each entry once, and hands it to
 * those it holds, each from the place on up to which it has been told. Where entries are missing, they are read from Redis.
 */
export class Feed {
  readonly #dialect: Dialect;
  readonly #store: Store;
  readonly #onFailure: (error: unknown) => void;
  readonly #followers = new Set<LocalSession>();
  readonly #filling = new Set<LocalSession>();
  #atHand: FeedPacket[] = [];
  #last = 0;

  constructor(dialect: Dialect, store: Store, onFailure: (error: unknown) => void) {
    this.#dialect = dialect;
    this.#store = store;
    this.#onFailure = onFailure;
  }

  async open(channels: Channels): Promise<void> {
    const { name } = this.#dialect;
    await channels.listen(keys.feed(name), (text) => this.#receive(readFeedMessage(text)));
    this.#last = Math.max(this.#last, numberOf(await this.#store.feeds.last(name)));
  }

  /** From now on it is handed what comes, once it has a place in the feed. */
  join(session: LocalSession): void {
    this.#followers.add(session);
    this.catchUp(session);
  }

  leave(session: LocalSession): void {
    this.#followers.delete(session);
  }

  /** The node may have missed something: everybody is filled up. */
  compare(): void {
    this.#atHand = [];
    for (const session of this.#followers) void this.#fill(session);
  }

  /** Whether everything after that place is still kept. */
  async reaches(id: string): Promise<boolean> {
    const [first] = this.#atHand;
    const number = numberOf(id);
    if (first && number >= first.number - 1 && number <= this.#last) return true;
    return (await this.#store.feeds.after(this.#dialect.name, id, 1)) !== undefined;
  }

  /** Hands a session what it has not been told yet. */
  catchUp(session: LocalSession): void {
    const { place } = session;
    if (place === undefined || numberOf(place) >= this.#last || this.#filling.has(session)) return;
    const [first] = this.#atHand;
    if (!first || numberOf(place) + 1 < first.number) return void this.#fill(session);
    for (const packet of this.#atHand) session.hear(packet);
  }

  #receive(entry: FeedEntry): void {
    if (entry.number <= this.#last && this.#atHand.length > 0) return;
    if (entry.number !== this.#last + 1) this.#atHand = [];
    this.#last = Math.max(this.#last, entry.number);
    const packet = this.#say(entry);
    if (packet === undefined) return;
    this.#atHand.push(packet);
    if (this.#atHand.length > 2 * AT_HAND) this.#atHand = this.#atHand.slice(-AT_HAND);
    for (const session of this.#followers) {
      if (!session.hear(packet)) this.catchUp(session);
    }
  }

  #say(entry: FeedEntry): FeedPacket | undefined {
    const packet = packetOf(this.#dialect, readFeedEvent(entry));
    return packet === undefined ? undefined : { id: entry.id, number: entry.number, except: entry.except, packet };
  }

  /** Reads what is missing from Redis. Where that is not kept any more the client has to start anew. */
  async #fill(session: LocalSession): Promise<void> {
    if (this.#filling.has(session)) return;
    this.#filling.add(session);
    try {
      while (this.#followers.has(session) && session.place !== undefined) {
        const entries = await this.#store.feeds.after(this.#dialect.name, session.place, BATCH);
        if (!entries) return session.lose();
        if (entries.length === 0) break;
        for (const entry of entries) {
          const packet = this.#say(entry);
          if (packet) session.hear(packet);
        }
      }
    } catch (error) {
      this.#onFailure(error); // Redis is away: when it is back everybody is compared
    } finally {
      this.#filling.delete(session);
    }
  }
}
