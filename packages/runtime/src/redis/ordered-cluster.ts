import { once } from "node:events";
import { Cluster, type Command, type Redis } from "ioredis";
import { batchWrites } from "../batched-writes.ts";
import { watchHeartbeat } from "../heartbeat.ts";
import { nameOf, type ServerAddress, type ServerOptions } from "./server-address.ts";
import { retryAfter, strict } from "./strict.ts";

/** Replicas are added and removed without a notification. */
const REFRESH_EVERY_MS = 10_000;
const LOOK_AGAIN_MS = 200;
const WHOLE_WITHIN_MS = 10_000;

/**
 * A Redis Cluster as one connection that fails fast: to each server goes one connection; commands with keys of one slot are carried out
 * in the order in which they were given, and none is sent again but one that a server refused because the slot is elsewhere (MOVED, ASK).
 *
 * While a slot's commands are redirected, later ones wait until those before are answered: sent to the new server at once, they would
 * overtake what the old one still has to refuse. "ready" is emitted whenever all slots can be reached again.
 */
export class OrderedCluster extends Cluster {
  readonly #servers = new Map<string, Redis>();
  /** Number of commands of each slot that have no answer yet. */
  readonly #unanswered = new Map<number, number>();
  readonly #waiting = new Map<number, Command[]>();

  constructor(addresses: readonly ServerAddress[], options: ServerOptions, name: string) {
    const { retryStrategy: _, enableOfflineQueue: __, ...node } = strict(name);
    super([...addresses], {
      redisOptions: { ...options, ...node },
      lazyConnect: true,
      enableOfflineQueue: false,
      enableReadyCheck: false,
      slotsRefreshInterval: REFRESH_EVERY_MS,
      retryDelayOnFailover: 0,
      retryDelayOnClusterDown: 0,
      clusterRetryStrategy: retryAfter,
    });
    withoutClassicPubSub(this);
    this.on("error", () => {});
    this.on("+node", (server: Redis) => this.#come(server));
    this.on("-node", (server: Redis) => this.#gone(server));
  }

  /** Whether the server of every slot can be reached. */
  get isWhole(): boolean {
    const owners = this.owners;
    return this.status === "ready" && !owners.includes("") && owners.every((owner) => this.#isReady(owner));
  }

  /** The servers that have slots, each as `host:port`; an empty name among them if some slots have no server. */
  get owners(): string[] {
    const owners = new Set<string>();
    for (let slot = 0; slot < 16_384; slot += 1) owners.add(this.slots[slot]?.[0] ?? "");
    return [...owners];
  }

  /**
   * Resolves when all slots can be reached.
   * @throws Error when that takes too long
   */
  async whole(): Promise<void> {
    const signal = AbortSignal.timeout(WHOLE_WITHIN_MS);
    while (!this.isWhole) await once(this, "ready", { signal });
  }

  override sendCommand(command: Command, stream?: Parameters<Cluster["sendCommand"]>[1], node?: unknown): unknown {
    const slot = stream || node ? null : (command.getSlot() as number | null);
    if (slot === null) return super.sendCommand(command, stream, node);
    const waiting = this.#waiting.get(slot);
    if (waiting) waiting.push(command);
    else this.#send(slot, command);
    return command.promise;
  }

  override handleError(
    error: Error,
    ttl: Parameters<Cluster["handleError"]>[1],
    handlers: { readonly defaults: () => void },
  ): void {
    const [code, slot] = error.message.split(" ");
    if (code === "TRYAGAIN") return handlers.defaults(); // it would be sent again later, behind others
    if (code === "CLUSTERDOWN") this.refreshSlotsCache();
    if (code === "MOVED") this.#holdBack(Number(slot));
    super.handleError(error, ttl, handlers);
  }

  #send(slot: number, command: Command): void {
    const owner = this.slots[slot]?.[0] ?? "";
    if (!this.#isReady(owner)) {
      // ioredis would send it to any server, which redirects it to the right one: order would be lost
      command.reject(new Error(`Redis at ${owner || "no address"}, which has slot ${slot}, can't be reached`));
      return;
    }
    this.#unanswered.set(slot, (this.#unanswered.get(slot) ?? 0) + 1);
    const answered = () => this.#answered(slot);
    command.promise.then(answered, answered);
    super.sendCommand(command);
  }

  #holdBack(slot: number): void {
    if (this.#unanswered.has(slot) && !this.#waiting.has(slot)) this.#waiting.set(slot, []);
  }

  #answered(slot: number): void {
    const left = (this.#unanswered.get(slot) ?? 1) - 1;
    if (left > 0) {
      this.#unanswered.set(slot, left);
      return;
    }
    this.#unanswered.delete(slot);
    const waiting = this.#waiting.get(slot) ?? [];
    this.#waiting.delete(slot);
    for (const command of waiting) this.sendCommand(command);
  }

  #isReady(owner: string): boolean {
    return this.#servers.get(owner)?.status === "ready";
  }

  #come(server: Redis): void {
    this.#servers.set(keyOf(server), server);
    batchWrites(server);
    watchHeartbeat(server);
    server.on("ready", () => this.isWhole && this.emit("ready"));
    server.connect().catch(() => {}); // it is looked for again when it has gone
  }

  #gone(server: Redis): void {
    const key = keyOf(server);
    if (this.#servers.get(key) === server) this.#servers.delete(key);
    setTimeout(() => this.status === "ready" && this.refreshSlotsCache(), LOOK_AGAIN_MS).unref();
  }
}

function keyOf({ options: { host = "", port = 0 } }: Redis): string {
  return nameOf({ host, port });
}

/** Avoids the connection that ioredis opens for classic pub/sub, which is not used here. */
export function withoutClassicPubSub(cluster: Cluster): Cluster {
  const { subscriber } = cluster as unknown as { subscriber: { start(): void } };
  subscriber.start = () => {};
  return cluster;
}
