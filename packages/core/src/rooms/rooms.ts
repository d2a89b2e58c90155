import type { RoomId } from "@switchyard/protocol";
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
  async release(context, session, holdings) {
    for (const room of holdings.rooms) await leaveRoom(context, { session }, room);
  },
  audit: auditRooms,
} as const satisfies Feature;

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
