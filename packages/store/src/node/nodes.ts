import type { NodeId, SessionId } from "@switchyard/protocol";
import { keys } from "../keys.ts";
import type { Database } from "../redis/database.ts";
import { Script } from "../redis/script.ts";

const renew = new Script("node/renew-lease-1");
const forget = new Script("node/forget-node-1");
const describe = new Script("node/describe-node-1");
const hold = new Script("node/hold-session-1");
const list = new Script("node/list-node-1");

/** A renewed lease. */
export interface Renewal {
  /** When it ends, as Redis has noted it. */
  readonly until: number;
  /** `false`: it had run out, and others may have given the node's sessions up. */
  readonly inTime: boolean;
  /** How many nodes are alive, this one included; `undefined`: it was not renewed in time. */
  readonly nodes: number | undefined;
}

/** How many nodes there are and what they hold, all together. */
export interface NodeCensus {
  readonly alive: number;
  /** Those whose lease has run out, and that are still to be cleared up after. */
  readonly dead: number;
  /** Sessions that nodes hold. */
  readonly connected: number;
  /** Sessions within their grace. */
  readonly detached: number;
}

/** Another node that is alive, and where its HTTP port is reached: `host:port`, each. */
export interface Neighbour {
  readonly node: NodeId;
  readonly addresses: readonly string[];
}

/** Of how many living nodes a node chooses its neighbours. */
const LOOKED_AT = 64;

/** Which nodes are alive, and which sessions each holds. Rules N1–N7 of SPEC.md. */
export class Nodes {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Says what a node is, for operators. */
  async describe(node: NodeId, info: Readonly<Record<string, string>>): Promise<void> {
    await this.#db.run(describe, [keys.nodeInfo(node)], ...Object.entries(info).flat());
  }

  /** The time in ms after which a client of that node has noticed that the node is gone; `undefined` where the node did not say so. */
  async noticeMs(node: NodeId): Promise<number | undefined> {
    const text = await this.#db.redis.hget(keys.nodeInfo(node), "noticeMs");
    return text !== null && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
  }

