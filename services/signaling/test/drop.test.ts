import { setTimeout as wait } from "node:timers/promises";
import {
  type Answer,
  type Door,
  meet,
  startCluster,
  type TestClient,
  type TestCluster,
  until,
} from "@switchyard/testkit";
import { afterEach, beforeAll, expect, test } from "vitest";

const PAIRS = 100;
const CUTS = 2;
const NODES = 3;
/** What a user may do in a minute by default; the tests elsewhere have more. */
const LIMITS = { RATE_LIMIT_POINTS: 100, SIGNAL_RATE_LIMIT_POINTS: 600, MAX_CONNECTIONS_PER_IP: 10_000 };
/** Where nobody listens. */
const NOWHERE = 1;
/** The node with a grace in which a busy machine, too, says all that there is to say. */
const PATIENT = NODES;

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ nodes: NODES, environment: LIMITS });
  await cluster.start("signaling", { RECONNECT_GRACE_MS: 60_000 });
  return cluster.stop;
});
afterEach(() => cluster.empty());

/** Something that was said, as the partner hears it. */
interface Said {
  readonly heardAs: string;
  acknowledged: boolean;
}

/** One of a pair: its own way to the nodes, and what it said. */
interface Side {
  readonly client: TestClient;
  readonly door: Door;
  readonly said: Said[];
  node: number;
  roomId: string;
}

async function enter(i: number): Promise<Side> {
  const node = i % NODES;
  const door = await cluster.door(node);
  return { client: await cluster.connect(door), door, said: [], node, roomId: "" };
}

/** What is sent in turn, and by what it is known when it is heard. */
const kinds: readonly ((i: number) => [event: string, content: object, heardAs: string])[] = [
  (i) => ["ice_candidate", { candidate: { i } }, `candidate ${i}`],
  (i) => ["send_message", { message: String(i) }, `message ${i}`],
  (i) => ["typing", { isTyping: i % 8 < 4 }, `typing ${i % 8 < 4}`],
  (i) => ["offer", { offer: { i } }, `offer ${i}`],
];

function nameOf([event, body]: unknown[]): string {
  const { candidate, offer, text, isTyping } = body as Record<string, { i: number } | string>;
  if (event === "ice_candidate") return `candidate ${(candidate as { i: number }).i}`;
  if (event === "offer") return `offer ${(offer as { i: number }).i}`;
  if (event === "new_message") return `message ${text}`;
  return event === "user_typing" ? `typing ${isTyping}` : String(event);
}

/** Goes on until it is told to stop, or has used its allowance; what was under way while the connection broke is not acknowledged. */
async function talk({ client, roomId, said }: Side, goesOn: () => boolean): Promise<void> {
  for (let i = 0; goesOn() && i < 4 * (LIMITS.RATE_LIMIT_POINTS - 5); i += 1) {
    const [event, content, heardAs] = kinds[i % kinds.length]?.(i) ?? ["", {}, ""];
    const one = { heardAs, acknowledged: false };
    said.push(one);
    const answer = await client.ask(event, { roomId, ...content }).catch(() => undefined);
    one.acknowledged = answer?.ok === true;
    if (answer && !answer.ok) throw new Error(`refused: ${JSON.stringify(answer)}`);
    await wait(Math.random() * 100);
  }
}

/** All that was acknowledged was heard, once, in the order in which it was said; and besides only what was said. */
function expectHeard(heard: readonly string[], said: readonly Said[]): void {
  let next = 0;
  const missed = said.filter(({ heardAs, acknowledged }) => {
    if (heard[next] !== heardAs) return acknowledged;
    next += 1;
    return false;
  });
  expect([missed, heard.slice(next)]).toEqual([[], []]);
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
    sides.every(({ said }) => said.filter(({ acknowledged }) => acknowledged).length > 8),
  );
  cutting = false;
  await Promise.all(talking);
  await Promise.all(sides.map(({ client }) => client.settled()));
  for (const side of sides) {
    const { client } = side;
    const id = client.socket.id;
    expect(client.connections.slice(1)).toEqual(Array.from({ length: CUTS }, () => ({ id, recovered: true })));
    const isOwn = ([, body]: unknown[]) => (body as { sender?: string }).sender === client.user;
    const events = client.unheard();
    const others = events.filter((event) => !isOwn(event));
    expectHeard(others.map(nameOf), partners.get(side)?.said ?? []);
    const messages = side.said.filter(({ heardAs }) => heardAs.startsWith("message"));
    expectHeard(events.filter(isOwn).map(nameOf), messages);
  }
  for (const { url, id } of cluster.nodes) {
    await until(`${id} to be ready`, async () => (await fetch(`${url}/readyz`)).status === 200);
  }
  for (const node of cluster.nodes) expect(node.errors()).toEqual([]);
}, 60_000);

test("all that a partner may say in a minute, said while one is between two connections, is there when it is back", async () => {
  const door = await cluster.door(PATIENT);
  const [ann, bob] = await Promise.all([cluster.connect(door), cluster.connect(1)]);
  const roomId = await meet(ann, bob);
  const { sessions } = cluster.store;
  const id = String(ann.socket.id);
  door.leadTo(NOWHERE);
  door.cut();
  await until("the drop", async () => (await sessions.read(id))?.state === "detached");
  const all = (count: number, send: (i: number) => Promise<Answer>) =>
    Promise.all(Array.from({ length: count }, (_, i) => send(i)));
  const { RATE_LIMIT_POINTS, SIGNAL_RATE_LIMIT_POINTS } = LIMITS;
  const answers = [
    await all(SIGNAL_RATE_LIMIT_POINTS, (i) => bob.ask("ice_candidate", { roomId, candidate: { i } })),
    await all(RATE_LIMIT_POINTS - 1, (i) => bob.ask("send_message", { roomId, message: String(i) })),
  ];
  expect(answers.flat().filter(({ ok }) => !ok)).toEqual([]);
  door.leadTo(cluster.node(2).port);
  await ann.connected(2);
  expect(ann.socket.recovered).toBe(true);
  await ann.settled();
  const numbers = (count: number) => Array.from({ length: count }, (_, i) => i);
  expect(ann.unheard().map(nameOf)).toEqual([
    ...numbers(SIGNAL_RATE_LIMIT_POINTS).map((i) => `candidate ${i}`),
    ...numbers(RATE_LIMIT_POINTS - 1).map((i) => `message ${i}`),
  ]);
  await bob.settled();
  expect(bob.unheard().filter(([name]) => name !== "new_message")).toEqual([]);
});
