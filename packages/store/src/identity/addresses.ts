import type { NodeId } from "@switchyard/protocol";
import { keys } from "../keys.ts";
import type { Database } from "../redis/database.ts";

/**
 * Number of connections of each network address, node by node. A node's count lapses after a while, so the connections
 * of a killed node are forgotten.
 */
export class Addresses {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /**
   * Says how many connections of an address a node holds.
   * @param forMs how long that counts, unless the node says it again
   * @returns how many the address has at all nodes that have said so
   */
  async report(address: string, node: NodeId, count: number, forMs: number): Promise<number> {
    const key = keys.addressConnections(address);
    const now = this.#db.clock.now();
    const asked = this.#db.redis
      .multi()
      .hset(key, node, `${count}:${now + forMs}`)
      .pexpire(key, forMs)
      .hgetall(key);
    const [, , [error, fields] = [null, {}]] = (await asked.exec()) ?? [];
    if (error) throw error;
    const entries = Object.entries(fields as Record<string, string>).map(readEntry);
    const over = entries.filter(({ until }) => until <= now).map(({ node: gone }) => gone);
    if (over.length > 0) await this.#db.redis.hdel(key, ...over);
    return entries.reduce((total, { count: held, until }) => (until > now ? total + held : total), 0);
  }

  /** The node holds so few connections of the address that it does not say how many. */
  async withdraw(address: string, node: NodeId): Promise<void> {
    await this.#db.redis.hdel(keys.addressConnections(address), node);
  }
}

function readEntry([node, text]: readonly [string, string]) {
  const [count, until] = text.split(":");
  return { node, count: Number(count), until: Number(until) };
}
