import { RedisAdapter } from "@socket.io/redis-adapter";
import type { RedisServers } from "@switchyard/runtime";
import type { Redis } from "ioredis";
import type { Namespace } from "socket.io";

/** The prefix of the channels, which Socket.IO's emitters use by default. */
const KEY = "socket.io";
const PACKETS = `${KEY}#*`;

type Listener = (message: Buffer, channel: Buffer) => unknown;

/**
 * The channels by which the adapters of all nodes, and emitters, reach one another: classic pub/sub, since there is no emitter for the
 * sharded one. One pattern for all namespaces, so that it can be granted as it stands, whatever dialects are served. Best effort: what is
 * published while a node's connection is broken does not reach its clients.
 */
export class EmitBus {
  readonly #publisher: Redis;
  readonly #subscriber: Redis;
  readonly #onFailure: (error: unknown) => void;
  readonly #channels = new Map<string, Listener>();
  readonly #prefixes = new Map<string, Listener>();
  /** By this the adapter knows that it is to subscribe with listeners. */
  readonly pSubscribe = (pattern: string, listener: Listener): void => {
    this.#prefixes.set(pattern.slice(0, -1), listener);
  };

  /** @param subscriber a connection of its own */
  constructor(publisher: Redis, subscriber: Redis, onFailure: (error: unknown) => void) {
    this.#publisher = publisher;
    this.#subscriber = subscriber;
    this.#onFailure = onFailure;
  }

  /** Resolves when it is subscribed. */
  async begin(): Promise<void> {
    const receive = (channel: Buffer, message: Buffer) => {
      this.#receive(channel, message).catch(this.#onFailure); // whatever is published ends no node
    };
    this.#subscriber.on("pmessageBuffer", (_: unknown, channel: Buffer, message: Buffer) => receive(channel, message));
    this.#subscriber.on("messageBuffer", receive);
    this.#subscriber.on("ready", () => void this.#subscribe().catch(this.#onFailure));
    await this.#subscribe();
  }

  /** For requests and responses: adapters count those who subscribe to a channel by its name. */
  subscribe(channels: readonly string[], listener: Listener): void {
    for (const channel of channels) this.#channels.set(channel, listener);
    this.#subscriber.subscribe(...channels).catch(this.#onFailure);
  }

  publish(channel: string, message: string | Buffer): void {
    this.#publisher.publish(channel, message).catch(this.#onFailure);
  }

  /** How many nodes have that request channel. */
  async listeners(channel: string): Promise<number> {
    const [, count] = (await this.#publisher.pubsub("NUMSUB", channel)) as [string, number];
    return Number(count);
  }

  /** The adapter closes with its node, and these with it. */
  pUnsubscribe(): void {}
  unsubscribe(): void {}
  on(): void {}
  off(): void {}

  async #subscribe(): Promise<void> {
    await this.#subscriber.psubscribe(PACKETS);
    if (this.#channels.size > 0) await this.#subscriber.subscribe(...this.#channels.keys());
  }

  async #receive(channel: Buffer, message: Buffer): Promise<void> {
    const name = channel.toString();
    const listener = this.#channels.get(name) ?? [...this.#prefixes].find(([prefix]) => name.startsWith(prefix))?.[1];
    await listener?.(message, channel);
  }
}

/** Opens the bus of a node, where the setting says so. */
export async function openEmits(
  isOn: boolean,
  { node, stops, onFailure }: { node: string; stops: AsyncDisposableStack; onFailure: (error: unknown) => void },
  { openClassic }: Pick<RedisServers, "openClassic">,
): Promise<EmitBus | undefined> {
  if (!isOn) return undefined;
  const [publisher, subscriber] = [await openClassic(`${node}-emit`), await openClassic(`${node}-emits`)];
  for (const redis of [publisher, subscriber]) stops.defer(() => redis.disconnect());
  const bus = new EmitBus(publisher, subscriber, onFailure);
  await bus.begin();
  return bus;
}

/** Socket.IO's adapter over that bus: `emit`, `fetchSockets`, `disconnectSockets` and `serverSideEmit` reach all nodes. */
export function emitAdapter(bus: EmitBus) {
  return class EmitAdapter extends RedisAdapter {
    readonly #requests: string;

    constructor(namespace: Namespace) {
      super(namespace, bus, bus, { key: KEY });
      this.#requests = `${KEY}-request#${namespace.name}#`;
    }

    override serverCount(): Promise<number> {
      return bus.listeners(this.#requests);
    }
  };
}
