import type { Page } from "../page/page.ts";
import { RoomPage } from "../page/room-page.ts";
import type { World } from "../world.ts";
import { ask, commonActs, connect, drain, leaveSignalsBehind } from "./moves.ts";
import { type Acts, scriptsOf } from "./script.ts";

/** What can happen to those who enter rooms that they name, and how often it does. */
export const roomActs = {
  ...commonActs,
  enter: [14, (world, a, b) => ask(world, a, (page) => (page as RoomPage).enter(roomNumber(world, b), b))],
  change: [7, (world, a, b) => ask(world, a, (page) => changeOf(page, b))],
} as const satisfies Acts;

const always = ["step", "drain", "deliver", "connect", "enter", "change", "signal"] as const;
export const roomScripts = scriptsOf(roomActs, always, [0, 1, 2, 3, 3, 4, 4], 60);

/** Where a script starts: nobody there, three connected, one in a room, two in a room, one of whom has left signals behind. */
export async function beginWithRooms(world: World, beginning: number): Promise<void> {
  if (beginning === 0) return;
  for (const [i, page] of world.pages.slice(0, 3).entries()) connect(world, i, i, page);
  await drain(world);
  for (let i = 0; i < Math.min(beginning - 1, 2); i += 1) {
    ask(world, i, (page) => (page as RoomPage).enter(roomNumber(world, 0), 0));
    await drain(world);
  }
  if (beginning === 4) await leaveSignalsBehind(world);
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
