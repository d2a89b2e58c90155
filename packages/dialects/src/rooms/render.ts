import { connectionRequests, meeting, roomSignals, rooms } from "@switchyard/core";
import { type ChatMessage, type Flag, type Member, nameOfRoom, type UserId } from "@switchyard/protocol";
import { errorEvent } from "../common-events.ts";
import type { Rendering, WireEvent } from "../dialect.ts";
import type { Participant, RoomMessage } from "./events.ts";

const signals = { offer: "webrtc-offer", answer: "webrtc-answer", candidate: "webrtc-ice-candidate" } as const;

/** The features that it uses: it renders their events. */
export const features = [rooms, meeting, roomSignals, connectionRequests] as const;

/** How `rooms` says things. */
export const render: Rendering<typeof features> = {
  said: ({ message }) => ["new-message", messageOf(message)],
  removed: ({ id }) => ["message-removed", { id }],
  welcomed: ({ room, self, members, messages }) => [
    "joined-room",
    {
      roomId: nameOfRoom(room),
      participantId: self.session,
      participant: participantOf(self, members),
      participants: participantsOf(members),
      messages: messages.map(messageOf),
    },
  ],
  entered: ({ member, members }) => [
    "user-joined",
    { ...participantRef(member), participant: participantOf(member, members) },
  ],
  left: ({ member }) => ["user-left", participantRef(member)],
  roster: ({ members }) => ["participants-updated", participantsOf(members)],
  flagged: ({ member, flag, on }) => flagged(member.session, flag, on),
  departed: ({ room }) => ["left-room", { roomId: nameOfRoom(room) }],
  signal: ({ from, kind, body }) => [signals[kind], { ...senderRef(from), [kind]: body }],
  "connection-requested": ({ from }) => ["connection-request", senderRef(from)],
  replaced: ({ error }) => errorEvent(error),
  refused: ({ error }) => errorEvent(error),
  shutdown: ({ message }) => ["server-shutdown", { message }],
};

/** A member's name, which it gave when it came in. */
export function nameOf({ profile }: Pick<Member, "profile">): string {
  return String(profile["userName"]);
}

function participantsOf(members: readonly Member[]): Participant[] {
  return members.map((member) => participantOf(member, members));
}

/** @param members everyone in the room, in the order in which they entered */
function participantOf(member: Member, members: readonly Member[]): Participant {
  const { session, joined, flags } = member;
  const { audioMuted, videoOff, screenSharing } = flags;
  return {
    id: session,
    userName: nameOf(member),
    name: nameOf(member),
    avatar: null,
    joinedAt: new Date(joined).toISOString(),
    isAdmin: members[0]?.session === session,
    isAudioMuted: audioMuted,
    isAudioEnabled: !audioMuted,
    isVideoOff: videoOff,
    isVideoEnabled: !videoOff,
    isScreenSharing: screenSharing,
  };
}

function messageOf({ id, session, name, text, at }: ChatMessage): RoomMessage {
  return { id, senderId: session, userName: name ?? "", message: text, timestamp: new Date(at).toISOString() };
}

function participantRef(member: Member) {
  return { participantId: member.session, userName: nameOf(member) };
}

/** A participant is a connection: its user is its session. */
function senderRef(from: UserId) {
  return { senderId: from, senderSocketId: from };
}

/** Clients listen to the event of the kind of media, or to `media-toggled`. */
function flagged(participantId: string, flag: Flag, on: boolean): WireEvent | readonly WireEvent[] {
  switch (flag) {
    case "audioMuted":
      return [
        ["participant-audio-toggled", { participantId, isAudioMuted: on }],
        ["media-toggled", { participantId, type: "audio", enabled: !on }],
      ];
    case "videoOff":
      return [
        ["participant-video-toggled", { participantId, isVideoOff: on }],
        ["media-toggled", { participantId, type: "video", enabled: !on }],
      ];
    case "screenSharing":
      return [on ? "user-started-screen-share" : "user-stopped-screen-share", { participantId }];
  }
}
