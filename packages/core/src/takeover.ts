import type { SessionId, UserId } from "@switchyard/protocol";
import { RefusedError } from "@switchyard/protocol";
import type { Context } from "./context.ts";
import { leaveRoom } from "./leaving.ts";
import { goOffline } from "./online.ts";
import type { Participant } from "./participant.ts";

/** Makes a participant the one that stands for a user; whoever did before is out of everything and told so. */
export async function standFor(context: Context, participant: Participant, user: UserId): Promise<void> {
  const { store, dialect } = context;
  const { session } = participant;
  const former = participant.user === user ? undefined : participant.user;
  if (former !== undefined) await finishEvictions(context, former, await store.users.release(dialect, former, session));
  const refusal = await store.sessions.adoptUser(session, user, former, participant.epoch);
  if (refusal) throw new RefusedError("server_error");
  participant.user = user;
  await finishEvictions(context, user, await store.users.claim(dialect, user, session));
}

/**
 * Gives way to a newer session of the same user. Who took over while this one was still on its way in did not find the user there,
 * nor a ticket, and so could not evict it: it looks for itself, after it has written both.
 */
export async function giveWay(context: Context, session: SessionId, user: UserId): Promise<void> {
  if ((await context.store.users.holder(context.dialect, user)) !== session) await evict(context, session, user);
}

/** Carries out evictions that were noted with a user. */
export async function finishEvictions(context: Context, user: UserId, sessions: readonly SessionId[]): Promise<void> {
  for (const session of sessions) await evict(context, session, user);
}

async function evict(context: Context, session: SessionId, user: UserId): Promise<void> {
  const { refusal } = new RefusedError("replaced");
  const eviction = await context.wire.evict(session, user, { type: "replaced", refusal });
  if (eviction) {
    for (const room of eviction.rooms) await leaveRoom(context, session, room);
    await leaveQueues(context, session, eviction.asks);
    await goOffline(context, session, user);
  }
  await context.store.users.evicted(context.dialect, user, session);
}

/** Takes whatever ticket a session may have out of every queue. */
export async function leaveQueues({ store, queues }: Context, session: SessionId, asks: number): Promise<void> {
  if (asks === 0) return;
  await Promise.all(queues.map((queue) => store.queues.dequeue(session, { queue, number: asks })));
}
