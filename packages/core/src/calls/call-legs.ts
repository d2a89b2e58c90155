import { type CoreEvent, RequestError, type SessionId, type UserId } from "@switchyard/protocol";
import { CHATROOM } from "../chatroom/chatroom.ts";
import type { Context } from "../context.ts";
import { type Participant, RINGING } from "../participant.ts";

/** The other sessions of a user; none where it is not online. */
export async function otherSessionsOf(
  { store, dialect }: Context,
  { session }: Participant,
  user: UserId,
): Promise<readonly SessionId[]> {
  return (await store.users.sessions(dialect, user)).filter((one) => one !== session);
}

/** By which of a user's sessions that one is, or may be, in a call with the participant: the one that is noted, or all. */
export async function callLegsOf(
  context: Context,
  participant: Participant,
  user: UserId,
): Promise<{ known: SessionId | undefined; sessions: readonly SessionId[] }> {
  const known = await context.store.sessions.callLegTo(participant.session, user);
  if (known !== undefined && known !== RINGING) return { known, sessions: [known] };
  return { known: undefined, sessions: await otherSessionsOf(context, participant, user) };
}

/** Tells sessions something, whatever call they are in; whether one of them is there. */
export async function sendToAny(
  { outbox, render }: Context,
  participant: Participant,
  sessions: readonly SessionId[],
  event: CoreEvent,
): Promise<boolean> {
  const absent = await outbox.deliverToEach(sessions, CHATROOM, participant.senderIn(CHATROOM), render(event));
  return absent.length < sessions.length;
}

/** Whether one of these sessions is in a call with another connection of the participant's user. */
export async function isAnsweredElsewhere(
  { store }: Context,
  participant: Participant,
  sessions: readonly SessionId[],
) {
  const user = participant.requireUser();
  const legs = await Promise.all(sessions.map((one) => store.sessions.callLegTo(one, user)));
  return legs.some((by) => by !== undefined && by !== RINGING && by !== participant.session);
}

/** The participant's other connections that ring for a call by that session no longer ring, and receive the reason. */
export async function stopRinging(
  context: Context,
  participant: Participant,
  caller: UserId,
  by: SessionId,
  event: CoreEvent,
): Promise<void> {
  const own = await otherSessionsOf(context, participant, participant.requireUser());
  const leg = { user: caller, by: undefined, expected: by };
  const packet = context.render(event);
  await Promise.all(
    own.map((session) => context.outbox.setCallLeg(session, CHATROOM, participant.sender, leg, packet)),
  );
}

/** Notes by which of a user's sessions the participant is in a call, or rings, or (`undefined`) that it is no longer in one. */
export async function setOwnCallLeg(
  { outbox, trace }: Context,
  { session, sender }: Participant,
  user: UserId,
  by: SessionId | undefined,
): Promise<void> {
  await outbox.setCallLeg(session, CHATROOM, sender, { user, by, expected: undefined }, undefined, trace);
}

/** Why a user can't be reached in a call: it is not online, or its connection that was in the call is gone. */
export async function unreachable(context: Context, participant: Participant, user: UserId): Promise<RequestError> {
  const isOnline = (await otherSessionsOf(context, participant, user)).length > 0;
  return new RequestError(isOnline ? "call_not_found" : "user_offline");
}
