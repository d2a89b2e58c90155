import { invitations, presence, roomSignals, rooms } from "@switchyard/core";
import { type Member, nameOfRoom } from "@switchyard/protocol";
import { errorEvent } from "../common-events.ts";
import type { Rendering } from "../dialect.ts";

const signals = { offer: "webrtc-offer", answer: "webrtc-answer", candidate: "webrtc-ice-candidate" } as const;

/** The features that it uses: it renders their events. */
export const features = [rooms, roomSignals, invitations, presence] as const;

/** How `calls` says things. */
export const render: Rendering<typeof features> = {
  welcomed: ({ room, members, opened }) => {
    const callId = nameOfRoom(room);
    return opened ? ["call-started", { callId }] : ["call-participants", { callId, participants: usersOf(members) }];
  },
  entered: ({ room, member, members }) => [
    "user-joined-call",
    { callId: nameOfRoom(room), user: member.profile, participants: usersOf(members) },
  ],
  left: ({ room, member, members }) => [
    "user-left-call",
    { callId: nameOfRoom(room), userId: member.user, participants: usersOf(members) },
  ],
  roster: () => undefined,
  departed: ({ room }) => ["call-left", { callId: nameOfRoom(room) }],
  invited: ({ room, initiator, isVideo }) => ["incoming-call", { callId: nameOfRoom(room), initiator, isVideo }],
  came: ({ profile }) => ["user-joined", profile],
  went: ({ user }) => ["user-left", user],
  online: ({ people }) => ["users-list", people],
  people: ({ people }) => ["users-list", people],
  signal: ({ room, from, kind, body }) => [signals[kind], { callId: nameOfRoom(room), fromUserId: from, [kind]: body }],
  replaced: ({ error }) => errorEvent(error),
  refused: ({ error }) => errorEvent(error),
  shutdown: ({ message }) => ["server-shutdown", { message }],
};

/** Users as their own clients gave them. */
function usersOf(members: readonly Member[]) {
  return members.map(({ profile }) => profile);
}
