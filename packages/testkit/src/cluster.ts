import type { Timing } from "@switchyard/doctor";
import { entryNumberOf, type Store } from "@switchyard/store";
import type { Redis } from "ioredis";
import type { CleanUp } from "./clean-up.ts";
import { openRawSocket, type RawHeaders, type RawSocket } from "./client/raw-socket.ts";
import { openTcpProxy, type TcpProxy } from "./client/tcp-proxy.ts";
import { type ClientOptions, type Progress, TestClient } from "./client/test-client.ts";
import { expectHealthy } from "./health.ts";
import { expectNoAclDenials } from "./redis/redis-access.ts";
import type { TestRedis } from "./redis/redis-program.ts";
import { DEPLOYED } from "./service/deployed.ts";
import { loadDialects } from "./service/loaded.ts";
import { type Environment, type Service, type ServiceName, unlimited } from "./service/service.ts";
import { type ServiceProcess, startService } from "./service/service-process.ts";

import { until } from "./until.ts";

export interface ClusterOptions {
  readonly nodes?: number;
  readonly matchmakers?: number;
  /** For every process. Limits are far above what a test does, unless it sets its own. */
  readonly environment?: Environment;
  /** The path or URL of a module whose `dialects` the services serve; by default the registry. */
  readonly dialects?: string;
  /** Default: one of its own. A caller that gives one stops it. */
  readonly redis?: TestRedis;
  /** Whether the doctor must find nothing in its Redis at the end, which is so by default. Not where a test does damage on purpose. */
  readonly examined?: boolean;
}

/** The clusters that run in this worker. */
export const runningClusters = new Set<{
  readonly nodes: readonly Service[];
  readonly matchmakers: readonly Service[];
  readonly processes: readonly Service[];
}>();

const PATIENT_CONNECT_MS = 20_000;

/** Starts a service with these settings: in this process, or as one of its own. */
export type Start<Kind> = (name: ServiceName, environment: Environment, dialects?: string) => Promise<Kind>;

/** Nodes and matchmakers on a Redis of their own, and the clients that a test connects to them. */
export class TestCluster<Kind extends Service = Service> {
  readonly nodes: Kind[] = [];
  readonly matchmakers: Kind[] = [];
  /** Those of `startProcess`. */
  readonly processes: ServiceProcess[] = [];
  readonly redisServer: TestRedis;
  readonly redis: Redis;
  readonly store: Store;
  readonly #environment: Environment;
  readonly #dialects: string | undefined;
  readonly #cleanUp: CleanUp;
  readonly #isExamined: boolean;
  readonly #clients = new Set<TestClient>();
  readonly #start: Start<Kind>;

  constructor(
    start: Start<Kind>,
    cleanUp: CleanUp,
    redisServer: TestRedis,
    redis: Redis,
    store: Store,
    { environment = {}, dialects, examined = true }: ClusterOptions,
  ) {
    this.#start = start;
    this.#cleanUp = cleanUp;
    this.#isExamined = examined;
    this.#dialects = dialects;
    this.redisServer = redisServer;
    this.redis = redis;
    this.store = store;
    this.#environment = { ...unlimited, ...environment, REDIS_URL: redisServer.url };
    runningClusters.add(this);
    cleanUp.add(() => runningClusters.delete(this));
  }

  async start(name: ServiceName, environment: Environment = {}): Promise<Kind> {
    const service = await this.#start(name, { ...this.#environment, ...environment }, this.#dialects);
    this.#cleanUp.add(() => service.stop());
    (name === "signaling" ? this.nodes : this.matchmakers).push(service);
    return service;
  }

