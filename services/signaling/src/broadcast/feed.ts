import { readFeedEvent } from "@switchyard/core";
import { type Dialect, packetOf } from "@switchyard/dialects";
import { type Channels, entryNumberOf, type FeedEntry, keys, readFeedMessage, type Store } from "@switchyard/store";
import { InsistentTask } from "../sessions/insistent-task.ts";
import type { LocalSession } from "../sessions/local-session.ts";
import type { FeedPacket } from "../telemetry/trail.ts";

/** How many of the last entries a node has at hand for those who come back to it. */
const AT_HAND = 512;
/** How many are handed to one session before it is looked whether they went out. */
const BATCH = 100;
/** After telling everyone a node rests for so many times as long, and then tells at once what came meanwhile … */
const REST = 4;
/** … but for no longer than this. */
const LONGEST_REST_MS = 1000;

export interface FeedHooks {
  readonly onFailure: (error: unknown) => void;
  /** An entry with that trace was handed to all who follow. */
  readonly onTold: (trace: string) => void;
  /** So many entries were told a session after all others. */
  readonly onLate: (entries: number) => void;
}

/**
 * What concerns everyone in a dialect, in its one order: every node hears the dialect's channel, says each entry once, and hands it to
 * those it holds, each from the place on up to which it has been told. Where entries are missing, they are read from Redis.
 */
export class Feed {
  readonly #dialect: Dialect;
  readonly #store: Store;
  readonly #hooks: FeedHooks;
  readonly #followers = new Set<LocalSession>();
  readonly #filling: InsistentTask<LocalSession>;
  /** Without a gap, and the last one is the last that is known. */
  #atHand: FeedPacket[] = [];
  #last = 0;
  /** What came is told in the next turn of the event loop, or after the rest. */
  #telling: NodeJS.Immediate | NodeJS.Timeout | undefined;
  #hasNews = false;
  /** Of what came and was not told yet. */
  #traces: string[] = [];

  constructor(dialect: Dialect, store: Store, hooks: FeedHooks) {
    this.#dialect = dialect;
    this.#store = store;
    this.#hooks = hooks;
    this.#filling = new InsistentTask(
      (session) => this.#fill(session),
      (session) => this.#followers.has(session),
      (_, error) => hooks.onFailure(error),
    );
  }

  async open(channels: Channels): Promise<void> {
    await channels.listen(keys.feed(this.#dialect.name), (text) => this.#receive(readFeedMessage(text)));
    await this.#look();
  }

  /** From now on it is handed what comes, once it has a place in the feed. */
  join(session: LocalSession): void {
    this.#followers.add(session);
    this.catchUp(session);
  }

  leave(session: LocalSession): void {
    this.#followers.delete(session);
  }

  /** The node may have missed something, or Redis may have lost something: everybody is filled up. */
  async compare(): Promise<void> {
    try {
      this.#last = 0;
      await this.#look();
      for (const session of this.#followers) void this.#filling.ask(session);
    } catch (error) {
      this.#hooks.onFailure(error); // Redis is away again: when it is back, it is compared again
    }
  }

  /** Whether everything after that place is still kept. */
  async reaches(place: string): Promise<boolean> {
    return (await this.#after(place, 1)) !== undefined;
  }

  /** Hands a session what it has not been told yet. */
  catchUp(session: LocalSession): void {
    const { place } = session;
    if (place !== undefined && entryNumberOf(place) < this.#last) void this.#filling.ask(session);
  }

  async #look(): Promise<void> {
    const last = entryNumberOf(await this.#store.feeds.last(this.#dialect.name));
    if (last > this.#last) this.#goOnAfter(last);
  }

  #goOnAfter(number: number): void {
    this.#atHand = [];
    this.#last = number;
  }

  #receive(entry: FeedEntry): void {
    if (entry.number <= this.#last) return;
    if (entry.number > this.#last + 1) this.#goOnAfter(entry.number - 1);
    const packet = this.#say(entry);
    this.#last = entry.number;
    this.#atHand.push(packet);
    if (this.#atHand.length > 2 * AT_HAND) this.#atHand = this.#atHand.slice(-AT_HAND);
    for (const session of this.#followers) {
      session.connection?.defer(() => {
        if (!session.hear(packet)) this.catchUp(session);
      });
    }
    this.#hasNews = true;
    if (packet.trace !== undefined && this.#followers.size > 0) this.#traces.push(packet.trace);
    this.#telling ??= setImmediate(() => this.#tell());
  }

  /**
   * Telling one entry to thousands takes thousands of writes. When entries come faster than that, each connection gets several in one
   * write, and the node has time for everything else.
   */
  #tell(): void {
    this.#telling = undefined;
    if (!this.#hasNews) return;
    this.#hasNews = false;
    const from = performance.now();
    for (const { connection } of this.#followers) connection?.flush();
    for (const trace of this.#traces.splice(0)) this.#hooks.onTold(trace);
    const restMs = Math.min(LONGEST_REST_MS, REST * (performance.now() - from));
    this.#telling = setTimeout(() => this.#tell(), restMs).unref();
  }

  #say(entry: FeedEntry): FeedPacket {
    const { id, number, except } = entry;
    const event = readFeedEvent(entry);
    return { id, number, except, packet: packetOf(this.#dialect, event), trace: event.trace };
  }

  /** What comes after a place; `undefined` where that is not all kept any more. */
  async #after(place: string, count: number): Promise<readonly FeedPacket[] | undefined> {
    const at = this.#atHand.findLastIndex(({ id }) => id === place);
    if (at >= 0) return this.#atHand.slice(at + 1, at + 1 + count);
    const entries = await this.#store.feeds.after(this.#dialect.name, place, count);
    return entries?.map((entry) => this.#say(entry));
  }

  /** A few at a time: what a client does not read must not pile up. Where something is not kept any more it has to start anew. */
  async #fill(session: LocalSession): Promise<void> {
    for (let { place } = session; place !== undefined && this.#followers.has(session); ) {
      const packets = await this.#after(place, BATCH);
      if (!packets) return session.lose();
      for (const packet of packets) session.hear(packet);
      this.#hooks.onLate(packets.length);
      if (session.place === place) return;
      await session.connection?.drained();
      place = session.place;
    }
  }
}
