import { type CoreEvent, RefusedError, type SessionId, type UserId } from "@switchyard/protocol";
import { CHATROOM } from "./chatroom.ts";
import type { Context } from "./context.ts";
import { type Participant, RINGING } from "./participant.ts";

/** The other sessions of a user; none where it is not online. */
export async function connectionsOf(
  { store, dialect }: Context,
  { session }: Participant,
  user: UserId,
): Promise<readonly SessionId[]> {
  return (await store.users.sessions(dialect, user)).filter((one) => one !== session);
}

/** By which of a user's sessions that one is, or may be, in a call with the participant: the one that is noted, or all. */
export async function partiesOf(
  context: Context,
  participant: Participant,
  user: UserId,
): Promise<{ noted: SessionId | undefined; parties: readonly SessionId[] }> {
  const noted = await context.store.sessions.callLegTo(participant.session, user);
  if (noted !== undefined && noted !== RINGING) return { noted, parties: [noted] };
  return { noted: undefined, parties: await connectionsOf(context, participant, user) };
}

/** Tells sessions something, whatever call they are in; whether one of them is there. */
export async function reachAny(
  { wire }: Context,
  { sender }: Participant,
  sessions: readonly SessionId[],
  event: CoreEvent,
): Promise<boolean> {
  const absent = await wire.spread(sessions, CHATROOM, sender, event);
  return absent.length < sessions.length;
}

/** Whether one of these sessions is in a call with another connection of the participant's user. */
export async function isTaken({ store }: Context, participant: Participant, parties: readonly SessionId[]) {
  const user = participant.requireUser();
  const lines = await Promise.all(parties.map((party) => store.sessions.callLegTo(party, user)));
  return lines.some((by) => by !== undefined && by !== RINGING && by !== participant.session);
}

/** The participant's other connections that ring for a call by that session ring no more, and are told why. */
export async function stopRinging(
  context: Context,
  participant: Participant,
  caller: UserId,
  by: SessionId,
  event: CoreEvent,
): Promise<void> {
  const own = await connectionsOf(context, participant, participant.requireUser());
  const line = { user: caller, by: undefined, expected: by };
  await Promise.all(own.map((session) => context.wire.line(session, CHATROOM, participant.sender, line, event)));
}

/** Notes by which of a user's sessions the participant is in a call, or rings, or (`undefined`) that it is in none any more. */
export async function noteOwnLine(
  { wire }: Context,
  { session, sender }: Participant,
  user: UserId,
  by: SessionId | undefined,
): Promise<void> {
  await wire.line(session, CHATROOM, sender, { user, by, expected: undefined }, undefined);
}

/** Why a user can't be reached in a call: it is not online, or its connection that was in the call is gone. */
export async function notReached(context: Context, participant: Participant, user: UserId): Promise<RefusedError> {
  const isOnline = (await connectionsOf(context, participant, user)).length > 0;
  return new RefusedError(isOnline ? "call_not_found" : "user_offline");
}
