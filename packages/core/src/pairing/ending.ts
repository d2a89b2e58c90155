import type { CoreEventOf, RoomId, SessionId } from "@switchyard/protocol";
import type { Context } from "../context.ts";
import { undoReservation } from "./reservation-undo.ts";

/**
 * Takes a session out of its pair for good, which ends it for the partner too. Every step can be repeated, and the session's own place goes
 * last: a process that finds it still there repeats the rest.
 * @param event what the session receives; nothing if it asked for it, or is gone
 */
export async function leavePair(
  context: Context,
  { session }: { readonly session: SessionId },
  room: RoomId,
  event?: CoreEventOf<"partner-left">,
): Promise<void> {
  await endPair(context, session, room);
  await context.outbox.unseat(session, room, event && context.render(event), context.trace);
}

/** No more messages are accepted in it, the others are notified and out of it, the room is gone. */
async function endPair(context: Context, session: SessionId, room: RoomId): Promise<void> {
  const { store, dialect } = context;
  const members = await store.rooms.close(room);
  const others = members.filter((member) => member !== session);
  await Promise.all(others.map((other) => removeFromPair(context, other, room)));
  await store.rooms.remove(room);
  await store.presence.roomRemoved(dialect, room);
}

/**
 * A session that has not received the pair yet receives nothing of it, and waits on at its old position. The pair may reach it in the
 * very moment in which it is to be queued again: then it is taken out after all.
 */
async function removeFromPair(context: Context, session: SessionId, room: RoomId): Promise<void> {
  const packet = context.render({ type: "partner-left", room });
  while ((await context.outbox.unseat(session, room, packet)) === "reserved") {
    await undoReservation(context, session, room);
  }
}