  /** A sign of life. */
  async renew(node: NodeId, leaseMs: number): Promise<Renewal> {
    await this.#db.clock.synchronize(this.#db.redis);
    const now = this.#db.clock.now();
    const nodes = Number(await this.#db.run(renew, [keys.leases()], node, now, leaseMs));
    return { until: now + leaseMs, inTime: nodes > 0, nodes: nodes > 0 ? nodes : undefined };
  }

  /** Nodes whose lease has run out and whose sessions are still to be dealt with. */
  async expired(): Promise<NodeId[]> {
    return (await this.#db.redis.zrangebyscore(keys.leases(), "-inf", this.#db.clock.now())) as NodeId[];
  }

  /** How many nodes hold a lease that has not run out. */
  async alive(): Promise<number> {
    return this.#db.redis.zcount(keys.leases(), String(this.#db.clock.now()), "+inf");
  }

  /** A few of the other living nodes, at random: at most so many. Those that do not say where they are reached are left out. */
  async neighbours(node: NodeId, most: number): Promise<Neighbour[]> {
    const { redis, clock } = this.#db;
    const alive = await redis.zrangebyscore(keys.leases(), `(${clock.now()}`, "+inf", "LIMIT", 0, LOOKED_AT);
    const others = shuffled((alive as NodeId[]).filter((other) => other !== node)).slice(0, most);
    const addresses = await Promise.all(others.map((other) => redis.hget(keys.nodeInfo(other), "addresses")));
    return others.flatMap((other, index) => {
      const text = addresses[index];
      return text ? [{ node: other, addresses: text.split(",") }] : [];
    });
  }

  /** Counts, in one round trip for all nodes. */
  async census(): Promise<NodeCensus> {
    const { redis, clock } = this.#db;
    const nodes = (await redis.zrange(keys.leases(), "0", "-1")) as NodeId[];
    const counts = nodes.map((node) =>
      Promise.all([redis.zcount(keys.nodeSessions(node), 0, 0), redis.zcard(keys.nodeSessions(node))]),
    );
    const alive = await redis.zcount(keys.leases(), `(${clock.now()}`, "+inf");
    const census = { alive, dead: Math.max(0, nodes.length - alive), connected: 0, detached: 0 };
    for (const [held, all] of await Promise.all(counts)) {
      census.connected += held;
      census.detached += Math.max(0, all - held);
    }
    return census;
  }

  /**
   * Notes that a node is about to hold a session. This happens before it does, so that every session has a node that
   * ends it. An existing note stays. A slow node that has been forgotten is listed again, as one whose lease has ended.
   */
  async expect(node: NodeId, session: SessionId, deadline = 0): Promise<void> {
    await Promise.all([
      this.#db.run(hold, [keys.nodeSessions(node)], session, deadline, "1"),
      this.#db.run(list, [keys.leases()], node),
    ]);
  }

  /** Notes that a node holds a session again, so its grace no longer runs. */
  async hold(node: NodeId, session: SessionId): Promise<void> {
    await this.holdUntil(node, session, 0);
  }

  /** Notes when a session's grace is over. */
  async holdUntil(node: NodeId, session: SessionId, deadline: number): Promise<void> {
    await this.#db.run(hold, [keys.nodeSessions(node)], session, deadline, "");
  }

  async release(node: NodeId, session: SessionId): Promise<void> {
    await this.#db.redis.zrem(keys.nodeSessions(node), session);
  }

  /** Sessions whose grace is over, at most `limit`. */
  async due(node: NodeId, limit: number): Promise<SessionId[]> {
    const now = this.#db.clock.now();
    return (await this.#db.redis.zrangebyscore(keys.nodeSessions(node), 1, now, "LIMIT", 0, limit)) as SessionId[];
  }

  /** All sessions of a node. */
  async sessions(node: NodeId): Promise<SessionId[]> {
    return (await this.#db.redis.zrange(keys.nodeSessions(node), "0", "-1")) as SessionId[];
  }

  /** Sessions that a node holds, or is about to: those whose grace is not running. */
  async held(node: NodeId): Promise<SessionId[]> {
    return (await this.#db.redis.zrangebyscore(keys.nodeSessions(node), 0, 0)) as SessionId[];
  }

  /** Sessions whose grace is running, or over. */
  async detached(node: NodeId): Promise<SessionId[]> {
    return (await this.#db.redis.zrangebyscore(keys.nodeSessions(node), 1, "+inf")) as SessionId[];
  }

  async holds(node: NodeId): Promise<number> {
    return this.#db.redis.zcard(keys.nodeSessions(node));
  }

  /**
   * Forgets a node that no longer holds a session. Its lease is removed last, so that an interrupted removal is found
   * again. A node that was only slow, and holds a session meanwhile, is not forgotten.
   */
  async forget(node: NodeId): Promise<void> {
    await this.#db.redis.del(keys.nodeInfo(node));
    await this.#db.run(forget, [keys.leases()], node, this.#db.clock.now());
    if ((await this.holds(node)) > 0) await this.#db.run(list, [keys.leases()], node);
  }

  /** Asks a node for something; whether anybody heard it. */
  async order(node: NodeId, order: NodeOrder): Promise<boolean> {
    return Number(await this.#db.redis.spublish(keys.nodeControl(node), writeNodeOrder(order))) > 0;
  }
}

function shuffled<Item>(items: readonly Item[]): Item[] {
  return items
    .map((item) => ({ item, place: Math.random() }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ item }) => item);
}

/** An operator's order to a node. */
export type NodeOrder =
  /** Lets every session go on at other nodes, and stops. */
  | { readonly drain: true }
  /** Ends a session that it holds for good, and disconnects its client. */
  | { readonly kick: SessionId };

function writeNodeOrder(order: NodeOrder): string {
  return JSON.stringify(order);
}

/** Reads a message of a node's control channel; `undefined` for an order that is not known. */
export function readNodeOrder(text: string): NodeOrder | undefined {
  const order: unknown = JSON.parse(text);
  if (typeof order !== "object" || order === null) return undefined;
  if ("drain" in order && order.drain === true) return { drain: true };
  if ("kick" in order && typeof order.kick === "string") return { kick: order.kick };
  return undefined;
}
