import { readFeedEvent } from "@switchyard/core";
import { type Dialect, renderText } from "@switchyard/dialects";
import { type Channels, entryNumberOf, type FeedEntry, keys, readFeedMessage, type Store } from "@switchyard/store";
import type { LocalSession } from "../sessions/local-session.ts";
import { RetryingTask } from "../sessions/retrying-task.ts";
import type { FeedPacket } from "../telemetry/event-tracing.ts";

/** How many of the last entries a node has at hand for the sessions that come back to it. */
const RECENT = 512;
/** How many are handed to one session before it is looked whether they went out. */
const BATCH = 100;
/** After a delivery to everyone a node rests for so many times as long, and then delivers at once what came meanwhile … */
const REST = 4;
/** … but for no longer than this. */
const LONGEST_REST_MS = 1000;

export interface FeedHooks {
  readonly onFailure: (error: unknown) => void;
  /** An entry with that trace was handed to all sessions that follow. */
  readonly onDelivered: (trace: string) => void;
  /** So many entries were delivered to a session after all others. */
  readonly onLate: (entries: number) => void;
  /** An entry came, or a session has received all that there are: some sessions' list of people is out of date. */
  readonly onChange: () => void;
}

/**
 * Events for everyone in a dialect, in its one order: every node receives the dialect's channel, renders each entry once, and hands it to
 * the sessions it holds, to each from its feed offset on. Where entries are missing, they are read from Redis.
 */
export class Feed {
  readonly #dialect: Dialect;
  readonly #store: Store;
  readonly #hooks: FeedHooks;
  readonly #followers = new Set<LocalSession>();
  readonly #filling: RetryingTask<LocalSession>;
  /** Without a gap, and the last one is the last that is known. */
  #recent: FeedPacket[] = [];
  #last = 0;
  /** Entries that came are delivered in the next turn of the event loop, or after the rest. */
  #flushTimer: NodeJS.Immediate | NodeJS.Timeout | undefined;
  #isDirty = false;
  /** The traces of the entries that came and are not delivered yet. */
  #traces: string[] = [];