  /** Starts a service as a process of its own, whatever the others are: to be killed, or stopped. */
  async startProcess(name: ServiceName, environment: Environment = {}): Promise<ServiceProcess> {
    const service = await startService(name, { ...this.#environment, ...environment }, this.#dialects);
    this.#cleanUp.add(service.stop);
    this.processes.push(service);
    return service;
  }

  node(index: number): Kind {
    const node = this.nodes[index];
    if (!node) throw new Error(`there is no node ${index}`);
    return node;
  }

  /** A client that is connected to the node, or to whatever has that URL. */
  async connect(to: number | { readonly url: string }, options: ClientOptions = {}): Promise<TestClient> {
    const client = this.client(to, options);
    await client.connected();
    return client;
  }

  /** A client that connects when it can. */
  client(to: number | { readonly url: string }, options: ClientOptions = {}): TestClient {
    const url = typeof to === "number" ? this.node(to).url : to.url;
    const timeout = timeoutWithin(Number(this.#environment["RECONNECT_GRACE_MS"] ?? 0));
    const client = new TestClient(url, { ...timeout, ...options }, (session) => this.#progressOf(session));
    this.#clients.add(client);
    return client;
  }

  /** A door to a node, to be led elsewhere. */
  async proxy(node: number | Service): Promise<TcpProxy> {
    const proxy = await openTcpProxy(this.#nodeOf(node).port);
    this.#cleanUp.add(proxy.close);
    return proxy;
  }

  /** A bare WebSocket to a node. */
  async rawSocket(node: number | Service, query?: string, headers?: RawHeaders): Promise<RawSocket> {
    const socket = await openRawSocket(this.#nodeOf(node).port, query, headers);
    this.#cleanUp.add(socket.close);
    return socket;
  }

  /** All clients leave; resolves when none is left: not connected, not waiting, in no room. */
  readonly empty = async (): Promise<void> => {
    for (const client of this.#clients) client.leave();
    this.#clients.clear();
    const dialects = await loadDialects(this.#dialects);
    const waitedIn = dialects.flatMap(({ queues }) => queues);
    await until("everybody to be gone", async () => {
      const { presence, queues } = this.store;
      const figures = await Promise.all([
        ...dialects.map(async ({ name }) => [`present in ${name}`, await presence.count(name)] as const),
        ...dialects.map(async ({ name }) => [`rooms of ${name}`, await presence.rooms(name)] as const),
        ...waitedIn.map(async (queue) => [`waiting in ${queue}`, (await queues.figures(queue)).waiting] as const),
      ]);
      const left = figures.filter(([_, figure]) => figure > 0);
      if (left.length > 0) throw new Error(left.map(([what, figure]) => `${figure} ${what}`).join(", "));
      return true;
    });
  };

  async #progressOf(session: string): Promise<Progress> {
    const record = await this.store.sessions.read(session);
    const { number = 0, dialect, feed } = record ?? {};
    if (!dialect || feed === undefined) return { number, entry: 0 };
    const entries = await this.store.feeds.before(dialect, undefined, 100);
    const last = entries.findLast(({ except }) => !except.includes(session));
    return { number, entry: last && last.number > entryNumberOf(feed.last) ? last.number : 0 };
  }

  /** Nodes that died are cleared up after by matchmakers: where a test has none, by one that comes for that. */
  async #examine(): Promise<void> {
    const hasSweep = this.#isDeployed || this.matchmakers.length > 0;
    if (!hasSweep && (await this.store.nodes.expired()).length > 0) await this.start("matchmaker");
    await expectHealthy(this, timingOf(this.#environment));
  }

  get #isDeployed(): boolean {
    return this.nodes.some(({ id }) => id === DEPLOYED);
  }

  #nodeOf(node: number | Service): Service {
    return typeof node === "number" ? this.node(node) : node;
  }

  readonly stop = async (): Promise<void> => {
    try {
      if (this.redis.status === "ready") {
        if (this.#isExamined) await this.#examine();
        await expectNoAclDenials(this.redis);
      }
    } finally {
      for (const client of this.#clients) client.leave();
      await this.#cleanUp.run();
    }
  };
}

/**
 * After how long a client gives up an attempt to connect. Where graces are long that is longer than a machine stands still: what a
 * client has given up may be let in all the same, and counts then until its grace is over.
 */
function timeoutWithin(graceMs: number): ClientOptions {
  return graceMs >= 2 * PATIENT_CONNECT_MS ? { timeout: PATIENT_CONNECT_MS } : {};
}

/** The services' timing, with their defaults for settings that a test does not set. */
function timingOf({ LEASE_MS = 3000 }: Environment): Timing {
  return { leaseMs: Number(LEASE_MS), sweepMs: 1000 };
}
