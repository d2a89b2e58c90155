import { setTimeout as wait } from "node:timers/promises";
import { type Context, Participant, stopWaiting } from "@switchyard/core";
import type { SessionId } from "@switchyard/protocol";
import { joinQueue, userOf } from "./crowd.ts";
import { readAll } from "./verdict.ts";

const BATCH = 50;
const EVERY_MS = 10;

/**
 * Some random sessions of a crowd withdraw their request and join again, at any moment while they are being paired.
 * Sessions that are in a room by then stay there; sessions whose partner left at that moment may have none.
 * @returns how many took it back
 */
export async function churn(
  context: Context,
  queue: string,
  crowd: readonly SessionId[],
  isOver: () => boolean,
): Promise<number> {
  let count = 0;
  while (!isOver()) {
    const some = new Set(Array.from({ length: BATCH }, () => crowd[Math.floor(Math.random() * crowd.length)]));
    some.delete(undefined);
    await Promise.all([...(some as Set<SessionId>)].map((session) => takeBackAndJoin(context, queue, session)));
    count += some.size;
    await wait(EVERY_MS);
  }
  return count;
}

/**
 * Sessions that are in no room and do not wait join again, like a client whose partner has gone. Returns their number.
 */
export async function bringBack({ store }: Context, queue: string, crowd: readonly SessionId[]): Promise<number> {
  const idle = [...(await readAll(store, crowd))].filter(
    ([, { seats, reserved, ticket }]) => seats.size + reserved.length === 0 && ticket === undefined,
  );
  await Promise.all(idle.map(([session]) => joinQueue(store, queue, session)));
  return idle.length;
}

async function takeBackAndJoin(context: Context, queue: string, session: SessionId): Promise<void> {
  const participant = new Participant(session, "random", 1);
  participant.user = userOf(session);
  await stopWaiting(context, participant);
  await bringBack(context, queue, [session]);
}
