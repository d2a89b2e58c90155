import * as fc from "fast-check";
import { type Act, ask, commonActs, connect, drain, run } from "./moves.ts";
import type { Page } from "./page.ts";
import type { Request } from "./request.ts";
import type { World } from "./world.ts";

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

/** What can happen besides, and how often it does. */
const acts = {
  ...commonActs,
  join: [9, (world, a, b) => ask(world, a, (page) => joinOf(world, page, b))],
  next: [2, (world, a) => ask(world, a, () => ({ kind: "next" }))],
  stop: [2, (world, a) => ask(world, a, () => ({ kind: "stop" }))],
  leave: [
    3,
    (world, a) => ask(world, a, ({ view }) => (typeof view === "object" ? { kind: "leave", ...view } : undefined)),
  ],
  commit: [9, (world, a, b) => run(world, a, "commit", async (m) => void (await m.commit(queueOf(world, b >> 2), b)))],
  take: [7, (world, a, b) => run(world, a, "take", (m) => m.take(queueOf(world, b)))],
  takeOver: [3, (world, a, b) => run(world, a, "take over", (m) => m.takeOver(queueOf(world, b)))],
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

/** Where a script starts: nobody there, all connected, all waiting, the first two paired. */
export async function begin(world: World, beginning: number): Promise<void> {
  if (beginning === 0) return;
  for (const [i, page] of world.pages.slice(0, 3).entries()) connect(world, i, i, page);
  await drain(world);
  if (beginning === 1) return;
  for (const i of [0, 1, 2]) ask(world, i, (page) => joinOf(world, page, 0));
  await drain(world);
  if (beginning === 2) return;
  run(world, 0, "commit", async (m) => void (await m.commit(queueOf(world, 0), 0)));
  await drain(world);
}

function joinOf(world: World, { user }: Page, b: number): Request {
  const interests = b % 4 === 3 ? ["chess"] : [];
  return { kind: "join", queue: queueOf(world, b), user, interests };
}

function queueOf(world: World, b: number): string {
  return String(b % 3 === 2 ? world.queues[1] : world.queues[0]);
}
