import { type CoreEventOf, RequestError, type RoomId, type SessionId } from "@switchyard/protocol";
import type { Context } from "../context.ts";
import { announceChange, announceRoster } from "./announcing.ts";

/** A session that leaves: of its own, by the epoch in which its node holds it; or because any process finds it to be out. */
export interface Leaver {
  readonly session: SessionId;
  readonly epoch?: number;
}

/**
 * Takes a participant out of a room for good, and tells the others. Every step can be repeated, and the leaver's own place goes last:
 * a process that finds it still there repeats the rest.
 * @param event what the leaver receives; nothing if it asked for it, or is gone
 * @throws RequestError `server_error` if it leaves of its own, and went on elsewhere
 */
export async function leaveRoom(
  context: Context,
  leaver: Leaver,
  room: RoomId,
  event?: CoreEventOf<"departed">,
): Promise<void> {
  if (!(await tryLeaveRoom(context, leaver, room, event))) throw new RequestError("server_error");
}

/** The same, but tells whether it went on elsewhere, or was replaced: then others see to it. */
export async function tryLeaveRoom(
  context: Context,
  { session, epoch }: Leaver,
  room: RoomId,
  event?: CoreEventOf<"departed">,
): Promise<boolean> {
  const packet = event && context.render(event);
  const attempt = await context.outbox.depart(session, room, epoch, packet, context.trace);
  if (typeof attempt === "number") await leaveUpTo(context, session, room, attempt);
  return attempt !== "fenced";
}

/**
 * Takes a session that no longer has a seat out of a room that clients name: what it did there by that attempt, or before. Repeatable,
 * also when it has come in again since.
 */
export async function leaveUpTo(context: Context, session: SessionId, room: RoomId, attempt: number): Promise<void> {
  const { memberships, sessions } = context.store;
  const exited = await memberships.exit(room, session, attempt, context.roomRules?.lingerMs ?? 0);
  if (exited) {
    const { member, revision, roster } = exited;
    await announceChange(context, room, { member, revision, since: member.since }, roster, (members) => ({
      type: "left",
      room,
      member,
      members,
    }));
    await announceRoster(context, room, roster);
    await memberships.forgetLeaver(room, session, revision);
  }
  if (!exited || exited.roster.members.length === 0) await updateRoomList(context, room);
  await sessions.forgetRoom(session, room, attempt);
}

/** Puts a room on the list, or takes it off when it is empty; somebody may enter it in that moment. */
async function updateRoomList({ store, dialect }: Context, room: RoomId): Promise<void> {
  const { memberships, presence } = store;
  if ((await memberships.size(room)) > 0) return presence.roomOpened(dialect, room);
  await presence.roomRemoved(dialect, room);
  if ((await memberships.size(room)) > 0) await presence.roomOpened(dialect, room);
}
