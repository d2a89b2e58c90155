import type { Check } from "./check.ts";
import { lifetimes, unknownKeys } from "./checks/key/lifetimes.ts";

import { nodeIndex, sessionOwner } from "./checks/node/node-index.ts";
import { nodeKept, nodeLeases } from "./checks/node/node-leases.ts";
import { feeds } from "./checks/presence/feeds.ts";
import { arrivals, peopleOnline, sessionOnline } from "./checks/presence/people-online.ts";

import { presenceSessions, sessionPresence } from "./checks/presence/presence-sessions.ts";

import { assignments, reservations } from "./checks/queue/assignments.ts";
import { queueEntries } from "./checks/queue/queue-entries.ts";
import { queueTickets, sessionTicket } from "./checks/queue/queue-tickets.ts";

import { listedRooms, openRooms } from "./checks/room/listed-rooms.ts";
import { pairRooms, pairSeats } from "./checks/room/pair-rooms.ts";
import { roomGone } from "./checks/room/room-gone.ts";
import { memberRooms, roomMembers } from "./checks/room/room-members.ts";

import { roomParts, roomUsers } from "./checks/room/room-parts.ts";

import { outboxes } from "./checks/session/outboxes.ts";
import { sessionEnd } from "./checks/session/session-end.ts";
import { unfinishedLeave } from "./checks/session/unfinished-leave.ts";
import { sessionUser, userSessions } from "./checks/user/user-sessions.ts";

/** Every invariant that is checked. Another one is one more file and one more entry here. */
export const checks: readonly Check[] = [
  ...[sessionOwner, sessionEnd, nodeLeases, nodeIndex, nodeKept, outboxes],
  ...[roomMembers, memberRooms, pairRooms, pairSeats, unfinishedLeave, listedRooms, openRooms],
  ...[roomParts, roomUsers, roomGone],
  ...[queueTickets, queueEntries, sessionTicket, assignments, reservations],
  ...[presenceSessions, sessionPresence, peopleOnline, arrivals, sessionOnline, feeds],
  ...[userSessions, sessionUser, lifetimes, unknownKeys],
];
