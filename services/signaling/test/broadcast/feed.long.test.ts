import {
  type LastingRedis,
  type ServiceProcess,
  startLastingRedis,
  startProcessCluster,
  type TestClient,
  type TestCluster,
  until,
} from "@switchyard/testkit";
import { beforeEach, describe, expect, test } from "vitest";
import { patient } from "../patient.ts";
import {
  dice,
  enterChatroom,
  expectWhole,
  type Followed,
  feedOf,
  followed,
  secret,
  type Watcher,
  watch,
} from "./feed-walk.ts";

const SEED = Number(process.env["PROPERTY_SEED"] ?? 1);
const STEPS = 150;
const WATCHERS = 5;

let redis: LastingRedis;
let cluster: TestCluster<ServiceProcess>;
beforeEach(async () => {
  redis = await startLastingRedis();
  return redis.stop;
});
beforeEach(async () => {
  // sessions of the node that is killed wait for so long besides the grace: no client of theirs comes back to it
  const times = { LEASE_MS: 1000, PING_TIMEOUT_MS: 10_000, RECONNECT_GRACE_MS: 20_000 };
  const environment = { ...patient, JWT_SECRET: secret, ...times };
  cluster = await startProcessCluster({ nodes: 3, redis, environment });
  return cluster.stop;
});
/** The steps of the nodes, of the clients that watch, and of those that come and go, one after another. */
class Walk {
  readonly watchers: Watcher[] = [];
  readonly #followed: Followed;
  readonly #roll = dice(SEED);
  readonly #guests: TestClient[] = [];
  readonly #pending: Promise<unknown>[] = [];

  constructor(subject: Followed) {
    this.#followed = subject;
  }

  async begin(): Promise<void> {
    for (let i = 0; i < WATCHERS; i += 1) this.watchers.push(await watch(cluster, this.#followed, this.#node()));
  }

  async step(): Promise<void> {
    const roll = this.#roll(100);
    if (roll < 35) this.#drop();
    else if (roll < 65) await this.#come();
    else if (roll < 80) this.#go();
    else if (roll < 97) this.#talk();
    else await this.#cutRedis();
  }

  /** A node dies; its clients come back to others. */
  async kill(): Promise<void> {
    const [victim] = cluster.nodes.splice(this.#roll(cluster.nodes.length), 1);
    await victim?.kill();
    for (const { proxy } of this.watchers) proxy.routeTo(this.#node().port);
    await cluster.start("signaling");
  }

  async end(): Promise<void> {
    await Promise.all(this.#pending);
    for (const guest of this.#guests) guest.leave();
    const { store } = cluster;
    const { dialect } = this.#followed;
    await until("the guests to be gone", async () => {
      const there = await store.presence.count(dialect);
      if (there === WATCHERS) return true;
      throw new Error(`${there} are there`);
    });
  }

  #drop(): void {
    const { client, proxy } = this.watchers[this.#roll(WATCHERS)] as Watcher;
    proxy.routeTo(this.#node().port);
    if (this.#roll(2) === 0 && client.socket.connected) client.cut();
    else proxy.cut();
  }

  async #come(): Promise<void> {
    const coming = enterChatroom(cluster, this.#followed.dialect, this.#node()).then(
      (guest) => void this.#guests.push(guest),
      () => {}, // its node was killed
    );
    this.#pending.push(coming);
    if (this.#roll(2) === 0) await coming;
  }

  #go(): void {
    const [guest] = this.#guests.splice(this.#roll(this.#guests.length), 1);
    if (!guest) return;
    if (this.#roll(3) > 0 || !guest.socket.connected) return guest.leave();
    guest.socket.io.reconnection(false);
    guest.cut();
  }

  #talk(): void {
    const guest = this.#guests[this.#roll(this.#guests.length)];
    for (let i = this.#roll(20); i > 0; i -= 1) guest?.send("send_message", { text: `${i}` });
  }

  /** All connections to Redis break, or only those on which it publishes. */
  async #cutRedis(): Promise<void> {
    const types = this.#roll(2) === 0 ? (["PUBSUB"] as const) : (["PUBSUB", "NORMAL"] as const);
    for (const type of types) await cluster.redis.call("CLIENT", "KILL", "TYPE", type, "SKIPME", "yes");
  }

  #node() {
    return cluster.node(this.#roll(cluster.nodes.length));
  }
}

describe.each(followed)("what concerns everyone in $dialect", (subject) => {
  test("is heard by each once and in order, whatever happens to its connection, its node, and Redis", async () => {
    const walk = new Walk(subject);
    await walk.begin();
    const ids = walk.watchers.map(({ client }) => client.socket.id);
    for (let i = 0; i < STEPS; i += 1) {
      if (i === Math.floor(STEPS / 2)) await walk.kill();
      await walk.step();
    }
    await walk.end();
    for (const { client } of walk.watchers) await client.connected();
    for (const { client } of walk.watchers) await client.caughtUp();
    const feed = await feedOf(cluster, subject);
    for (const [i, { client }] of walk.watchers.entries()) {
      expect(new Set(client.connections.map(({ id }) => id))).toEqual(new Set([ids[i]]));
      expect(expectWhole(client, subject, feed)).toBeGreaterThan(0);
    }
    await cluster.empty();
    const parts = ["people", "arrivals", "holders", "sessions"].map(
      (part) => `sy:{presence:${subject.dialect}}:${part}`,
    );
    expect(await cluster.redis.exists(...parts)).toBe(0);
  });
});