  constructor(dialect: Dialect, store: Store, hooks: FeedHooks) {
    this.#dialect = dialect;
    this.#store = store;
    this.#hooks = hooks;
    this.#filling = new RetryingTask(
      (session) => this.#fill(session).then(hooks.onChange),
      (session) => this.#followers.has(session),
      (_, error) => hooks.onFailure(error),
    );
  }

  async open(channels: Channels): Promise<void> {
    await channels.listen(keys.feed(this.#dialect.name), (text) => this.#receive(readFeedMessage(text)));
    await this.#readLast();
  }

  /** The sessions that are handed what comes, from their place in the feed on. */
  get followers(): ReadonlySet<LocalSession> {
    return this.#followers;
  }

  /** The number of the last entry that is known. */
  get last(): number {
    return this.#last;
  }

  /** From now on it is handed what comes, once it has a place in the feed. */
  join(session: LocalSession): void {
    this.#followers.add(session);
    this.catchUp(session);
    if (session.feedOffset !== undefined) this.#hooks.onChange();
  }

  leave(session: LocalSession): void {
    this.#followers.delete(session);
  }

  /** The node may have missed something, or Redis may have lost something: everybody is filled up. */
  async reconcile(): Promise<void> {
    try {
      this.#last = 0;
      await this.#readLast();
      for (const session of this.#followers) void this.#filling.request(session);
    } catch (error) {
      this.#hooks.onFailure(error); // Redis is away again: when it is back, it is compared again
    }
  }

  /** Whether everything after that place is still kept. */
  async covers(offset: string): Promise<boolean> {
    return (await this.#after(offset, 1)) !== undefined;
  }

  /** Hands a session the entries that it has not received yet. */
  catchUp(session: LocalSession): void {
    const { feedOffset: offset, awaitsFeed } = session;
    const isBehind = offset !== undefined && entryNumberOf(offset) < this.#last;
    if (isBehind || awaitsFeed) void this.#filling.request(session);
  }

  async #readLast(): Promise<void> {
    const id = await this.#store.feeds.last(this.#dialect.name);
    const last = entryNumberOf(this.#store.feeds.noticed(this.#dialect.name, id));
    if (last > this.#last) this.#restartAfter(last);
  }

  #restartAfter(number: number): void {
    this.#recent = [];
    this.#last = number;
  }

  #receive(entry: FeedEntry): void {
    if (entry.number === 0) return this.#restartAfter(this.#last); // a user was taken out of entries that are in memory
    if (entry.number <= this.#last) return;
    if (entry.number > this.#last + 1) this.#restartAfter(entry.number - 1);
    const packet = this.#render(entry);
    this.#forgetRemoved(entry, packet);
    this.#last = entry.number;
    this.#store.feeds.noticed(this.#dialect.name, entry.id);
    this.#recent.push(packet);
    if (this.#recent.length > 2 * RECENT) this.#recent = this.#recent.slice(-RECENT);
    for (const session of this.#followers) {
      session.connection?.defer(() => {
        if (!session.deliverFeedEntry(packet)) this.catchUp(session);
      });
    }
    this.#isDirty = true;
    if (packet.trace !== undefined && this.#followers.size > 0) this.#traces.push(packet.trace);
    this.#hooks.onChange();
    this.#flushTimer ??= setImmediate(() => this.#flush());
  }

  /**
   * Telling one entry to thousands takes thousands of writes. When entries come faster than that, each connection gets several in one
   * write, and the node has time for everything else.
   */
  #flush(): void {
    this.#flushTimer = undefined;
    if (!this.#isDirty) return;
    this.#isDirty = false;
    const from = performance.now();
    for (const { connection } of this.#followers) connection?.flush();
    for (const trace of this.#traces.splice(0)) this.#hooks.onDelivered(trace);
    const restMs = Math.min(LONGEST_REST_MS, REST * (performance.now() - from));
    this.#flushTimer = setTimeout(() => this.#flush(), restMs).unref();
  }

  /** A message that was removed is delivered to nobody any longer: in its place stands the event of the removal. */
  #forgetRemoved(entry: FeedEntry, { packet }: FeedPacket): void {
    const event = readFeedEvent(entry);
    if (event.type !== "removed") return;
    this.#recent = this.#recent.map((recent) => (recent.id === event.id ? { ...recent, packet } : recent));
  }

  #render(entry: FeedEntry): FeedPacket {
    const { id, number, except } = entry;
    const event = readFeedEvent(entry);
    return {
      id,
      number,
      except,
      packet: event.type === "erased" ? undefined : renderText(this.#dialect, event),
      trace: event.trace,
    };
  }

  /** The entries after an offset; `undefined` where not all of them are still kept. With `isAwaited` Redis is asked for those not known yet. */
  async #after(offset: string, count: number, isAwaited = false): Promise<readonly FeedPacket[] | undefined> {
    const at = this.#recent.findLastIndex(({ id }) => id === offset);
    if (at >= 0 && !(isAwaited && at + 1 === this.#recent.length)) return this.#recent.slice(at + 1, at + 1 + count);
    const entries = await this.#store.feeds.after(this.#dialect.name, offset, count);
    return entries?.map((entry) => this.#render(entry));
  }

  /** A few at a time: packets that a client does not read must not pile up. Where an entry is no longer kept the client has to start anew. */
  async #fill(session: LocalSession): Promise<void> {
    for (let { feedOffset: offset } = session; offset !== undefined && this.#followers.has(session); ) {
      const packets = await this.#after(offset, BATCH, session.awaitsFeed);
      if (!packets) return session.reportLoss();
      for (const packet of packets) session.deliverFeedEntry(packet);
      this.#hooks.onLate(packets.length);
      if (session.feedOffset === offset) return session.stopAwaitingFeed();
      await session.connection?.drained();
      offset = session.feedOffset;
    }
  }
}
