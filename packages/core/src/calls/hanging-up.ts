import type { SessionId, UserId } from "@switchyard/protocol";
import type { Sender } from "@switchyard/store";
import { CHATROOM } from "../chatroom/chatroom.ts";
import type { Context, Feature } from "../context.ts";
import { type Participant, RINGING } from "../participant.ts";
import { callLegsOf, isAnsweredElsewhere, sendToAny, setOwnCallLeg, stopRinging, unreachable } from "./call-legs.ts";

/** Calls between two users by name, by whichever of their connections. */
export const calls = {
  name: "calls",
  events: ["signal", "call-step", "answered-elsewhere"],
  async end(context, session, { epoch, user, callLegs }) {
    for (const [to, by] of callLegs) await endCallLeg(context, { session, epoch }, user, to, by);
  },
} as const satisfies Feature;

/**
 * Ends a call, or takes a ringing one back, or declines it: then the user's other connections stop ringing too. It ends only what this
 * connection is in: not a call that another one has answered.
 * @throws RequestError `user_offline`
 */
export async function hangUp(context: Context, participant: Participant, to: UserId): Promise<void> {
  const from = participant.requireUser();
  const { sender } = participant;
  const { known, sessions } = await callLegsOf(context, participant, to);
  const leg = { user: from, by: undefined, expected: RINGING };
  const event = { type: "call-step", from, step: "end" } as const;
  const packet = context.render(event);
  const noted = await Promise.all(sessions.map((one) => context.outbox.setCallLeg(one, CHATROOM, sender, leg, packet)));
  await setOwnCallLeg(context, participant, to, undefined);
  participant.callLegs.delete(to);
  if (known !== undefined) await stopRinging(context, participant, to, known, { ...event, from: to });
  if (noted.includes(true) || (await isAnsweredElsewhere(context, participant, sessions))) return;
  if (known === undefined && (await sendToAny(context, participant, sessions, event))) return;
  const error = await unreachable(context, participant, to);
  if (error.body.code === "user_offline") throw error; // else the call was over already
}

/**
 * A session that was in a call with a user is gone for good; the other side receives that, if it still is in that call. A session that
 * rings all connections of a user receives it when the last of them is gone: so call this once the session no longer stands for its user.
 * @param by what was noted in the session that is gone
 */
async function endCallLeg(
  { store, outbox, dialect, render }: Context,
  gone: Sender,
  from: UserId | undefined,
  to: UserId,
  by: SessionId,
): Promise<void> {
  if (from === undefined) return;
  const isLast = (await store.users.sessions(dialect, from)).length === 0;
  const leg = { user: from, by: undefined, expected: isLast && by !== RINGING ? RINGING : gone.session };
  const event = { type: "call-step", from, step: "end" } as const;
  const packet = render(event);
  const sessions = by === RINGING ? await store.users.sessions(dialect, to) : [by];
  await Promise.all(sessions.map((one) => outbox.setCallLeg(one, CHATROOM, gone, leg, packet)));
}
