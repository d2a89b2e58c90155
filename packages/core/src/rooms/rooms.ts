import type { Member, RoomId, SessionId } from "@switchyard/protocol";
import type { MemberSeat, SessionRecord } from "@switchyard/store";
import type { Context, Feature } from "../context.ts";
import { evict } from "../identity/takeover.ts";
import { auditRooms } from "./audit.ts";
import { announceEntry } from "./entering.ts";
import { type Leaver, leaveRoom, tryLeaveRoom } from "./leaving.ts";

/** Rooms that clients name: matches, calls, meetings. */
export const rooms = {
  name: "rooms",
  events: ["welcomed", "entered", "left", "roster", "departed"],
  async recover(context, held, record) {
    const { session } = held;
    for (const room of record.departing) await leaveRoom(context, { session }, room);
    for (const room of record.pendingEntries) await tryLeaveRoom(context, held, room);
    for (const [room, seat] of record.seats) {
      if (seat.kind === "member") await finishEntry(context, held, room, seat, record);
    }
  },
  async complete({ store, roomRules }, session, record, reference) {
    const { event } = reference;
    if (event.type === "welcomed" && "upTo" in reference) {
      const messages = await store.rooms.messagesUpTo(event.room, reference.upTo, roomRules?.historyLimit ?? 0);
      return { ...event, messages };
    }
    return event.type === "roster"
      ? { ...event, members: await membersFor(store, session, record, event.room) }
      : undefined;
  },
  async release(context, session, holdings) {
    for (const room of holdings.rooms) await leaveRoom(context, { session }, room);
  },
  audit: auditRooms,
} as const satisfies Feature;

/** The members now, for a session that is among them, and that from now on receives no list that is older. */
async function membersFor(
  { memberships, outboxes }: Context["store"],
  session: SessionId,
  { seats }: SessionRecord,
  room: RoomId,
): Promise<readonly Member[]> {
  const roster = seats.has(room) ? await memberships.roster(room) : undefined;
  if (!roster) return [];
  const { revision } = roster;
  await outboxes.deliverChange(session, room, { about: undefined, revision, since: revision, listed: revision }, "");
  return roster.members;
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
