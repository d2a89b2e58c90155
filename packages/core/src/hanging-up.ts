import type { SessionId, UserId } from "@switchyard/protocol";
import type { Sender } from "@switchyard/store";
import { CHATROOM } from "./chatroom.ts";
import type { Context } from "./context.ts";
import { type Participant, RINGING } from "./participant.ts";
import { isTaken, noteOwnLine, notReached, partiesOf, reachAny, stopRinging } from "./parties.ts";

/**
 * Ends a call, or takes a ringing one back, or declines it: then the user's other connections stop ringing too. It ends only what this
 * connection is in: not a call that another one has answered.
 * @throws RefusedError `user_offline`
 */
export async function hangUp(context: Context, participant: Participant, to: UserId): Promise<void> {
  const from = participant.requireUser();
  const { sender } = participant;
  const { noted, parties } = await partiesOf(context, participant, to);
  const line = { user: from, by: undefined, expected: RINGING };
  const event = { type: "call-step", from, step: "end" } as const;
  const told = await Promise.all(parties.map((party) => context.wire.line(party, CHATROOM, sender, line, event)));
  await noteOwnLine(context, participant, to, undefined);
  participant.lines.delete(to);
  if (noted !== undefined) await stopRinging(context, participant, to, noted, { ...event, from: to });
  if (told.includes(true) || (await isTaken(context, participant, parties))) return;
  if (noted === undefined && (await reachAny(context, participant, parties, event))) return;
  const refusal = await notReached(context, participant, to);
  if (refusal.refusal.code === "user_offline") throw refusal; // else the call was over already
}

/**
 * A session that was in a call with a user is gone for good; the other side is told, if it still is in that call. One that rings all
 * connections of a user is told when the last of them is gone: so this is for when the session stands for its user no more.
 * @param by what was noted in the session that is gone
 */
export async function endLine(
  { store, wire, dialect }: Context,
  gone: Sender,
  from: UserId | undefined,
  to: UserId,
  by: SessionId,
): Promise<void> {
  if (from === undefined) return;
  const isLast = (await store.users.sessions(dialect, from)).length === 0;
  const line = { user: from, by: undefined, expected: isLast && by !== RINGING ? RINGING : gone.session };
  const event = { type: "call-step", from, step: "end" } as const;
  const parties = by === RINGING ? await store.users.sessions(dialect, to) : [by];
  await Promise.all(parties.map((party) => wire.line(party, CHATROOM, gone, line, event)));
}
