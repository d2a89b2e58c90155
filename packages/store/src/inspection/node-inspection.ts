import type { NodeId, SessionId } from "@switchyard/protocol";
import type { Redis } from "ioredis";
import { keys } from "../keys.ts";
import { pairPages, pairsOf } from "./pages.ts";

/** A node's lease: until when it counts as alive, Unix time in ms. */
export interface LeaseEntry {
  readonly node: NodeId;
  readonly until: number;
}

/** A session in a node's index: 0 while the node holds it, else when its grace is over, Unix time in ms. */
export interface IndexEntry {
  readonly session: SessionId;
  readonly deadline: number;
}

/** The state of nodes in Redis, read-only. */
export class NodeInspection {
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  async leases(): Promise<LeaseEntry[]> {
    const flat = (await this.#redis.zrange(keys.leases(), "0", "-1", "WITHSCORES")) as unknown as string[];
    return pairsOf(flat).map(([node, until]) => ({ node, until: Number(until) }));
  }

  /** When a node's lease runs out, or ran out; `undefined` if it has none. */
  async leaseOf(node: NodeId): Promise<number | undefined> {
    return scoreOf(await this.#redis.zscore(keys.leases(), node));
  }

  /** A node's own description; empty if there is none. */
  async info(node: NodeId): Promise<Readonly<Record<string, string>>> {
    return this.#redis.hgetall(keys.nodeInfo(node));
  }

  /** A session's entry in a node's index; `undefined` if there is none. */
  async indexed(node: NodeId, session: SessionId): Promise<number | undefined> {
    return scoreOf(await this.#redis.zscore(keys.nodeSessions(node), session));
  }

  /** A node's index, some at a time. */
  async *index(node: NodeId): AsyncGenerator<readonly IndexEntry[]> {
    for await (const page of pairPages(this.#redis, keys.nodeSessions(node), "sorted set")) {
      yield page.map(([session, deadline]) => ({ session, deadline: Number(deadline) }));
    }
  }

  /** How many sessions a node holds, and how many it keeps within their grace. */
  async load(node: NodeId): Promise<{ held: number; detached: number }> {
    const [held, all] = await Promise.all([
      this.#redis.zcount(keys.nodeSessions(node), 0, 0),
      this.#redis.zcard(keys.nodeSessions(node)),
    ]);
    return { held, detached: all - held };
  }
}

function scoreOf(score: string | null): number | undefined {
  return score === null ? undefined : Number(score);
}
