import { type CoreEvent, type Json, RefusedError, type SessionId, type UserId } from "@switchyard/protocol";
import type { Sender } from "@switchyard/store";
import { CHATROOM } from "./chatroom.ts";
import type { Context } from "./context.ts";
import type { Participant } from "./participant.ts";
import { RINGING } from "./ringing.ts";

/*
 * Calls between two users, by name, of whom each may be connected several times. Who calls rings all connections of the other; the one
 * that answers is the call's from then on. By which session a user is in the call is noted in the sessions of both sides (their lines).
 */

/**
 * Rings all connections of a user.
 * @throws RefusedError `user_offline`
 */
export async function callUser(context: Context, participant: Participant, to: UserId, offer: Json): Promise<void> {
  const from = participant.requireUser();
  const { session, sender } = participant;
  const callees = await connectionsOf(context, participant, to);
  await context.wire.line(session, CHATROOM, sender, { user: to, by: RINGING, until: undefined }, undefined);
  participant.lines.set(to, callees);
  const event = { type: "signal", room: CHATROOM, from, kind: "offer", body: offer } as const;
  const line = { user: from, by: session, until: undefined };
  const rung = await Promise.all(callees.map((callee) => context.wire.line(callee, CHATROOM, sender, line, event)));
  if (!rung.includes(true)) throw new RefusedError("user_offline");
}

/**
 * Answers a user's call, by this connection; the user's others hear that it was answered elsewhere.
 * @throws RefusedError `user_offline`
 */
export async function answerCall(context: Context, participant: Participant, to: UserId, answer: Json): Promise<void> {
  const from = participant.requireUser();
  const { session, sender } = participant;
  const callers = await partiesOf(context, participant, to);
  const event = { type: "signal", room: CHATROOM, from, kind: "answer", body: answer } as const;
  const line = { user: from, by: session, until: undefined };
  const told = await Promise.all(callers.map((caller) => context.wire.line(caller, CHATROOM, sender, line, event)));
  const [caller, ...others] = callers.filter((_, i) => told[i]);
  if (caller === undefined) throw await gone(context, participant, to);
  if (others.length > 0) return; // nobody is known to have called: all of that user's connections have the answer
  const own = { user: to, by: caller, until: undefined };
  await context.wire.line(session, CHATROOM, sender, own, undefined);
  participant.lines.set(to, [caller]);
  await stopRinging(context, participant, to, caller);
}

/**
 * Passes a candidate on to the other side of a call, or to all connections of a user. One Redis command where there is one, no read.
 * @throws RefusedError `user_offline`
 */
export async function sendCandidate(
  context: Context,
  participant: Participant,
  to: UserId,
  candidate: Json,
): Promise<void> {
  const from = participant.requireUser();
  const event = { type: "signal", room: CHATROOM, from, kind: "candidate", body: candidate } as const;
  const known = participant.lines.get(to);
  const sent = await participant
    .laneTo(to)
    .pass(known && (() => reachAny(context, participant, known, event)), async () =>
      reachAny(context, participant, await partiesOf(context, participant, to), event),
    );
  if (!sent) throw await gone(context, participant, to);
}

/**
 * Ends a call, or takes a ringing one back, or declines it; the own connections that ring for it stop.
 * @throws RefusedError `user_offline`
 */
export async function hangUp(context: Context, participant: Participant, to: UserId): Promise<void> {
  const from = participant.requireUser();
  const { session, sender } = participant;
  const parties = await partiesOf(context, participant, to);
  const line = { user: from, by: undefined, until: undefined };
  const event = { type: "call-step", from, step: "end" } as const;
  const told = await Promise.all(parties.map((party) => context.wire.line(party, CHATROOM, sender, line, event)));
  const own = { user: to, by: undefined, until: undefined };
  await context.wire.line(session, CHATROOM, sender, own, undefined);
  participant.lines.delete(to);
  for (const party of parties) await stopRinging(context, participant, to, party);
  if (!told.includes(true)) throw new RefusedError("user_offline");
}

/** A session that was in a call with a user's session is gone for good; the other side is told, if it still is in that call. */
export async function endLine(
  { store, wire, dialect }: Context,
  gone: Sender,
  from: UserId | undefined,
  to: UserId,
  by: SessionId,
): Promise<void> {
  if (from === undefined) return;
  const line = { user: from, by: undefined, until: gone.session };
  const event = { type: "call-step", from, step: "end" } as const;
  const parties = by === RINGING ? await store.users.sessions(dialect, to) : [by];
  await Promise.all(parties.map((party) => wire.line(party, CHATROOM, gone, line, event)));
}

/** The sessions to which what goes to a user in a call is sent: the one that is known, or all that there are. */
async function partiesOf(context: Context, participant: Participant, to: UserId): Promise<readonly SessionId[]> {
  return participant.lines.get(to) ?? (await connectionsOf(context, participant, to));
}

/** @throws RefusedError `user_offline` if the user has no other connection */
async function connectionsOf(
  { store, dialect }: Context,
  { session }: Participant,
  user: UserId,
): Promise<readonly SessionId[]> {
  const sessions = (await store.users.sessions(dialect, user)).filter((one) => one !== session);
  if (sessions.length === 0) throw new RefusedError("user_offline");
  return sessions;
}

async function reachAny(
  { wire }: Context,
  { sender }: Participant,
  sessions: readonly SessionId[],
  event: CoreEvent,
): Promise<boolean> {
  const absent = await wire.spread(sessions, CHATROOM, sender, event);
  return absent.length < sessions.length;
}

/** The other connections of the participant's user that still ring for a call by that session. */
async function stopRinging(context: Context, participant: Participant, caller: UserId, by: SessionId): Promise<void> {
  const { store, wire, dialect } = context;
  const own = (await store.users.sessions(dialect, participant.requireUser())).filter(
    (session) => session !== participant.session,
  );
  const line = { user: caller, by: undefined, until: by };
  const event = { type: "answered-elsewhere", from: caller } as const;
  await Promise.all(own.map((session) => wire.line(session, CHATROOM, participant.sender, line, event)));
}

/** The other side of the call is there no more: the call is over. */
async function gone({ wire }: Context, { session, sender, lines }: Participant, to: UserId): Promise<RefusedError> {
  lines.delete(to);
  await wire.line(session, CHATROOM, sender, { user: to, by: undefined, until: undefined }, undefined);
  return new RefusedError("user_offline");
}
