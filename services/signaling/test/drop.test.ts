import { setTimeout as wait } from "node:timers/promises";
import { type Door, startCluster, type TestClient, type TestCluster, until } from "@switchyard/testkit";
import { beforeAll, expect, test } from "vitest";

const PAIRS = 100;
const CUTS = 2;
const NODES = 3;

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ nodes: NODES });
  return cluster.stop;
});

/** One of a pair: its own way to the nodes, and what it was acknowledged. */
interface Side {
  readonly client: TestClient;
  readonly door: Door;
  readonly acknowledged: number[];
  node: number;
  roomId: string;
}

async function enter(i: number): Promise<Side> {
  const node = i % NODES;
  const door = await cluster.door(node);
  return { client: await cluster.connect(door), door, acknowledged: [], node, roomId: "" };
}

/** Sends numbers until it is told to stop; what was under way while the connection broke is not acknowledged. */
async function talk(side: Side, goesOn: () => boolean): Promise<void> {
  const { client, roomId, acknowledged } = side;
  for (let i = 0; goesOn(); i += 1) {
    const answer = await client.ask("ice_candidate", { roomId, candidate: { i } }).catch(() => undefined);
    if (answer?.ok) acknowledged.push(i);
    else if (answer) throw new Error(`refused: ${JSON.stringify(answer)}`);
    await wait(Math.random() * 100);
  }
}

/** Breaks the connection at random moments, from either end; each time it comes back to another node. */
async function cutAtRandom(side: Side): Promise<void> {
  const { client, door } = side;
  for (let cut = 1; cut <= CUTS; cut += 1) {
    await wait(Math.random() * 1500);
    side.node = (side.node + 1 + Math.floor(Math.random() * (NODES - 1))) % NODES;
    door.leadTo(cluster.node(side.node).port);
    if (Math.random() < 0.5) door.cut();
    else client.cut();
    await client.connected(cut + 1);
  }
}

test("100 pairs talk while every connection is cut twice: what was acknowledged arrives, once, in order", async () => {
  const sides = await Promise.all(Array.from({ length: 2 * PAIRS }, (_, i) => enter(i)));
  await Promise.all(sides.map(({ client }) => client.join()));
  const byUser = new Map(sides.map((side) => [side.client.user, side]));
  const partners = new Map<Side, Side>();
  for (const side of sides) {
    await side.client.hear("waiting_for_partner");
    const { roomId, partnerId } = await side.client.hear<{ roomId: string; partnerId: string }>("partner_found");
    side.roomId = roomId;
    partners.set(side, byUser.get(partnerId) as Side);
  }
  let cutting = true;
  const talking = sides.map((side) => talk(side, () => cutting));
  await Promise.all(sides.map(cutAtRandom));
  await until("all to have said something since", async () =>
    sides.every(({ acknowledged }) => acknowledged.length > 5),
  );
  cutting = false;
  await Promise.all(talking);
  await Promise.all(sides.map(({ client }) => client.settled()));
  for (const side of sides) {
    const { client } = side;
    const id = client.socket.id;
    expect(client.connections.slice(1)).toEqual(Array.from({ length: CUTS }, () => ({ id, recovered: true })));
    const events = client.unheard();
    expect(events.filter(([name]) => name !== "ice_candidate")).toEqual([]);
    const heard = events.map(([, body]) => (body as { candidate: { i: number } }).candidate.i);
    expect(heard).toEqual([...new Set(heard)].sort((one, two) => one - two));
    const arrived = new Set(heard);
    expect(partners.get(side)?.acknowledged.filter((i) => !arrived.has(i))).toEqual([]);
  }
  for (const { url, id } of cluster.nodes) expect((await fetch(`${url}/readyz`)).status, id).toBe(200);
  for (const node of cluster.nodes) expect(node.errors()).toEqual([]);
}, 60_000);
