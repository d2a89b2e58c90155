import type { Check } from "./check.ts";
import { lifetimes } from "./checks/key/lifetimes.ts";
import { unknownKeys } from "./checks/key/unknown-keys.ts";
import { nodeIndex } from "./checks/node/node-index.ts";
import { nodeKept } from "./checks/node/node-kept.ts";
import { nodeLeases } from "./checks/node/node-leases.ts";
import { sessionOwner } from "./checks/node/session-owner.ts";
import { arrivals } from "./checks/presence/arrivals.ts";
import { feeds } from "./checks/presence/feeds.ts";
import { peopleOnline } from "./checks/presence/people-online.ts";
import { presenceSessions } from "./checks/presence/presence-sessions.ts";
import { sessionOnline } from "./checks/presence/session-online.ts";
import { sessionPresence } from "./checks/presence/session-presence.ts";
import { assignments } from "./checks/queue/assignments.ts";
import { queueEntries } from "./checks/queue/queue-entries.ts";
import { queueTickets } from "./checks/queue/queue-tickets.ts";
import { reservations } from "./checks/queue/reservations.ts";
import { sessionTicket } from "./checks/queue/session-ticket.ts";
import { listedRooms } from "./checks/room/listed-rooms.ts";
import { memberRooms } from "./checks/room/member-rooms.ts";
import { openRooms } from "./checks/room/open-rooms.ts";
import { pairRooms } from "./checks/room/pair-rooms.ts";
import { pairSeats } from "./checks/room/pair-seats.ts";
import { roomGone } from "./checks/room/room-gone.ts";
import { roomMembers } from "./checks/room/room-members.ts";
import { roomParts } from "./checks/room/room-parts.ts";
import { roomUsers } from "./checks/room/room-users.ts";
import { outboxes } from "./checks/session/outboxes.ts";
import { sessionEnd } from "./checks/session/session-end.ts";
import { unfinishedLeave } from "./checks/session/unfinished-leave.ts";
import { sessionUser } from "./checks/user/session-user.ts";
import { userSessions } from "./checks/user/user-sessions.ts";

/** Every invariant that is checked. Another one is one more file and one more entry here. */
export const checks: readonly Check[] = [
  ...[sessionOwner, sessionEnd, nodeLeases, nodeIndex, nodeKept, outboxes],
  ...[roomMembers, memberRooms, pairRooms, pairSeats, unfinishedLeave, listedRooms, openRooms],
  ...[roomParts, roomUsers, roomGone],
  ...[queueTickets, queueEntries, sessionTicket, assignments, reservations],
  ...[presenceSessions, sessionPresence, peopleOnline, arrivals, sessionOnline, feeds],
  ...[userSessions, sessionUser, lifetimes, unknownKeys],
];
