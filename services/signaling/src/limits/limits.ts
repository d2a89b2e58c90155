import type { Command } from "@switchyard/dialects";
import type { NodeId } from "@switchyard/protocol";
import type { Logger } from "@switchyard/runtime";
import { keys, type Store } from "@switchyard/store";
import type { Redis } from "ioredis";
import type { SignalingConfig } from "../config.ts";
import { AccountLimits } from "./account-limits.ts";
import { AddressAllowance, type Decision, type OverLimit } from "./address-allowance.ts";
import { Allowance, type AllowanceOptions, Outage } from "./allowance.ts";
import { ByteAllowance, bytesKeptBy } from "./byte-allowance.ts";
import { type Trust, trustIn } from "./client-address.ts";
import { ConnectAllowances } from "./connect-allowances.ts";
import { ConnectionAllowance, type CountedConnection } from "./connection-allowance.ts";
import { ConnectionLimit } from "./connection-limit.ts";
import { EventAllowance } from "./event-allowance.ts";
import { Refusals } from "./refusals.ts";
import { type AllowanceName, allowanceNames, type Subject } from "./subject.ts";

export interface LimitParts {
  readonly config: SignalingConfig;
  /** A connection that answers in order and fails fast. */
  readonly redis: Redis;
  readonly store: Store;
  readonly node: NodeId;
  readonly logger: Logger;
  /** How many nodes are alive. */
  readonly nodes: () => number;
  /** Is told of all bytes that count, and of what. */
  readonly onBytes: (bytes: number, of: Charged) => void;
}

/** The things that bytes count for: what clients send, the deliveries to others that it leads to, and their sessions. */
export type Charged = "events" | "deliveries" | "connects";

/** Every limit of a node, counted over the whole cluster. */
export class Limits {
  readonly trust: Trust;
  readonly accounts: AccountLimits;
  readonly connections: ConnectionLimit;
  readonly connects: ConnectAllowances;
  readonly #bytes: ByteAllowance;
  readonly #onBytes: LimitParts["onBytes"];
  readonly #events: Readonly<Record<AllowanceName, EventAllowance>>;
  readonly #refusals: Refusals;
  readonly #requests: Allowance;
  readonly #figures: Allowance;
  readonly #rooms: Allowance;
  readonly #notices: Allowance;
  readonly #noticesToAll: Allowance;

