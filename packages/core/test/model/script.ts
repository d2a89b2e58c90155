import * as fc from "fast-check";
import type { Page } from "./page.ts";
import type { Request } from "./request.ts";
import { LEASE_MS, type World } from "./world.ts";

/** One thing that happens; the numbers choose to whom, modulo how many there are. */
export interface Move {
  readonly what: What;
  readonly a: number;
  readonly b: number;
}

/** What happens, from a beginning in which some already wait or are paired. */
export interface Script {
  readonly beginning: number;
  readonly moves: readonly Move[];
}

type Act = (world: World, a: number, b: number) => void | Promise<void>;

const choose = <T>(from: readonly T[], choice: number): T | undefined => from[choice % Math.max(1, from.length)];

function ask(world: World, a: number, request: (page: Page) => Request | undefined): void {
  const page = choose(
    world.pages.filter(({ connected }) => connected),
    a,
  );
  const asked = page && request(page);
  const node = page?.connection && world.nodeOf.get(page.connection);
  if (page && asked) node?.ask(page, asked);
}

/** What can happen, and how often it does. */
const acts = {
  step: [22, (world, a, b) => steps(world, 1 + (a % 4), b)],
  drain: [4, (world) => drain(world)],
  hear: [5, (world, a) => choose(hearing(world), a)?.hear()],
  connect: [7, (world, a, b) => connect(world, a, b)],
  join: [9, (world, a, b) => ask(world, a, (page) => joinOf(world, page, b))],
  next: [2, (world, a) => ask(world, a, () => ({ kind: "next" }))],
  stop: [2, (world, a) => ask(world, a, () => ({ kind: "stop" }))],
  leave: [
    3,
    (world, a) => ask(world, a, ({ view }) => (typeof view === "object" ? { kind: "leave", ...view } : undefined)),
  ],
  hangUp: [4, (world, a) => world.hangUp(world.pages[a % world.pages.length] as Page)],
  reload: [1, (world, a) => reload(world, a)],
  goAway: [1, (world, a) => goAway(world, a)],
  notice: [4, (world, a) => world.notice(a)],
  commit: [9, (world, a, b) => run(world, a, "commit", async (m) => void (await m.commit(queueOf(world, b >> 2), b)))],
  take: [7, (world, a, b) => run(world, a, "take", (m) => m.take(queueOf(world, b)))],
  takeOver: [3, (world, a, b) => run(world, a, "take over", (m) => m.takeOver(queueOf(world, b)))],
  sweep: [2, (world, a) => run(world, a, "sweep", (m) => m.sweep())],
  finalizeDue: [2, (world, a) => onNode(world, a, "finalize", (node) => node.finalizeDue())],
  disown: [1, (world, a) => onNode(world, a, "disown", (node) => node.disown())],
  killNode: [3, (world, a) => world.killNode(world.live[a % world.live.length] as World["nodes"][number])],
  killMatchmaker: [2, (world, a) => world.killMatchmaker(choose(world.matchmakers, a) as World["matchmakers"][number])],
  lapse: [1, (world, a) => world.lapse(world.live[a % world.live.length] as World["nodes"][number])],
  renew: [1, (world, a) => onNode(world, a, "renew", (node) => node.renew(LEASE_MS))],
  lose: [5, (world, a, b) => lose(world, a, b % 2 === 0)],
  pass: [1, (world) => world.pass()],
} as const satisfies Record<string, readonly [weight: number, act: Act]>;

type What = keyof typeof acts;

/** What is in every script; of the rest each has some, so that scripts differ more than one mixture would let them. */
const always: readonly What[] = ["step", "drain", "hear", "connect", "join", "commit", "take"];
const sometimes = (Object.keys(acts) as What[]).filter((what) => !always.includes(what));

export const scripts: fc.Arbitrary<Script> = fc.subarray(sometimes, { minLength: 2 }).chain((chosen) =>
  fc.record({
    beginning: fc.constantFrom(0, 1, 2, 2, 3, 3, 3),
    moves: fc.array(
      fc.record({
        what: fc.oneof(
          ...[...always, ...chosen].map((what) => ({ weight: acts[what][0], arbitrary: fc.constant(what) })),
        ),
        a: fc.nat(11),
        b: fc.nat(11),
      }),
      { minLength: 1, maxLength: 70, size: "max" },
    ),
  }),
);

export async function make(world: World, { what, a, b }: Move): Promise<void> {
  world.interleaver.trace.push(`${what} ${a} ${b}`);
  await acts[what][1](world, a, b);
  await world.interleaver.settle();
}

/** Carries everything out that is under way, and lets everybody hear of it. */
export async function drain(world: World): Promise<void> {
  const { interleaver } = world;
  for (;;) {
    await interleaver.settle();
    while (interleaver.size > 0) await interleaver.step(0);
    await world.hub.arrived();
    const heard = world.hub.held.filter(({ unheard }) => unheard.length > 0);
    for (const held of heard) held.hearAll();
    await interleaver.settle();
    if (heard.length === 0 && interleaver.size === 0) return;
  }
}

/** Where a script starts: nobody there, all connected, all waiting, the first two paired. */
export async function begin(world: World, beginning: number): Promise<void> {
  if (beginning === 0) return;
  for (const [i, page] of world.pages.slice(0, 3).entries()) connect(world, i, i, page);
  await drain(world);
  if (beginning === 1) return;
  for (const i of [0, 1, 2]) ask(world, i, (page) => joinOf(world, page, 0));
  await drain(world);
  if (beginning === 2) return;
  run(world, 0, "commit", async (m) => void (await m.commit(world.queues[0], 0)));
  await drain(world);
}

function connect(world: World, a: number, b: number, chosen?: Page): void {
  const away = world.pages.filter(({ connection }) => !connection);
  const page = chosen ?? choose(a % 4 === 3 ? world.pages : away, a >> 2);
  const node = choose(world.live, b);
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
  const node = choose(world.live, a);
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

function hearing(world: World) {
  return world.hub.held.filter(({ unheard }) => unheard.length > 0);
}

function joinOf(world: World, { user }: Page, b: number): Request {
  const interests = b % 4 === 3 ? ["chess"] : [];
  return { kind: "join", queue: queueOf(world, b), user, interests };
}

function queueOf(world: World, b: number): string {
  return b % 3 === 2 ? world.queues[1] : world.queues[0];
}

/** The page is loaded again: it knows nothing of what was, and its old connection closes some time. */
function reload(world: World, a: number): void {
  const page = world.pages[a % world.pages.length] as Page;
  world.hangUp(page);
  page.forget();
}

/** The client disconnects of its own, for good. */
function goAway(world: World, a: number): void {
  reload(world, a);
  world.notice(world.unnoticed - 1, true);
}
