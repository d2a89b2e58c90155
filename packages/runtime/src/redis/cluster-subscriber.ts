import { EventEmitter, once } from "node:events";
import { Command, type Redis } from "ioredis";
import type { OrderedCluster } from "./ordered-cluster.ts";

/**
 * Sharded pub/sub on a Redis Cluster: a connection to each server that has slots, used as if it were one connection. It
 * emits "ready" when subscriptions may be lost and can be made again: after a lost connection, or after slots moved.
 */
export class ClusterSubscriber extends EventEmitter<{ ready: []; smessage: [channel: string, message: string] }> {
  readonly #cluster: OrderedCluster;
  readonly #open: (owner: string) => Redis;
  readonly #servers = new Map<string, Redis>();
  readonly #follow = () => this.#compare();
  /** The assignment of slots to servers when "ready" was last emitted. */
  #known = "";

  /**
   * @param cluster whose slots it follows
   * @param open a connection, not connected yet, to one server
   */
  constructor(cluster: OrderedCluster, open: (owner: string) => Redis) {
    super();
    this.#cluster = cluster;
    this.#open = open;
    cluster.on("refresh", this.#follow);
  }

  get status(): "ready" | "connecting" {
    return [...this.#servers.values()].every(({ status }) => status === "ready") ? "ready" : "connecting";
  }

  /** Resolves when all servers can be subscribed to. */
  async connect(): Promise<void> {
    const ready = once(this, "ready");
    this.#compare();
    await ready;
  }

  async ssubscribe(channel: string): Promise<unknown> {
    return this.#serverOf(channel).ssubscribe(channel);
  }

  async sunsubscribe(channel: string): Promise<unknown> {
    return this.#serverOf(channel).sunsubscribe(channel);
  }

  disconnect(): void {
    this.#cluster.off("refresh", this.#follow);
    for (const server of this.#servers.values()) server.disconnect();
  }

  #serverOf(channel: string): Redis {
    const slot = new Command("get", [channel]).getSlot();
    const server = this.#servers.get(this.#cluster.slots[slot]?.[0] ?? "");
    if (!server) throw new Error(`nobody has slot ${slot}`);
    return server;
  }

  #compare(): void {
    const now = this.#cluster.slots.map(([owner]) => owner).join();
    if (now === this.#known) return;
    this.#known = now;
    const owners = new Set(this.#cluster.owners.filter(Boolean));
    for (const [owner, server] of this.#servers) {
      if (owners.has(owner)) continue;
      this.#servers.delete(owner); // before others are asked to send the same
      server.disconnect();
    }
    for (const owner of owners) if (!this.#servers.has(owner)) this.#listen(owner);
    this.#announce();
  }

  #listen(owner: string): void {
    const server = this.#open(owner);
    this.#servers.set(owner, server);
    server.on("smessage", (channel: string, message: string) => this.emit("smessage", channel, message));
    server.on("ready", () => this.#announce());
    server.on("moved", () => {
      this.#known = ""; // it takes subscriptions away, or refuses them
      this.#cluster.refreshSlotsCache();
    });
    server.connect().catch(() => {}); // it tries again by itself
  }

  #announce(): void {
    if (this.status === "ready") this.emit("ready");
  }
}
