import type { CoreEventOf, RoomId, SessionId } from "@switchyard/protocol";
import { announceChange, announceRoster } from "./announcing.ts";
import { CHATROOM } from "./chatroom.ts";
import type { Context } from "./context.ts";
import { queueAgain } from "./requeue.ts";

/**
 * Takes a participant out of a room for good, and tells the others. Every step can be repeated, and the leaver's own place goes last:
 * whoever finds it still there does the rest again.
 * @param told what the one who leaves is told; nothing if it asked for it, or is gone
 */
export async function leaveRoom(
  context: Context,
  session: SessionId,
  room: RoomId,
  told?: CoreEventOf<"partner-left"> | CoreEventOf<"departed">,
): Promise<void> {
  if (context.rooms) await leaveMembers(context, session, room, context.rooms.lingerMs);
  else if (room !== CHATROOM) await endPair(context, session, room);
  await context.wire.unseat(session, room, told);
}

async function leaveMembers(context: Context, session: SessionId, room: RoomId, lingerMs: number): Promise<void> {
  const { memberships } = context.store;
  const exited = await memberships.exit(room, session, lingerMs);
  if (!exited) return;
  const { member, revision, roster } = exited;
  await announceChange(context, room, { about: session, revision }, roster, (members) => ({
    type: "left",
    room,
    member,
    members,
  }));
  await announceRoster(context, room, roster);
  await memberships.told(room, session);
  if (roster.members.length === 0) await unlist(context, room);
}

/** Takes an empty room off the list; somebody may enter it in that moment. */
async function unlist({ store, dialect }: Context, room: RoomId): Promise<void> {
  await store.presence.roomRemoved(dialect, room);
  const roster = await store.memberships.roster(room);
  if (roster && roster.members.length > 0) await store.presence.roomOpened(dialect, room);
}

/** Nobody can speak in it, the others are told and out of it, the room is gone. */
async function endPair(context: Context, session: SessionId, room: RoomId): Promise<void> {
  const { store, dialect } = context;
  const members = await store.rooms.close(room);
  const others = members.filter((member) => member !== session);
  await Promise.all(others.map((other) => takeOut(context, other, room)));
  await store.rooms.remove(room);
  await store.presence.roomRemoved(dialect, room);
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
