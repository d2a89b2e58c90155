import { setTimeout as wait } from "node:timers/promises";
import { type Service, type TcpProxy, type TestClient, type TestCluster, until } from "@switchyard/testkit";
import { expect } from "vitest";

const CUTS = 2;
/** The default allowance of a user in a minute; the tests elsewhere have more. */
export const limits = { RATE_LIMIT_POINTS: 100, SIGNAL_RATE_LIMIT_POINTS: 600, MAX_CONNECTIONS_PER_IP: 10_000 };

/** A message that was sent, as the partner receives it. */
interface Said {
  readonly heardAs: string;
  acknowledged: boolean;
}

/** One of a pair: its own way to the nodes, and its messages. */
interface Side {
  readonly client: TestClient;
  readonly proxy: TcpProxy;
  readonly said: Said[];
  node: number;
  roomId: string;
}

/** The events that are sent in turn, and by what each is known when it is received. */
const kinds: readonly ((i: number) => [event: string, content: object, heardAs: string])[] = [
  (i) => ["ice_candidate", { candidate: { i } }, `candidate ${i}`],
  (i) => ["send_message", { message: String(i) }, `message ${i}`],
  (i) => ["typing", { isTyping: i % 8 < 4 }, `typing ${i % 8 < 4}`],
  (i) => ["offer", { offer: { i } }, `offer ${i}`],
];

export function nameOf([event, body]: unknown[]): string {
  const { candidate, offer, text, isTyping } = body as Record<string, { i: number } | string>;
  if (event === "ice_candidate") return `candidate ${(candidate as { i: number }).i}`;
  if (event === "offer") return `offer ${(offer as { i: number }).i}`;
  if (event === "new_message") return `message ${text}`;
  return event === "user_typing" ? `typing ${isTyping}` : String(event);
}

/**
 * Pairs talk over all of a cluster's nodes while every connection is cut twice, each time to come back to another node.
 * @throws AssertionError if anything that was acknowledged did not arrive, once, in order
 */
export async function talkThroughDrops<Kind extends Service>(cluster: TestCluster<Kind>, pairs: number): Promise<void> {
  const sides = await Promise.all(Array.from({ length: 2 * pairs }, (_, i) => enter(cluster, i)));
  const partners = await meetAll(sides);
  let cutting = true;
  const talking = Promise.all(sides.map((side) => talk(side, () => cutting)));
  const cuts = Promise.all(sides.map((side) => cutAtRandom(cluster, side)));
  await Promise.race([cuts, talking]);
  await cuts;
  await until("all to have said something since", () =>
    sides.every(({ said: sent }) => sent.filter(({ acknowledged }) => acknowledged).length > 8),
  );
  cutting = false;
  await talking;
  await Promise.all(sides.map(({ client }) => client.caughtUp()));
  for (const side of sides) expectWhole(side, partners.get(side)?.said ?? []);
}

async function enter<Kind extends Service>(cluster: TestCluster<Kind>, i: number): Promise<Side> {
  const node = i % cluster.nodes.length;
  const proxy = await cluster.proxy(node);
  return { client: await cluster.connect(proxy, { auth: { echo: true } }), proxy, said: [], node, roomId: "" };
}

/** Lets all be paired, with whomever. */
async function meetAll(sides: readonly Side[]): Promise<Map<Side, Side>> {
  await Promise.all(sides.map(({ client }) => client.join()));
  const byUser = new Map(sides.map((side) => [side.client.user, side]));
  const partners = new Map<Side, Side>();
  for (const side of sides) {
    const news = await until("an event", () => side.client.unread()[0]?.[0]);
    if (news === "waiting_for_partner") await side.client.receive(news);
    const { roomId, partnerId } = await side.client.receive<{ roomId: string; partnerId: string }>("partner_found");
    side.roomId = roomId;
    partners.set(side, byUser.get(partnerId) as Side);
  }
  return partners;
}

/** Goes on until it is stopped, or has used its allowance; an event under way while the connection broke is not acknowledged. */
async function talk({ client, roomId, said: sent }: Side, goesOn: () => boolean): Promise<void> {
  for (let i = 0; goesOn() && i < 4 * (limits.RATE_LIMIT_POINTS - 5); i += 1) {
    const [event, content, heardAs] = kinds[i % kinds.length]?.(i) ?? ["", {}, ""];
    const one = { heardAs, acknowledged: false };
    sent.push(one);
    const answer = await client.request(event, { roomId, ...content }).catch(() => undefined);
    one.acknowledged = answer?.ok === true;
    if (answer && !answer.ok) throw new Error(`refused: ${JSON.stringify(answer)}`);
    await wait(Math.random() * 100);
  }
}

/** Breaks the connection at random moments, from either end; each time it comes back to another node. */
async function cutAtRandom<Kind extends Service>(cluster: TestCluster<Kind>, side: Side): Promise<void> {
  const { client, proxy } = side;
  const count = cluster.nodes.length;
  for (let cut = 1; cut <= CUTS; cut += 1) {
    await wait(Math.random() * 1500);
    side.node = (side.node + 1 + Math.floor(Math.random() * (count - 1))) % count;
    proxy.routeTo(cluster.node(side.node).port);
    if (Math.random() < 0.5) proxy.cut();
    else client.cut();
    await client.connected(cut + 1);
  }
}

function expectWhole({ client, said: sent }: Side, saidByPartner: readonly Said[]): void {
  const { id } = client.socket;
  expect(client.connections.slice(1)).toEqual(Array.from({ length: CUTS }, () => ({ id, recovered: true })));
  const isOwn = ([, body]: unknown[]) => (body as { sender?: string }).sender === client.user;
  const events = client.unread();
  expectHeard(events.filter((event) => !isOwn(event)).map(nameOf), saidByPartner);
  const messages = sent.filter(({ heardAs }) => heardAs.startsWith("message"));
  expectHeard(events.filter(isOwn).map(nameOf), messages);
}

/** All that was acknowledged was received, once, in the order in which it was sent; and besides only what was sent. */
function expectHeard(received: readonly string[], sent: readonly Said[]): void {
  let next = 0;
  const missed = sent.filter(({ heardAs, acknowledged }) => {
    if (received[next] !== heardAs) return acknowledged;
    next += 1;
    return false;
  });
  expect([missed, received.slice(next)]).toEqual([[], []]);
}
