import type { RoomId, SessionId } from "@switchyard/protocol";
import type { SessionRecord } from "@switchyard/store";
import type { Context } from "./context.ts";
import { announceEntry } from "./entering.ts";
import { leaveRoom } from "./leaving.ts";
import { waitOn } from "./waiting.ts";

/** After a session was taken over: what its former node left half done is finished. */
export async function catchUp(
  context: Context,
  session: SessionId,
  epoch: number,
  record: SessionRecord,
): Promise<void> {
  if (record.ticket && record.opening !== undefined) {
    await waitOn(context, session, epoch, record.ticket, record.opening);
  }
  for (const [room, { kind }] of record.seats) {
    if (kind === "pair") await endWhatWasEnding(context, session, room);
    else if (context.rooms) await finishEntry(context, session, room, record);
  }
  for (const room of record.departing) await leaveRoom(context, session, room);
}

/** Whoever began to end a pair may not have come as far as this side of it. */
async function endWhatWasEnding(context: Context, session: SessionId, room: RoomId): Promise<void> {
  if ((await context.store.rooms.state(room)) === "open") return;
  await leaveRoom(context, session, room, { type: "partner-left", room });
}

/** The others may not know yet that it came; or it is out already, and only its own place is left. */
async function finishEntry(context: Context, session: SessionId, room: RoomId, record: SessionRecord): Promise<void> {
  const entry = await context.store.memberships.look(room, session);
  if (!entry) await leaveRoom(context, session, room, { type: "departed", room });
  else if (record.unannounced.includes(room)) await announceEntry(context, { session }, room, entry);
}
