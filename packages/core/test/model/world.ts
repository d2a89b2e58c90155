import { randomBytes } from "node:crypto";
import { type Cluster, type Context, UNSAID_NOTICE_MS } from "@switchyard/core";
import { openContext } from "@switchyard/dialects";
import type { DialectName, SessionId } from "@switchyard/protocol";
import { keys, type Store } from "@switchyard/store";
import { gatedStore } from "./gated-store.ts";
import { Hub } from "./hub.ts";
import { ConnectionLost, Interleaver } from "./interleaver.ts";
import { Claims } from "./invariant/claims.ts";
import { ModelMatchmaker } from "./matchmaker.ts";
import { ModelLease } from "./model-lease.ts";
import { ModelNode } from "./node.ts";
import { Connection, type Page } from "./page/page.ts";
import { type Connections, keysLike, type Redis } from "./redis.ts";
import type { Setting } from "./setting.ts";
import { lapse } from "./stalls.ts";

const GRACE_MS = 60_000;
/** More than a process can be wrong about Redis's time. */
const CLOCK_ERROR_MS = 1000;
const LEASE_MS = 1000 * 3600 * 1000;

/** A whole cluster in one process, whose every step is chosen: nodes, matchmakers, and pages that use them. */
export class World {
  readonly tag = `w${randomBytes(5).toString("hex")}`;
  readonly setting: Setting;
  readonly dialect: DialectName;
  readonly queues: readonly string[];
  readonly leaseMs = LEASE_MS;
  readonly interleaver = new Interleaver();
  readonly pages: readonly Page[];
  readonly nodes: ModelNode[] = [];
  /** Which node took a connection. */
  readonly nodeOf = new Map<Connection, ModelNode>();
  readonly matchmakers: ModelMatchmaker[] = [];
  readonly sessions: SessionId[] = [];
  readonly rooms: string[] = [];
  readonly claims = new Claims();
  readonly faults: string[] = [];
  readonly redis: Redis;
  readonly store: Store;
  readonly hub: Hub;
  readonly #connections: Connections;
  readonly #closed: Connection[] = [];
  #born = 0;

  private constructor(connections: Connections, setting: Setting) {
    this.#connections = connections;
    this.setting = setting;
    this.dialect = `${this.tag}${setting.dialect.name}` as DialectName;
    this.queues = setting.queues.map((queue) => this.tag + queue);
    this.pages = setting.pages(this.tag);
    this.store = connections.store;
    this.redis = connections.redis;
    this.hub = new Hub(connections.subscriber);
  }

  static async open(connections: Connections, setting: Setting): Promise<World> {
    const world = new World(connections, setting);
    await Promise.all(world.queues.map((queue) => world.store.assignments.prepare(queue)));
    for (let i = 0; i < 2; i += 1) {
      await world.startNode();
      world.startMatchmaker();
    }
    return world;
  }

  get live(): readonly ModelNode[] {
    return this.nodes.filter(({ alive }) => alive);
  }

  async startNode(): Promise<ModelNode> {
    const id = `${this.tag}n${this.#born++}`;
    const { dialect, hub, interleaver } = this;
    const lease = new ModelLease(LEASE_MS);
    const node = new ModelNode({
      ...{ id, dialect, cluster: this.#cluster(id, lease), hub, interleaver, lease },
      start: (what, flow) => this.start(id, what, flow),
      newSession: () => this.#newSession(),
    });
    this.nodes.push(node);
    await this.store.nodes.describe(id, { is: "a model" });
    lease.renewed(await this.store.nodes.renew(id, LEASE_MS));
    return node;
  }

  startMatchmaker(): ModelMatchmaker {
    const id = `${this.tag}m${this.#born++}`;
    const cluster = this.#cluster(id);
    const matchmaker = new ModelMatchmaker({
      id,
      cluster,
      context: cluster.contexts.get(this.dialect) as Context,
      reader: this.#connections.reader,
      newRoom: () => this.#newRoom(),
      start: (what, flow) => this.start(id, what, flow),
    });
    this.matchmakers.push(matchmaker);
    return matchmaker;
  }

  /** A process is killed: its connections close, its lease runs out, another one is started in its place. */
  async killNode(node: ModelNode): Promise<void> {
    node.alive = false;
    this.interleaver.kill(node.id);
    for (const held of this.hub.held) {
      if (this.nodeOf.get(held.connection) === node) this.hub.leave(held.participant.session, held);
    }
    const open = this.pages.map(({ connection }) => connection);
    for (const one of open) if (one && this.nodeOf.get(one) === node) one.page.hangUpIf(one);
    await lapse(this, node);
    await this.startNode();
  }

  killMatchmaker(matchmaker: ModelMatchmaker): void {
    this.interleaver.kill(matchmaker.id);
    this.matchmakers.splice(this.matchmakers.indexOf(matchmaker), 1);
    this.startMatchmaker();
  }

  /** Everybody's grace is over, that of the sessions of dead nodes too. */
  async pass(): Promise<void> {
    this.#connections.time.aheadMs += GRACE_MS + UNSAID_NOTICE_MS + CLOCK_ERROR_MS;
    await this.store.clock.synchronize(this.redis);
  }

  /** A page connects to a node; what it had is closed. */
  connect(page: Page, node: ModelNode): void {
    this.hangUp(page);
    const connection = new Connection(page);
    page.connection = connection;
    this.nodeOf.set(connection, node);
    node.sockets.arrive(() => this.start(node.id, `connect ${page.name}`, () => node.connect(page, connection)));
  }

  /**
   * A page's connection closes; its node does not know yet.
   * @param forGood its client has said goodbye on it
   */
  hangUp(page: Page, forGood = false): void {
    const { connection } = page;
    if (connection) connection.hasDisconnected = forGood;
    page.hangUp();
    if (connection) this.#closed.push(connection);
  }

  /** A node notices a connection that is closed. */
  notice(choice: number): void {
    const [connection] = this.#closed.splice(choice % Math.max(1, this.#closed.length), 1);
    const node = connection && this.nodeOf.get(connection);
    if (connection && node?.alive) node.sockets.arrive(() => node.notice(connection));
  }

  get unnoticed(): number {
    return this.#closed.length;
  }

  start(process: string, what: string, flow: () => Promise<void>): void {
    flow().catch((error: unknown) => {
      if (error instanceof ConnectionLost) return;
      this.faults.push(`${process} ${what}: ${error instanceof Error ? error.stack : error}`);
    });
  }

  async close(): Promise<void> {
    await this.hub.close();
    for (const key of await this.keysLeft()) await this.redis.unlink(key);
    for (const node of this.nodes) await this.redis.zrem(keys.leases(), node.id);
  }

  /** Every key of this world. */
  async keysLeft(): Promise<string[]> {
    return keysLike(this.redis, `*${this.tag}*`);
  }

  #cluster(process: string, lease?: ModelLease): Cluster {
    const observe = this.claims.observe.bind(this.claims);
    const store = gatedStore(this.store, process, this.interleaver, observe, lease);
    const { dialect, queues, setting } = this;
    const rules = { roomRules: setting.rooms, onlineRules: undefined };
    const context = openContext({ ...setting.dialect, name: dialect, queues }, store, rules);
    return { store, contexts: new Map([[this.dialect, context]]), graceMs: GRACE_MS };
  }

  #newSession(): SessionId {
    const id = `${this.tag}s${this.sessions.length}`;
    this.sessions.push(id);
    return id;
  }

  #newRoom(): string {
    const id = `${this.tag}r${this.rooms.length}`;
    this.rooms.push(id);
    return id;
  }
}
