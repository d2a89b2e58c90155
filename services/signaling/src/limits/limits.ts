import type { NodeId } from "@switchyard/protocol";
import type { Logger } from "@switchyard/runtime";
import { keys, type Store } from "@switchyard/store";
import type { Redis } from "ioredis";
import type { SignalingConfig } from "../config.ts";
import { AccountLimits } from "./account-limits.ts";
import { Allowance, Outage } from "./allowance.ts";
import { type Trust, trustIn } from "./client-address.ts";
import { ConnectionLimit } from "./connection-limit.ts";
import type { AllowanceName, Subject } from "./subject.ts";

export interface LimitParts {
  readonly config: SignalingConfig;
  /** A connection that answers in order and fails fast. */
  readonly redis: Redis;
  readonly store: Store;
  readonly node: NodeId;
  readonly logger: Logger;
}

/** Every limit of a node, counted over the whole cluster. */
export class Limits {
  readonly trust: Trust;
  readonly accounts: AccountLimits;
  readonly connections: ConnectionLimit;
  readonly #events: Readonly<Record<AllowanceName, Allowance>>;
  readonly #requests: Allowance;
  readonly #figures: Allowance;
  readonly #rooms: Allowance;

  constructor({ config, redis, store, node, logger }: LimitParts) {
    const outage = new Outage(logger);
    const allowance = (points: number) =>
      new Allowance(redis, { points, duration: config.RATE_LIMIT_DURATION }, outage);
    this.trust = trustIn(config.TRUST_PROXY);
    this.#events = {
      costly: allowance(config.RATE_LIMIT_POINTS),
      signal: allowance(config.SIGNAL_RATE_LIMIT_POINTS),
      free: allowance(config.SIGNAL_RATE_LIMIT_POINTS),
      ignored: allowance(config.SIGNAL_RATE_LIMIT_POINTS),
    };
    this.#requests = allowance(config.HTTP_RATE_LIMIT_POINTS);
    this.#figures = allowance(config.HTTP_RATE_LIMIT_POINTS);
    this.#rooms = allowance(config.CREATE_ROOM_RATE_LIMIT_POINTS);
    this.accounts = new AccountLimits(redis, {
      register: { points: config.REGISTER_RATE_LIMIT_POINTS, duration: config.REGISTER_RATE_LIMIT_DURATION },
      login: { points: config.LOGIN_RATE_LIMIT_POINTS, duration: config.LOGIN_RATE_LIMIT_DURATION },
      tries: config.LOGIN_FREE_TRIES,
      blockDuration: config.LOGIN_BLOCK_DURATION,
    });
    const { MAX_CONNECTIONS_PER_IP: max, LEASE_MS: leaseMs } = config;
    this.connections = new ConnectionLimit({ store, node, max, leaseMs, outage });
  }

  /**
   * Counts an event from a client.
   * @returns 0 if it may be handled; else after how many ms one may be. A promise only where Redis has to be asked first
   */
  takeEvent(allowance: AllowanceName, subject: Subject): number | Promise<number> {
    if (!subject.isUser) this.recognize(subject);
    return this.#events[allowance].take(subject.keyOf(allowance));
  }

  /** If the user of a connection has become known, the use of its session so far counts for that user. */
  recognize(subject: Subject): void {
    const names = Object.keys(this.#events) as AllowanceName[];
    const before = names.map((name) => [name, subject.keyOf(name)] as const);
    if (!subject.recognize()) return;
    for (const [name, session] of before) this.#events[name].move(session, subject.keyOf(name));
  }

  /**
   * Counts an HTTP request.
   * @param address as `addressGroup` writes it
   */
  takeRequest(address: string): number | Promise<number> {
    return this.#requests.take(keys.limitOf("http", address));
  }

  /**
   * Counts a request for figures. They have an allowance of their own: supervisors ask for them too, from addresses that
   * clients may share.
   * @param address as `addressGroup` writes it
   */
  takeFigures(address: string): number | Promise<number> {
    return this.#figures.take(keys.limitOf("figures", address));
  }

  /**
   * Counts a meeting that is to be created.
   * @param address as `addressGroup` writes it
   */
  takeRoom(address: string): number | Promise<number> {
    return this.#rooms.take(keys.limitOf("create-room", address));
  }
}
