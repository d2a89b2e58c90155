import type { TimerWheel, WireOwner } from "@switchyard/load";
import { WireClient } from "@switchyard/load";

const NAMESPACE = "/random";
const ARRIVED_WITHIN_MS = 120_000;
/** A session that is there for longer after its ban counts as not banned. */
const GONE_WITHIN_MS = 30_000;
/** Users of one /24: so many are gone by a ban of their network. */
export const USERS_OF_A_NETWORK = 10;
const NETWORKS_OF_A_BLOCK = 250;
/** How many connect at a time: the next one begins when one of them waits, so as fast as the nodes bear. */
const ARRIVE_AT_ONCE = 32;

/** How the session of somebody who is banned ended. */
export interface Departure {
  /** When its client heard that it is disconnected, by `performance.now()`. */
  readonly atMs: number;
  /** Whether it received before that it is banned. */
  readonly isTold: boolean;
}

/** A user's client that waits in `random`, from a source address of the loopback network that is shared with no other user. */
export class Target implements WireOwner<"join"> {
  readonly user: string;
  /** In CIDR notation: its address and those of nine others. */
  readonly network: string;
  readonly #client: WireClient<"join">;
  readonly #joined = Promise.withResolvers<void>();
  #gone: ((departure: Departure) => void) | undefined;
  #isTold = false;
  #attempts = "";

  constructor(url: string, number: number, wheel: TimerWheel) {
    const network = Math.floor(number / USERS_OF_A_NETWORK);
    const prefix = `127.${1 + Math.floor(network / NETWORKS_OF_A_BLOCK)}.${network % NETWORKS_OF_A_BLOCK}`;
    const source = `${prefix}.${1 + (number % USERS_OF_A_NETWORK)}`;
    this.user = `user-${number}`;
    this.network = `${prefix}.0/24`;
    this.#client = new WireClient({ url, namespace: NAMESPACE, wheel, random: Math.random, source }, this);
  }

  /** Connects, and tries again where the node is too busy for that; resolves when it waits for a partner. */
  async arrive(): Promise<void> {
    const late = () => this.#joined.reject(new Error(`${this.user} did not get in${this.#attempts}`));
    const timer = setTimeout(late, ARRIVED_WITHIN_MS);
    this.#client.connect();
    await this.#joined.promise.finally(() => clearTimeout(timer));
  }

  /** Resolves when its session ends from now on; `undefined`: it does not within 30 s. */
  departure(): Promise<Departure | undefined> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(undefined), GONE_WITHIN_MS);
      this.#gone = (departure) => {
        clearTimeout(timer);
        resolve(departure);
      };
    });
  }

  close(): void {
    this.#client.disconnect();
  }

  onConnect(): void {
    this.#client.emit("join", { userId: this.user, type: "chat" }, "join");
  }

  wants(name: string): boolean {
    return name === "error";
  }

  onEvent(_name: string, [error]: readonly unknown[]): void {
    this.#isTold ||= JSON.stringify(error).includes('"banned"');
  }

  onAnswer(_request: "join", answer: unknown): void {
    if ((answer as { readonly ok?: boolean } | undefined)?.ok) this.#joined.resolve();
    else if (answer !== undefined) this.#joined.reject(new Error(`${this.user}: ${JSON.stringify(answer)}`));
  }

  onDisconnect(): void {
    this.#gone?.({ atMs: performance.now(), isTold: this.#isTold });
  }

  onRefused(message: string): void {
    this.#joined.reject(new Error(`${this.user} was refused: ${message}`));
  }

  onFailure(message: string): void {
    this.#attempts = `; the last attempt: ${message}`;
  }
}

/** Resolves when all of them wait for a partner. */
export async function arriveAll(targets: readonly Target[]): Promise<void> {
  let next = 0;
  const lane = async () => {
    for (let target = targets[next++]; target; target = targets[next++]) await target.arrive();
  };
  await Promise.all(Array.from({ length: ARRIVE_AT_ONCE }, lane));
}
