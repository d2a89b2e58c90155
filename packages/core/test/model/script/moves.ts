import type { Page } from "../page/page.ts";
import { awakeIn, lapse, standStill, unreadIn, wakeUp } from "../stalls.ts";
import type { World } from "../world.ts";

/** One thing that happens in a world; the numbers choose to whom, modulo how many there are. */
export type Act = (world: World, a: number, b: number) => void | Promise<void>;

const choose = <T>(from: readonly T[], choice: number): T | undefined => from[choice % Math.max(1, from.length)];

/** A page that is connected asks its node for something. */
export function ask(world: World, a: number, request: (page: Page) => Page["unanswered"][number] | undefined): void {
  const page = choose(
    world.pages.filter(({ connected }) => connected),
    a,
  );
  const asked = page && request(page);
  const node = page?.connection && world.nodeOf.get(page.connection);
  if (page && asked) node?.ask(page, asked);
}

/** Carries everything out that is under way, and lets everybody hear of it. */
export async function drain(world: World): Promise<void> {
  const { interleaver } = world;
  for (;;) {
    await interleaver.drain();
    while (interleaver.size > 0) await interleaver.step(0);
    await world.hub.arrived();
    const received = unreadIn(world);
    for (const held of received) held.deliverAll();
    await interleaver.drain();
    if (received.length === 0 && interleaver.size === 0) return;
  }
}

export function connect(world: World, a: number, b: number, chosen?: Page): void {
  const away = world.pages.filter(({ connection }) => !connection);
  const page = chosen ?? choose(a % 4 === 3 ? world.pages : away, a >> 2);
  const awake = awakeIn(world);
  const node = choose(awake.length > 0 && b % 4 < 3 ? awake : world.live, b);
  if (page && node) world.connect(page, node);
}

export function run(
  world: World,
  a: number,
  what: string,
  flow: (matchmaker: World["matchmakers"][number]) => Promise<void>,
): void {
  const matchmaker = choose(world.matchmakers, a);
  if (matchmaker) world.start(matchmaker.id, what, () => flow(matchmaker));
}

export function onNode(
  world: World,
  a: number,
  what: string,
  flow: (node: World["nodes"][number]) => Promise<void>,
): void {
  const node = choose(awakeIn(world), a);
  if (node) world.start(node.id, what, () => flow(node));
}

async function steps(world: World, count: number, choice: number): Promise<void> {
  for (let i = 0; i < count; i += 1) await world.interleaver.step(choice + i * choice);
  await world.hub.arrived();
}

async function lose(world: World, choice: number, carriedOut: boolean): Promise<void> {
  await world.interleaver.lose(choice, carriedOut);
  await world.hub.arrived();
}

/** The page is loaded again: it knows nothing of what was, and its old connection closes some time. */
function reload(world: World, a: number): void {
  const page = world.pages[a % world.pages.length] as Page;
  world.hangUp(page);
  page.forget();
}

/** The client disconnects of its own, for good. */
function goAway(world: World, a: number): void {
  const page = world.pages[a % world.pages.length] as Page;
  world.hangUp(page, true);
  page.forget();
  world.notice(world.unnoticed - 1);
}

/** The client disconnects of its own and connects again in one breath, elsewhere: it shows what it had, whoever is read first. */
function turnRound(world: World, a: number, b: number): void {
  const page = world.pages[a % world.pages.length] as Page;
  world.hangUp(page, true);
  connect(world, a, b, page);
}

/** A node of a page that is connected. */
function nodeOfSome(world: World, a: number) {
  const page = choose(
    world.pages.filter(({ connected }) => connected),
    a,
  );
  return page?.connection && world.nodeOf.get(page.connection);
}

/** A page whose node stands still is loaded again, and comes to another node. */
function startAnew(world: World, a: number, b: number): void {
  const isStill = ({ connection }: Page) => connection && world.nodeOf.get(connection)?.sockets.isAwake === false;
  const page = choose(world.pages.filter(isStill), a);
  const node = choose(awakeIn(world), b);
  if (!page || !node) return;
  world.hangUp(page);
  page.forget();
  world.connect(page, node);
}

/**
 * The first page's node stands still: a signal of that page is on its way to Redis, another one lies in the node's socket. The page is
 * loaded again, and comes to another node.
 */
export async function leaveSignalsBehind(world: World): Promise<void> {
  const [page] = world.pages;
  const node = page?.connection && world.nodeOf.get(page.connection);
  if (!page || !node) return;
  const send = () => ask(world, 0, () => page.signal());
  send();
  await world.interleaver.drain();
  if (world.setting.rooms) await world.interleaver.step(0); // who is there is asked first
  standStill(world, node);
  send();
  world.hangUp(page);
  page.forget();
  connect(world, 0, 0, page);
  await drain(world);
}

const nodeAt = (world: World, a: number) => world.live[a % world.live.length] as World["nodes"][number];

/** What can happen whatever is spoken, and how often it does. */
export const commonActs = {
  step: [22, (world, a, b) => steps(world, 1 + (a % 4), b)],
  drain: [4, (world) => drain(world)],
  deliver: [5, (world, a) => choose(unreadIn(world), a)?.deliver()],
  connect: [7, (world, a, b) => connect(world, a, b)],
  hangUp: [4, (world, a) => world.hangUp(world.pages[a % world.pages.length] as Page)],
  reload: [1, (world, a) => reload(world, a)],
  goAway: [1, (world, a) => goAway(world, a)],
  turnRound: [2, (world, a, b) => turnRound(world, a, b)],
  notice: [4, (world, a) => world.notice(a)],
  sweep: [2, (world, a) => run(world, a, "sweep", (m) => m.sweep())],
  finalizeDue: [2, (world, a) => onNode(world, a, "finalize", (node) => node.endDueSessions())],
  disown: [1, (world, a) => onNode(world, a, "disown", (node) => node.reconcileIndex())],
  killNode: [3, (world, a) => world.killNode(nodeAt(world, a))],
  killMatchmaker: [2, (world, a) => world.killMatchmaker(choose(world.matchmakers, a) as World["matchmakers"][number])],
  lapse: [1, (world, a) => lapse(world, nodeAt(world, a))],
  renew: [1, (world, a) => onNode(world, a, "renew", (node) => node.renew(world.leaseMs))],
  standStill: [
    3,
    (world, a) => {
      const node = nodeOfSome(world, a);
      if (node) standStill(world, node);
    },
  ],
  wakeUp: [3, (world, a) => wakeUp(world, nodeAt(world, a))],
  startAnew: [4, (world, a, b) => startAnew(world, a, b)],
  signal: [8, (world, a) => ask(world, a, (page) => page.signal())],
  lose: [5, (world, a, b) => lose(world, a, b % 2 === 0)],
  pass: [1, (world) => world.pass()],
} as const satisfies Record<string, readonly [weight: number, act: Act]>;
