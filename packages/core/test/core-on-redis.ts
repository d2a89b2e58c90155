import { randomUUID } from "node:crypto";
import { type Context, Participant } from "@switchyard/core";
import { type DialectLimits, dialects, openContexts } from "@switchyard/dialects";
import type { DialectName } from "@switchyard/protocol";
import type { Store } from "@switchyard/store";
import { openTestStore, startRedis, type TestStore } from "@switchyard/testkit";
import { expect } from "vitest";

const limits: DialectLimits = {
  callParticipants: 4,
  roomParticipants: 4,
  roomLingerMs: 0,
  historyLimit: 10,
  messagesKept: 100,
  chatHistoryBytes: 1_048_576,
  retentionMs: 60_000,
  peopleListed: 10,
  reportsPerDay: 100,
  reportAfterMs: 60_000,
  reportsKept: 1000,
  reportRetentionMs: 60_000,
};

/** The use cases on a Redis of their own, without a node. */
export class CoreOnRedis {
  /** Of every session. */
  readonly secret = randomUUID();
  readonly store: Store;
  readonly redis: TestStore["redis"];
  readonly close: () => Promise<void>;

  private constructor({ store, redis }: TestStore, close: () => Promise<void>) {
    this.store = store;
    this.redis = redis;
    this.close = close;
  }

  static async open(): Promise<CoreOnRedis> {
    const server = await startRedis();
    const opened = await openTestStore(server.url);
    return new CoreOnRedis(opened, async () => {
      await opened.close();
      await server.stop();
    });
  }

  /** @param by the store of another process */
  contextOf(dialect: DialectName, by = this.store): Context {
    const context = openContexts(dialects, by, limits).get(dialect);
    if (!context) throw new Error(`${dialect} is no dialect`);
    return context;
  }

  /** Somebody who has just connected to a node. */
  async connected(dialect: DialectName, node = "a node"): Promise<Participant> {
    const session = randomUUID();
    expect(await this.store.sessions.open(session, dialect, this.secret, node)).toBe(true);
    return new Participant(session, dialect, 1);
  }

  /** The session goes on at another node. */
  async resumed(session: string, offset = 0) {
    const restored = await this.store.sessions.resume(session, this.secret, offset, "another node");
    if (typeof restored === "string") throw new Error(`not resumed: ${restored}`);
    return restored;
  }
}
