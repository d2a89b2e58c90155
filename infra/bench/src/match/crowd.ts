import { randomUUID } from "node:crypto";
import type { SessionId } from "@switchyard/protocol";
import type { Store } from "@switchyard/store";

const BATCH = 500;

/** Puts many live sessions with tickets into a queue, as nodes do it for people who join. */
export async function gatherCrowd(store: Store, queue: string, count: number): Promise<SessionId[]> {
  const crowd: SessionId[] = [];
  for (let done = 0; done < count; done += BATCH) {
    const batch = Array.from({ length: Math.min(BATCH, count - done) }, () => randomUUID());
    await Promise.all(batch.map((session) => joinQueue(store, queue, session)));
    crowd.push(...batch);
  }
  return crowd;
}

async function joinQueue(store: Store, queue: string, session: SessionId): Promise<void> {
  const user = `user-${session}`;
  await store.sessions.open(session, "random", "none", "bench");
  const asked = await store.sessions.ask(session, 1, queue, user, "{}");
  if (typeof asked === "string") throw new Error(`a fresh session was ${asked}`);
  const ticket = {
    ...{ user, since: store.clock.now(), interests: [], language: undefined, region: undefined },
    ...{ avoid: [], blocked: [], recent: [] },
  };
  await store.queues.enqueue(queue, session, ticket, { number: asked.ticket.number, epoch: 1, connected: true });
}
