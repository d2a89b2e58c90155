import type { RoomId, SessionId } from "@switchyard/protocol";
import type { Context } from "./context.ts";
import { queueAgain } from "./requeue.ts";

/**
 * Ends a pair: nobody can speak in it, the others are told and out of it, then the one who leaves, then the room is gone. Every step
 * can be repeated, and the leaver's own place goes last: whoever finds it still there does the rest again.
 */
export async function leaveRoom(context: Context, session: SessionId, room: RoomId): Promise<void> {
  const { store, wire, dialect } = context;
  const members = await store.rooms.close(room);
  const others = members.filter((member) => member !== session);
  await Promise.all(others.map((other) => takeOut(context, other, room)));
  await wire.unseat(session, room, undefined);
  await store.rooms.remove(room);
  await store.presence.roomRemoved(dialect, room);
}

/** Who wasn't told of the pair yet hears nothing of it, and waits on at its old place. */
async function takeOut(context: Context, session: SessionId, room: RoomId): Promise<void> {
  const outcome = await context.wire.unseat(session, room, { type: "partner-left", room });
  if (outcome === "reserved") await queueAgain(context, session, room);
}
