import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { startCluster, type TcpProxy, type TestClient, type TestCluster, until } from "@switchyard/testkit";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { patient } from "../patient.ts";

const NODES = 3;
const CANDIDATES = 10;
const DROPS = 2;

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ nodes: NODES, matchmakers: 0, environment: patient });
  return cluster.stop;
});
afterEach(() => cluster.empty());

type Body = { readonly offer: number } | { readonly answer: number } | { readonly candidate: number };

/** How a dialect's clients connect everyone with everyone. */
interface Kind {
  readonly namespace: string;
  readonly size: number;
  join(client: TestClient, room: string, isFirst: boolean): Promise<unknown>;
  /** The name of a client for the others. */
  nameOf(client: TestClient): string;
  to(name: string, room: string): object;
  from(payload: Record<string, unknown>): string;
  /** The event about one that has left. */
  readonly left: readonly string[];
}

const meeting: Kind = {
  namespace: "/rooms",
  size: 16,
  join: (client, roomId) => client.request("join-room", { roomId, userName: client.user }),
  nameOf: ({ socket }) => String(socket.id),
  to: (targetId) => ({ targetId }),
  from: ({ senderId }) => String(senderId),
  left: ["user-left"],
};

const groupCall: Kind = {
  namespace: "/calls",
  size: 8,
  async join(client, callId, isFirst) {
    const { user: id } = client;
    await client.request("user-joined", { id, username: id, joinedAt: "2026-01-02T03:04:05.678Z" });
    if (!isFirst) return client.request("join-call", { callId });
    return client.request("start-call", { id: callId, initiator: id, participants: [], isVideo: true });
  },
  nameOf: ({ user }) => user,
  to: (targetUserId, callId) => ({ targetUserId, callId }),
  from: ({ fromUserId }) => String(fromUserId),
  left: ["user-left", "user-left-call"],
};

/** One of the mesh: its own way to the nodes, and what it is to send to whom. */
class Side {
  readonly client: TestClient;
  readonly name: string;
  readonly #proxy: TcpProxy;
  readonly #kind: Kind;
  readonly #room: string;
  /** The signals that wait to be sent, in order, to each peer. */
  readonly #queues = new Map<string, Body[]>();
  #node: number;

  constructor(client: TestClient, proxy: TcpProxy, node: number, kind: Kind, room: string) {
    [this.client, this.#proxy, this.#node, this.#kind, this.#room] = [client, proxy, node, kind, room];
    this.name = kind.nameOf(client);
    client.socket.on("webrtc-offer", (payload: Record<string, unknown>) => {
      this.send(kind.from(payload), { answer: 0 }, ...candidates);
    });
  }

  send(to: string, ...bodies: readonly Body[]): void {
    this.#queues.set(to, [...(this.#queues.get(to) ?? []), ...bodies]);
  }

  get isDone(): boolean {
    return [...this.#queues.values()].every(({ length }) => length === 0);
  }

  /** Sends what is there, to all peers at once, and waits until it is acknowledged. */
  async flush(): Promise<void> {
    const sent = [...this.#queues].map(async ([name, bodies]) => {
      const body = bodies.shift();
      if (body === undefined) return;
      const [kind = "", number] = Object.entries(body)[0] ?? [];
      const event = `webrtc-${kind === "candidate" ? "ice-candidate" : kind}`;
      const answer = await this.client.request(event, { ...this.#kind.to(name, this.#room), [kind]: { number } });
      if (!answer.ok) throw new Error(`${event} to ${name} was refused: ${JSON.stringify(answer)}`);
    });
    await Promise.all(sent);
  }

  /** The connection breaks, from either end, and comes back to another node. Events that others send meanwhile are missed. */
  async drop(times: number): Promise<void> {
    this.#node = (this.#node + 1 + Math.floor(Math.random() * (NODES - 1))) % NODES;
    this.#proxy.routeTo(1); // nobody listens there
    if (Math.random() < 0.5) this.#proxy.cut();
    else this.client.cut();
    await wait(Math.random() * 300);
    this.#proxy.routeTo(cluster.node(this.#node).port);
    await this.client.connected(times + 1);
  }

  /** The bodies that it heard from a peer, in order. */
  receivedFrom(name: string): Body[] {
    return this.client.received.flatMap(({ name: event, args: [payload] }) => {
      if (!event.startsWith("webrtc-") || this.#kind.from(payload as Record<string, unknown>) !== name) return [];
      const [, kind = ""] = /(offer|answer|candidate)$/.exec(event) ?? [];
      const { number } = (payload as Record<string, { number: number }>)[kind] ?? {};
      return [{ [kind]: number } as Body];
    });
  }
}

const candidates: readonly Body[] = Array.from({ length: CANDIDATES }, (_, candidate) => ({ candidate }));

async function enter(kind: Kind): Promise<Side[]> {
  const room = `mesh-${randomUUID()}`;
  const sides: Side[] = [];
  for (let i = 0; i < kind.size; i += 1) {
    const proxy = await cluster.proxy(i % NODES);
    const client = await cluster.connect(proxy, { namespace: kind.namespace });
    sides.push(new Side(client, proxy, i % NODES, kind, room));
    expect(await kind.join(client, room, i === 0)).toMatchObject({ ok: true });
  }
  return sides;
}

describe.each([
  ["a meeting of 16", meeting],
  ["a group call of 8", groupCall],
])("%s over three nodes", (_, kind) => {
  test("everyone connects to everyone, while half of them drop and come back to other nodes; nobody notices", async () => {
    const sides = await enter(kind);
    for (const [i, side] of sides.entries()) {
      for (const { name } of sides.slice(i + 1)) side.send(name, { offer: 0 }, ...candidates);
    }
    let over = false;
    const talking = sides.map(async (side, i) => {
      const dropsAt = new Set(
        i % 2 === 0 ? [] : Array.from({ length: DROPS }, (_, k) => 2 + k * 5 + Math.floor(Math.random() * 5)),
      );
      let drops = 0;
      for (let round = 0; !over; round += 1) {
        if (dropsAt.has(round)) {
          drops += 1;
          await side.drop(drops);
        }
        await side.flush();
        await wait(Math.random() * 30);
      }
      expect(drops).toBe(dropsAt.size);
    });
    const all = kind.size - 1;
    const perPeer = CANDIDATES + 1;
    const complete = () =>
      sides.every(
        (side) => side.isDone && sides.every((peer) => peer === side || side.receivedFrom(peer.name).length >= perPeer),
      );
    await Promise.race([until("all pairs to be complete", complete), Promise.all(talking)]);
    await until("everyone to have been away", () =>
      sides.every(({ client }, i) => client.connects === (i % 2) * DROPS + 1),
    );
    over = true;
    await Promise.all(talking);
    for (const { client } of sides) await client.caughtUp();
    for (const [i, side] of sides.entries()) {
      const { id } = side.client.socket;
      const recoveries = side.client.connections.slice(1);
      expect(recoveries).toEqual(Array.from({ length: (i % 2) * DROPS }, () => ({ id, recovered: true })));
      for (const [k, peer] of sides.entries()) {
        if (peer === side) continue;
        expect(side.receivedFrom(peer.name)).toEqual([k < i ? { offer: 0 } : { answer: 0 }, ...candidates]);
      }
      expect(side.client.received.filter(({ name }) => kind.left.includes(name) || name === "error")).toEqual([]);
      expect(side.client.received.filter(({ name }) => name.startsWith("webrtc-"))).toHaveLength(all * perPeer);
    }
    for (const node of cluster.nodes) expect(node.errors()).toEqual([]);
  });
});
