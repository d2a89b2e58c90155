import { type Json, RequestError, type UserId } from "@switchyard/protocol";
import { CHATROOM } from "../chatroom/chatroom.ts";
import type { Context } from "../context.ts";
import { type Participant, RINGING } from "../participant.ts";
import {
  callLegsOf,
  isAnsweredElsewhere,
  otherSessionsOf,
  sendToAny,
  setOwnCallLeg,
  stopRinging,
  unreachable,
} from "./call-legs.ts";

/*
 * Calls between two users, by name, of whom each may be connected several times. A call rings all connections of the callee; the one
 * that answers is the call's from then on. By which session a user is in the call is noted in the sessions of both sides (their lines).
 */

/**
 * Rings all connections of a user.
 * @throws RequestError `user_offline`
 */
export async function callUser(context: Context, participant: Participant, to: UserId, offer: Json): Promise<void> {
  const from = participant.requireUser();
  const { session, sender } = participant;
  const callees = await otherSessionsOf(context, participant, to);
  if (callees.length === 0) throw new RequestError("user_offline");
  await setOwnCallLeg(context, participant, to, RINGING); // first: it may be answered at once
  participant.callLegs.set(to, callees);
  const event = { type: "signal", room: CHATROOM, from, kind: "offer", body: offer } as const;
  const packet = context.render(event);
  const leg = { user: from, by: session, expected: undefined };
  const rung = await Promise.all(
    callees.map((callee) => context.outbox.setCallLeg(callee, CHATROOM, sender, leg, packet)),
  );
  if (rung.includes(true)) return;
  participant.callLegs.delete(to);
  await setOwnCallLeg(context, participant, to, undefined);
  throw new RequestError("user_offline");
}

/**
 * Answers a user's call, by this connection; the user's others receive that it was answered elsewhere. An answer to no known call is
 * passed on to all connections of that user.
 * @throws RequestError `user_offline`; `call_not_found` if another connection has answered
 */
export async function answerCall(context: Context, participant: Participant, to: UserId, answer: Json): Promise<void> {
  const from = participant.requireUser();
  const { session, sender } = participant;
  const { sessions } = await callLegsOf(context, participant, to);
  const event = { type: "signal", room: CHATROOM, from, kind: "answer", body: answer } as const;
  const packet = context.render(event);
  const leg = { user: from, by: session, expected: RINGING };
  for (const caller of sessions) {
    if (!(await context.outbox.setCallLeg(caller, CHATROOM, sender, leg, packet))) continue;
    await setOwnCallLeg(context, participant, to, caller);
    participant.callLegs.set(to, [caller]);
    return stopRinging(context, participant, to, caller, { type: "answered-elsewhere", from: to });
  }
  const isLate = await isAnsweredElsewhere(context, participant, sessions);
  if (isLate || !(await sendToAny(context, participant, sessions, event))) {
    throw await unreachable(context, participant, to);
  }
}

/**
 * Passes a candidate on to the other side of a call, or to all connections of a user. One Redis command where there is one, no read.
 * @throws RequestError `user_offline`; `call_not_found` if only the connection that was in the call is gone
 */
export async function sendCandidate(
  context: Context,
  participant: Participant,
  to: UserId,
  candidate: Json,
): Promise<void> {
  const from = participant.requireUser();
  const event = { type: "signal", room: CHATROOM, from, kind: "candidate", body: candidate } as const;
  const known = participant.callLegs.get(to);
  const direct = known && (() => sendToAny(context, participant, known, event));
  try {
    const sent = await participant.routeTo(to).send(direct, async () => {
      const { sessions } = await callLegsOf(context, participant, to);
      return sendToAny(context, participant, sessions, event);
    });
    if (!sent) throw await unreachable(context, participant, to);
  } finally {
    participant.dropRoute(to); // anybody can be named
  }
}
