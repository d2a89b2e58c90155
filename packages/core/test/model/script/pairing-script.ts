import type { Page } from "../page/page.ts";
import type { Request } from "../request.ts";
import type { World } from "../world.ts";
import { ask, commonActs, connect, drain, leaveSignalsBehind, run } from "./moves.ts";
import { type Acts, scriptsOf } from "./script.ts";

/** What can happen to those who want to be paired, and how often it does. */
export const pairingActs = {
  ...commonActs,
  join: [9, (world, a, b) => ask(world, a, (page) => joinOf(world, page, b))],
  next: [2, (world, a) => ask(world, a, () => ({ kind: "next" }))],
  stop: [2, (world, a) => ask(world, a, () => ({ kind: "stop" }))],
  leave: [
    3,
    (world, a) => ask(world, a, ({ view }) => (typeof view === "object" ? { kind: "leave", ...view } : undefined)),
  ],
  commit: [9, (world, a, b) => run(world, a, "commit", async (m) => void (await m.commit(queueOf(world, b >> 2), b)))],
  refresh: [4, (world, a, b) => refreshToken(world, a, b)],
  announce: [4, (world, a, b) => run(world, a, "announce", (m) => m.announce(queueOf(world, b >> 2), b))],
  take: [7, (world, a, b) => run(world, a, "take", (m) => m.take(queueOf(world, b)))],
  takeOver: [3, (world, a, b) => run(world, a, "take over", (m) => m.takeOver(queueOf(world, b)))],
} as const satisfies Acts;

const always = ["step", "drain", "deliver", "connect", "join", "commit", "take", "signal"] as const;
export const pairingScripts = scriptsOf(pairingActs, always, [0, 1, 2, 2, 3, 3, 3, 4], 70);

/** Where a script starts: nobody there, all connected, all waiting, the first two paired, one of them seated and gone without its signals. */
export async function beginPairing(world: World, beginning: number): Promise<void> {
  if (beginning === 0) return;
  for (const [i, page] of world.pages.slice(0, 3).entries()) connect(world, i, i, page);
  await drain(world);
  if (beginning === 1) return;
  for (const i of [0, 1, 2]) ask(world, i, (page) => joinOf(world, page, 0));
  await drain(world);
  if (beginning === 2) return;
  run(world, 0, "commit", async (m) => void (await m.commit(queueOf(world, 0), 0)));
  await drain(world);
  if (beginning === 3) return;
  run(world, 0, "take", (m) => m.take(queueOf(world, 0)));
  await drain(world);
  await leaveSignalsBehind(world);
}

/** A page comes back with a new token, whose cohort may be another one. */
function refreshToken(world: World, a: number, b: number): void {
  const page = world.pages[a % world.pages.length] as Page;
  page.refreshToken(b % 2 === 0 ? undefined : "minors");
  world.hangUp(page);
  connect(world, a, b, page);
}

function joinOf(world: World, { user }: Page, b: number): Request {
  const interests = b % 4 === 3 ? ["chess"] : [];
  return { kind: "join", queue: queueOf(world, b), user, interests };
}

function queueOf(world: World, b: number): string {
  return String(b % 3 === 2 ? world.queues[1] : world.queues[0]);
}
