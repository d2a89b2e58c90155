import type { CoreEventOf, RoomId, SessionId } from "@switchyard/protocol";
import type { Context } from "./context.ts";
import { queueAgain } from "./requeue.ts";

/**
 * Ends a pair: nobody can speak in it, the others are told and out of it, the room is gone, then the one who leaves is out of it. Every
 * step can be repeated, and the leaver's own place goes last: whoever finds it still there does the rest again.
 * @param told what the one who leaves is told; nothing if it asked for it
 */
export async function leaveRoom(
  context: Context,
  session: SessionId,
  room: RoomId,
  told?: CoreEventOf<"partner-left">,
): Promise<void> {
  const { store, wire, dialect } = context;
  const members = await store.rooms.close(room);
  const others = members.filter((member) => member !== session);
  await Promise.all(others.map((other) => takeOut(context, other, room)));
  await store.rooms.remove(room);
  await store.presence.roomRemoved(dialect, room);
  await wire.unseat(session, room, told);
}

/**
 * Who wasn't told of the pair yet hears nothing of it, and waits on at its old place. It may be told in the very moment in which it is
 * to be queued again: then it is taken out after all.
 */
async function takeOut(context: Context, session: SessionId, room: RoomId): Promise<void> {
  while ((await context.wire.unseat(session, room, { type: "partner-left", room })) === "reserved") {
    await queueAgain(context, session, room);
  }
}
