import type { RoomId, SessionId, UserId } from "@switchyard/protocol";
import type { MemberSeat, SessionRecord } from "@switchyard/store";
import type { Context } from "../context.ts";
import { evict, finishEvictions } from "../identity/takeover.ts";
import { resumeWaiting } from "../pairing/waiting.ts";
import { announceEntry } from "../rooms/entering.ts";
import { type Leaver, leaveRoom, tryLeaveRoom } from "../rooms/leaving.ts";

/** After a session was taken over: what its former node left half done is finished. */
export async function finishRecovery(
  context: Context,
  session: SessionId,
  epoch: number,
  record: SessionRecord,
): Promise<void> {
  if (record.user !== undefined) await finishTakeover(context, session, record.user);
  if (record.ticket && record.opening !== undefined) {
    await resumeWaiting(context, session, epoch, record.ticket, record.opening);
  }
  for (const room of record.departing) await leaveRoom(context, { session }, room);
  for (const room of record.pendingEntries) await tryLeaveRoom(context, { session, epoch }, room);
  for (const [room, seat] of record.seats) {
    if (seat.kind === "pair") await finishPairEnd(context, session, room);
    else if (context.roomRules) await finishEntry(context, { session, epoch }, room, seat, record);
  }
}

/** Whom it replaced may still be there: its node may have died before it evicted them. */
async function finishTakeover(context: Context, session: SessionId, user: UserId): Promise<void> {
  const { users } = context.store;
  await finishEvictions(context, user, await users.replacedBy(context.dialect, user, session));
}

/** Whoever began to end a pair may not have come as far as this side of it. */
async function finishPairEnd(context: Context, session: SessionId, room: RoomId): Promise<void> {
  if ((await context.store.rooms.state(room)) === "open") return;
  await leaveRoom(context, { session }, room, { type: "partner-left", room });
}

/** The others may not know yet that it came, or changed; or it is out already, and only its own place is left. */
async function finishEntry(
  context: Context,
  leaver: Leaver,
  room: RoomId,
  { user }: MemberSeat,
  { attempts, unannounced }: SessionRecord,
): Promise<void> {
  const session: string = leaver.session;
  const roster = await context.store.memberships.roster(room);
  const self = roster?.members.find((member) => member.session === session);
  const note = unannounced.get(room);
  if (roster && self && self.attempt === attempts.get(room)) {
    if (note !== undefined) await announceEntry(context, session, room, roster, note);
  } else if (user === session) await tryLeaveRoom(context, leaver, room, { type: "departed", room });
  else await evict(context, session, user);
}
