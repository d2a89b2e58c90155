import type { Check } from "./check.ts";
import { arrivals } from "./checks/arrivals.ts";
import { assignments } from "./checks/assignments.ts";
import { feeds } from "./checks/feeds.ts";
import { lifetimes } from "./checks/lifetimes.ts";
import { listedRooms } from "./checks/listed-rooms.ts";
import { memberRooms } from "./checks/member-rooms.ts";
import { nodeIndex } from "./checks/node-index.ts";
import { nodeKept } from "./checks/node-kept.ts";
import { nodeLeases } from "./checks/node-leases.ts";
import { openRooms } from "./checks/open-rooms.ts";
import { outboxes } from "./checks/outboxes.ts";
import { pairRooms } from "./checks/pair-rooms.ts";
import { pairSeats } from "./checks/pair-seats.ts";
import { peopleOnline } from "./checks/people-online.ts";
import { presenceSessions } from "./checks/presence-sessions.ts";
import { queueEntries } from "./checks/queue-entries.ts";
import { queueTickets } from "./checks/queue-tickets.ts";
import { reservations } from "./checks/reservations.ts";
import { roomGone } from "./checks/room-gone.ts";
import { roomMembers } from "./checks/room-members.ts";
import { roomParts } from "./checks/room-parts.ts";
import { roomUsers } from "./checks/room-users.ts";
import { sessionEnd } from "./checks/session-end.ts";
import { sessionOnline } from "./checks/session-online.ts";
import { sessionOwner } from "./checks/session-owner.ts";
import { sessionPresence } from "./checks/session-presence.ts";
import { sessionTicket } from "./checks/session-ticket.ts";
import { sessionUser } from "./checks/session-user.ts";
import { unfinishedLeave } from "./checks/unfinished-leave.ts";
import { unknownKeys } from "./checks/unknown-keys.ts";
import { userSessions } from "./checks/user-sessions.ts";

/** Every invariant that is checked. Another one is one more file and one more entry here. */
export const checks: readonly Check[] = [
  ...[sessionOwner, sessionEnd, nodeLeases, nodeIndex, nodeKept, outboxes],
  ...[roomMembers, memberRooms, pairRooms, pairSeats, unfinishedLeave, listedRooms, openRooms],
  ...[roomParts, roomUsers, roomGone],
  ...[queueTickets, queueEntries, sessionTicket, assignments, reservations],
  ...[presenceSessions, sessionPresence, peopleOnline, arrivals, sessionOnline, feeds],
  ...[userSessions, sessionUser, lifetimes, unknownKeys],
];
