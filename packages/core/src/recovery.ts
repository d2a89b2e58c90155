import type { SessionId } from "@switchyard/protocol";
import type { SessionRecord } from "@switchyard/store";
import type { Context } from "./context.ts";
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
  for (const room of record.seats.keys()) {
    if ((await context.store.rooms.state(room)) === "open") continue;
    await leaveRoom(context, session, room, { type: "partner-left", room }); // whoever began to end it may not have come that far
  }
  for (const room of record.departing) await leaveRoom(context, session, room);
}
