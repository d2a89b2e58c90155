import { RequestError, type SessionId, type UserId } from "@switchyard/protocol";
import type { UserClaim } from "@switchyard/store";
import type { Context } from "../context.ts";
import type { Participant } from "../participant.ts";
import { writeFeedEvent } from "../presence/feed-event.ts";
import { leaveRoom } from "../rooms/leaving.ts";

/** Makes a participant the one that stands for a user; whoever did before is out of everything and told so. */
export async function takeOverUser(context: Context, participant: Participant, user: UserId): Promise<void> {
  const former = participant.user === user ? undefined : participant.user;
  if (former !== undefined) await release(context, participant.session, former);
  const { replaced } = await claimUser(context, participant, user, former);
  await finishEvictions(context, user, replaced);
}

/**
 * Claims a user for a participant. Those that are replaced are noted with the user until they are evicted.
 * @param released whom it stood for until now, and has been released
 */
export async function claimUser(
  { store, dialect }: Context,
  participant: Participant,
  user: UserId,
  released?: UserId,
): Promise<UserClaim> {
  const { session, epoch } = participant;
  if (participant.user !== user || released !== undefined) {
    if (await store.sessions.setUser(session, user, released, epoch)) throw new RequestError("server_error");
    participant.user = user;
  }
  return store.users.claim(dialect, user, session);
}

/** A participant that stands for another user gives the former up; to be called when it is in no room as that one. */
export async function releaseFormerUser(
  context: Context,
  participant: Participant,
  former: UserId,
  user: UserId,
): Promise<void> {
  const { session, epoch } = participant;
  await release(context, session, former);
  if (await context.store.sessions.setUser(session, user, former, epoch)) throw new RequestError("server_error");
  participant.user = user;
}

/**
 * Gives way to a newer session of the same user. Who took over while this one was still on its way in did not find the user there,
 * nor a ticket, and so could not evict it: it looks for itself, after it has written both.
 * @returns whether there is a newer one
 */
export async function yieldToNewerSession(context: Context, session: SessionId, user: UserId): Promise<boolean> {
  if ((await context.store.users.holder(context.dialect, user)) === session) return false;
  await evict(context, session, user);
  return true;
}

async function release(context: Context, session: SessionId, user: UserId): Promise<void> {
  await finishEvictions(context, user, await context.store.users.release(context.dialect, user, session));
}

/** Carries out evictions that were noted with a user. */
export async function finishEvictions(context: Context, user: UserId, sessions: readonly SessionId[]): Promise<void> {
  for (const session of sessions) await evict(context, session, user);
}

/** A session stands for a user no more, because a newer one does: it is out of everything, and told so. */
export async function evict(context: Context, session: SessionId, user: UserId): Promise<void> {
  const { body } = new RequestError("replaced");
  const eviction = await context.outbox.evict(session, user, context.render({ type: "replaced", error: body }));
  if (eviction) {
    for (const room of eviction.rooms) await leaveRoom(context, { session }, room);
    await leaveQueues(context, session, eviction.ticketsRequested);
    await goOffline(context, session, user);
  }
  await context.store.users.evicted(context.dialect, user, session);
}

/** Takes whatever ticket a session may have out of every queue. */
export async function leaveQueues({ store, queues }: Context, session: SessionId, asks: number): Promise<void> {
  if (asks === 0) return;
  await Promise.all(queues.map((queue) => store.queues.dequeue(session, { queue, number: asks })));
}

/**
 * A session is that user no more; the others are told, if it was online by this one. Repeatable.
 * @param claim only if it is online by that claim
 */
export async function goOffline(context: Context, session: SessionId, user: UserId, claim?: number): Promise<void> {
  if (!context.onlineRules || context.onlineRules.severalTimes) return;
  const event = writeFeedEvent({ type: "went", user }, context.trace);
  await context.store.online.clear(context.dialect, session, user, event, claim);
}
