import type { Check } from "./check.ts";
import { keysAreKnown, keysExpire } from "./checks/key/is-known-and-expires.ts";
import { deadNodeIsClearedUpAfter, keptNodeHasALease } from "./checks/node/is-cleared-up-after.ts";
import { nodeListsItsSessions, sessionIsListed } from "./checks/node/lists-its-sessions.ts";
import { feedEndsAsNoted } from "./checks/presence/feed-ends-as-noted.ts";
import { countedSessionsExist, sessionsAreCounted } from "./checks/presence/sessions-are-counted.ts";
import {
  arrivalsAreOnline,
  sessionsAreOnlineAsTheirUser,
  usersAreOnlineByASession,
} from "./checks/presence/users-are-online-by-a-session.ts";

import { assignmentsAreCarriedOut, reservationsHaveAnAssignment } from "./checks/queue/assignments-are-carried-out.ts";
import { queueEntriesAreComplete } from "./checks/queue/entries-are-complete.ts";
import { queueTicketsAreWaitedWith, waitingSessionIsQueued } from "./checks/queue/tickets-are-waited-with.ts";

import { listedRoomIsOccupied, occupiedRoomIsListed } from "./checks/room/is-listed-while-occupied.ts";
import { roomLeaversAreAnnounced } from "./checks/room/leavers-are-announced.ts";
import { roomMembersAreSeated, seatedMembersAreListed } from "./checks/room/members-are-seated.ts";
import { pairedSessionIsListed, pairListsItsSessions } from "./checks/room/pairs-are-mutual.ts";

import { roomPartsBelongTogether, roomUsersMatchMembers } from "./checks/room/parts-belong-together.ts";
import { sessionEndsWhenItsGraceIsOver } from "./checks/session/ends-when-its-grace-is-over.ts";
import { outboxKeepsItsLastEvent } from "./checks/session/keeps-its-last-event.ts";
import { sessionLeavesRoomsAltogether } from "./checks/session/leaves-rooms-altogether.ts";
import { sessionIsKnownByItsUser, userIsKnownByItsSessions } from "./checks/user/is-known-by-its-sessions.ts";

/** Every invariant that is checked. Another one is one more file and one more entry here. */
export const checks: readonly Check[] = [
  sessionIsListed,
  sessionEndsWhenItsGraceIsOver,
  deadNodeIsClearedUpAfter,
  nodeListsItsSessions,
  keptNodeHasALease,
  outboxKeepsItsLastEvent,
  roomMembersAreSeated,
  seatedMembersAreListed,
  pairListsItsSessions,
  pairedSessionIsListed,
  sessionLeavesRoomsAltogether,
  listedRoomIsOccupied,
  occupiedRoomIsListed,
  roomPartsBelongTogether,
  roomUsersMatchMembers,
  roomLeaversAreAnnounced,
  queueTicketsAreWaitedWith,
  queueEntriesAreComplete,
  waitingSessionIsQueued,
  assignmentsAreCarriedOut,
  reservationsHaveAnAssignment,
  countedSessionsExist,
  sessionsAreCounted,
  usersAreOnlineByASession,
  arrivalsAreOnline,
  sessionsAreOnlineAsTheirUser,
  feedEndsAsNoted,
  userIsKnownByItsSessions,
  sessionIsKnownByItsUser,
  keysExpire,
  keysAreKnown,
];
