import { RequestError, type SessionId, type UserId } from "@switchyard/protocol";
import type { UserClaim } from "@switchyard/store";
import { type Context, releaseHoldings } from "../context.ts";
import type { Participant } from "../participant.ts";
import { dropEach } from "../stale-entries.ts";

/** Makes a participant the one that stands for a user; the session that did before is out of everything and receives that. */
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
  const { session, epoch, sender } = participant;
  // also if it is that user already: a session that was replaced, and does not know yet, must not claim the user back
  if (await store.sessions.setUser(session, user, released, epoch)) throw new RequestError("server_error");
  participant.user = user;
  const claim = await store.users.claim(dialect, user, session, sender);
  // where the session has ended meanwhile, nobody would give the user up if this process died now: so the claim lapses
  if (claim.lapses && !(await store.sessions.setUser(session, user, undefined, epoch)))
    await store.users.keep(dialect, user, session);
  return claim;
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
 * Gives way to a newer session of the same user. A session that took over while this one was still on its way in did not find the user
 * there, nor a ticket, and so could not evict it: this one checks for itself, after it has written both.
 * @returns whether there is a newer one
 */
export async function yieldToNewerSession(context: Context, session: SessionId, user: UserId): Promise<boolean> {
  if ((await context.store.users.holder(context.dialect, user)) === session) return false;
  await evict(context, session, user);
  return true;
}

/**
 * The error for a step that was refused because the session was replaced, went on elsewhere or has ended. A session that ended before it
 * claimed the user could not give the user up at its end: it does so here.
 */
export async function overtakenError(context: Context, session: SessionId, user: UserId): Promise<RequestError> {
  if (await yieldToNewerSession(context, session, user)) return new RequestError("replaced");
  const record = await context.store.sessions.read(session);
  if (!record || record.state === "ending") await release(context, session, user);
  return new RequestError("server_error");
}

async function release(context: Context, session: SessionId, user: UserId): Promise<void> {
  await finishEvictions(context, user, await context.store.users.release(context.dialect, user, session));
}

/** Carries out evictions that were noted with a user. */
export async function finishEvictions(context: Context, user: UserId, sessions: readonly SessionId[]): Promise<void> {
  for (const session of sessions) await evict(context, session, user);
}

/** A session no longer stands for a user, because a newer one does: it is out of everything, and receives that. */
export async function evict(context: Context, session: SessionId, user: UserId): Promise<void> {
  const { body } = new RequestError("replaced");
  const eviction = await context.outbox.evict(session, user, context.render({ type: "replaced", error: body }));
  if (eviction) await releaseHoldings(context, session, { ...eviction, users: [user] });
  await context.store.users.evicted(context.dialect, user, session);
}

/**
 * Drops people who are listed by a session that has ended, or is not that user. The user is released first: what it is found by goes last.
 * @returns how many
 */
export async function dropEndedPeople<Person extends { readonly session: SessionId; readonly user: UserId }>(
  context: Context,
  people: readonly Person[],
  drop: (person: Person) => Promise<void>,
): Promise<number> {
  const { sessions, users } = context.store;
  return dropEach(
    people,
    async ({ session, user }) => (await sessions.read(session))?.user !== user,
    async (person) => {
      const { session, user } = person;
      const isGone = !(await sessions.exists(session));
      if (isGone) await finishEvictions(context, user, await users.release(context.dialect, user, session));
      await drop(person);
    },
  );
}

/** Every session by which a user is there. */
export async function sessionsOfUser({ store, dialect }: Context, user: UserId): Promise<SessionId[]> {
  const [holder, sessions] = await Promise.all([
    store.users.holder(dialect, user),
    store.users.sessions(dialect, user),
  ]);
  return [...new Set([...(holder === undefined ? [] : [holder]), ...sessions])];
}