  constructor(parts: LimitParts) {
    const { config, redis, store, node, logger, nodes } = parts;
    const outage = new Outage(logger);
    const duration = config.RATE_LIMIT_DURATION;
    const ofRequests = (points: number) => new Allowance(redis, { points, duration }, outage);
    const ofEvents = (name: AllowanceName, points: number) => {
      const options = { points, duration };
      const users = new Allowance(redis, options, outage);
      return new EventAllowance({ name, users, ...sharedAllowances(name, options, parts, outage) });
    };
    this.trust = trustIn(config.TRUST_PROXY);
    this.#events = {
      costly: ofEvents("costly", config.RATE_LIMIT_POINTS),
      signal: ofEvents("signal", config.SIGNAL_RATE_LIMIT_POINTS),
      free: ofEvents("free", config.SIGNAL_RATE_LIMIT_POINTS),
      ignored: ofEvents("ignored", config.SIGNAL_RATE_LIMIT_POINTS),
    };
    const ofConnects = { points: config.CONNECT_RATE_LIMIT_POINTS, duration: config.CONNECT_RATE_LIMIT_DURATION };
    const bytes = config.ADDRESS_RATE_LIMIT_USERS === 0 ? 0 : config.ADDRESS_RATE_LIMIT_BYTES;
    this.#bytes = new ByteAllowance({ bytes, duration, nodes });
    this.#onBytes = parts.onBytes;
    this.connects = new ConnectAllowances({
      bytes: {
        check: (address) => this.#bytes.check(address),
        use: (address, used) => this.#use(address, used, "connects"),
      },
      users: new Allowance(redis, ofConnects, outage),
      ...sharedAllowances("connect", ofConnects, parts, outage),
    });
    const ofRefusals = { points: config.MAX_REFUSED_EVENTS, duration };
    this.#refusals = new Refusals(sharedAllowances("refused", ofRefusals, parts, outage));
    this.#requests = ofRequests(config.HTTP_RATE_LIMIT_POINTS);
    this.#figures = ofRequests(config.HTTP_RATE_LIMIT_POINTS);
    this.#rooms = ofRequests(config.CREATE_ROOM_RATE_LIMIT_POINTS);
    this.#notices = ofRequests(config.EVENTS_RATE_LIMIT_POINTS);
    this.#noticesToAll = ofRequests(config.BROADCAST_RATE_LIMIT_POINTS);
    this.accounts = accountLimits(parts);
    const { MAX_CONNECTIONS_PER_IP: max, LEASE_MS: leaseMs } = config;
    this.connections = new ConnectionLimit({ store, node, max, leaseMs, outage });
  }

  /**
   * Counts an event from a client, for its user, its connection and its address.
   * @param command the event's; `undefined` where no dialect has such an event
   */
  takeEvent(
    allowance: AllowanceName,
    subject: Subject,
    command: Command | undefined,
    args: readonly unknown[],
  ): Decision {
    if (!subject.isUser) this.recognize(subject);
    const { address } = subject.connection;
    const outlasts = command?.outlasts === true;
    const isCostly = allowance === "costly" || outlasts;
    // a client can always leave, hang up and ask where it is
    const mayWait = isCostly || allowance === "signal" || command?.refusedIfMuted === true;
    const over = mayWait ? this.#bytes.check(address) : undefined;
    if (over) return over;
    const decision = this.#events[allowance].take(subject);
    const isRefused = decision !== undefined && !(decision instanceof Promise);
    if (isCostly && command && !isRefused) this.#use(address, bytesKeptBy(args, subject.user, outlasts), "events");
    return decision;
  }

  /**
   * Counts what is done for a client beyond its event itself: bytes that others are sent, and that their outboxes keep.
   * @param connection of Engine.IO, whose id is private there
   */
  charge(connection: object, bytes: number): void {
    this.#use((connection as CountedConnection).address, bytes, "deliveries");
  }

  #use(address: string | undefined, bytes: number, of: Charged): void {
    this.#onBytes(bytes, of);
    this.#bytes.use(address, bytes);
  }

  /**
   * Counts an event, or a request for a namespace, that was refused.
   * @returns the limit because of which the connection is to be closed, if it is
   */
  takeRefusal(connection: CountedConnection): OverLimit | undefined {
    return this.#refusals.take(connection);
  }

  /** If the user of a connection has become known, the use of its session so far counts for that user. */
  recognize(subject: Subject): void {
    const before = allowanceNames.map((name) => [name, subject.keyOf(name)] as const);
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

  /** Counts an event of a back end: to everyone in a dialect, or to a user or a room. */
  takeNotice(isToAll: boolean): number | Promise<number> {
    if (isToAll) return this.#noticesToAll.take(keys.limitOf("events", "broadcast"));
    return this.#notices.take(keys.limitOf("events", "targeted"));
  }
}

/** The allowances of connections and of addresses where a user has this one; a connection has the same, for all that use it. */
function sharedAllowances(
  name: string,
  options: AllowanceOptions,
  { redis, config: { ADDRESS_RATE_LIMIT_USERS: users } }: LimitParts,
  outage: Outage,
) {
  const limit = `address-${name}`;
  const keyOf = (address: string) => keys.limitOf(limit, address);
  const ofAddresses = { ...options, points: options.points * users, keyOf };
  return {
    connections: new ConnectionAllowance(options),
    addresses: new AddressAllowance(limit, users === 0 ? undefined : new Allowance(redis, ofAddresses, outage)),
  };
}

function accountLimits({ redis, config }: LimitParts): AccountLimits {
  return new AccountLimits(redis, {
    register: { points: config.REGISTER_RATE_LIMIT_POINTS, duration: config.REGISTER_RATE_LIMIT_DURATION },
    login: { points: config.LOGIN_RATE_LIMIT_POINTS, duration: config.LOGIN_RATE_LIMIT_DURATION },
    tries: config.LOGIN_FREE_TRIES,
    blockDuration: config.LOGIN_BLOCK_DURATION,
  });
}
