import * as fc from "fast-check";
import { type Act, ask, commonActs, connect, drain } from "./moves.ts";
import type { Page } from "./page.ts";
import { RoomPage } from "./room-page.ts";
import type { World } from "./world.ts";

/** One thing that happens; the numbers choose to whom, modulo how many there are. */
interface Move {
  readonly what: What;
  readonly a: number;
  readonly b: number;
}

/** What happens, from a beginning in which some already are in a room. */
export interface RoomScript {
  readonly beginning: number;
  readonly moves: readonly Move[];
}

/** What can happen besides, and how often it does. */
const acts = {
  ...commonActs,
  enter: [14, (world, a, b) => ask(world, a, (page) => (page as RoomPage).enter(roomNumber(world, b), b))],
  change: [7, (world, a, b) => ask(world, a, (page) => changeOf(page, b))],
} as const satisfies Record<string, readonly [weight: number, act: Act]>;

type What = keyof typeof acts;

const always: readonly What[] = ["step", "drain", "hear", "connect", "enter", "change"];
const sometimes = (Object.keys(acts) as What[]).filter((what) => !always.includes(what));

export const roomScripts: fc.Arbitrary<RoomScript> = fc.subarray(sometimes, { minLength: 2 }).chain((chosen) =>
  fc.record({
    beginning: fc.constantFrom(0, 1, 2, 3, 3),
    moves: fc.array(
      fc.record({
        what: fc.oneof(
          ...[...always, ...chosen].map((what) => ({ weight: acts[what][0], arbitrary: fc.constant(what) })),
        ),
        a: fc.nat(11),
        b: fc.nat(11),
      }),
      { minLength: 1, maxLength: 60, size: "max" },
    ),
  }),
);

export async function move(world: World, { what, a, b }: Move): Promise<void> {
  world.interleaver.trace.push(`${what} ${a} ${b}`);
  await acts[what][1](world, a, b);
  await world.interleaver.settle();
}

/** Where a script starts: nobody there, three connected, one in a room, two in a room. */
export async function beginWithRooms(world: World, beginning: number): Promise<void> {
  if (beginning === 0) return;
  for (const [i, page] of world.pages.slice(0, 3).entries()) connect(world, i, i, page);
  await drain(world);
  for (let i = 0; i + 1 < beginning; i += 1) {
    ask(world, i, (page) => (page as RoomPage).enter(roomNumber(world, 0), 0));
    await drain(world);
  }
}

/** The names of the rooms that there can be. */
export function roomNames({ tag }: World): string[] {
  return [0, 1].map((i) => `${tag}room${i}`);
}

function roomNumber(world: World, b: number): string {
  return roomNames(world)[b % 3 === 2 ? 1 : 0] as string;
}

function changeOf(page: Page, b: number) {
  return page instanceof RoomPage && page.room !== undefined ? page.change(page.room, b) : undefined;
}
