import { randomUUID } from "node:crypto";
import { type Context, writePairingRequest } from "@switchyard/core";
import { dialects, openContext } from "@switchyard/dialects";
import type { SessionId } from "@switchyard/protocol";
import type { Store } from "@switchyard/store";

const BATCH = 500;

/**
 * Puts many live sessions with tickets into a queue, as nodes do it for people who join.
 * @param crowd grows by those who have joined
 */
export async function gatherCrowd(
  store: Store,
  queue: string,
  count: number,
  crowd: SessionId[] = [],
): Promise<SessionId[]> {
  for (let done = 0; done < count; done += BATCH) {
    const batch = Array.from({ length: Math.min(BATCH, count - done) }, () => randomUUID());
    await Promise.all(batch.map((session) => openAndJoin(store, queue, session)));
    crowd.push(...batch);
  }
  return crowd;
}

export const userOf = (session: SessionId): string => `user-${session}`;

/** Lets a session that is there, and in no room, wait. */
export async function joinQueue(store: Store, queue: string, session: SessionId): Promise<void> {
  const wish = { user: userOf(session), interests: [], language: undefined, region: undefined, avoid: [] };
  const asked = await store.sessions.requestTicket(
    session,
    1,
    queue,
    wish.user,
    writePairingRequest({ ...wish, queue, cohort: undefined }),
  );
  if (typeof asked === "string") throw new Error(`a session that can wait was ${asked}`);
  const ticket = { ...wish, since: store.clock.now(), blocked: [], recent: [] };
  await store.queues.enqueue(queue, session, ticket, { number: asked.ticket.number, epoch: 1, connected: true });
}

async function openAndJoin(store: Store, queue: string, session: SessionId): Promise<void> {
  await store.sessions.open(session, "random", "none", "bench");
  await joinQueue(store, queue, session);
}

/** The context of the use cases of the dialect that pairs strangers, as on a node. */
export function contextOf(store: Store): Context {
  const dialect = dialects.find(({ name }) => name === "random");
  if (!dialect) throw new Error("there is no dialect that pairs strangers");
  return openContext(dialect, store, { roomRules: undefined, onlineRules: undefined });
}
