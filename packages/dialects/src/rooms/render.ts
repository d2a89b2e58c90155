import { meeting, roomSignals, rooms } from "@switchyard/core";
import { type ChatMessage, type Flag, type Member, nameOfRoom } from "@switchyard/protocol";
import { errorEvent } from "../common-events.ts";
import type { Rendering, WireEvent } from "../dialect.ts";
import type { Participant, RoomMessage } from "./events.ts";

const signals = { offer: "webrtc-offer", answer: "webrtc-answer", candidate: "webrtc-ice-candidate" } as const;

/** The features that it uses: it renders their events. */
export const features = [rooms, meeting, roomSignals] as const;

/** How `rooms` says things. */
export const render: Rendering<typeof features> = {
  said: ({ message }) => ["new-message", messageOf(message)],
  welcomed: ({ room, self, members, messages }) => [
    "joined-room",
    {
      roomId: nameOfRoom(room),
      participantId: self.session,
      participant: participantOf(self),
      participants: members.map(participantOf),
      messages: messages.map(messageOf),
    },
  ],
  entered: ({ member }) => ["user-joined", { ...participantRef(member), participant: participantOf(member) }],
  left: ({ member }) => ["user-left", participantRef(member)],
  roster: ({ members }) => ["participants-updated", members.map(participantOf)],
  flagged: ({ member, flag, on }) => flagged(member.session, flag, on),
  departed: ({ room }) => ["left-room", { roomId: nameOfRoom(room) }],
  signal: ({ from, kind, body }) => [signals[kind], { senderId: from, [kind]: body }],
  replaced: ({ error }) => errorEvent(error),
  refused: ({ error }) => errorEvent(error),
  shutdown: ({ message }) => ["server-shutdown", { message }],
};

/** A member's name, which it gave when it came in. */
export function nameOf({ profile }: Pick<Member, "profile">): string {
  return String(profile["userName"]);
}

function participantOf(member: Member): Participant {
  const { session, joined, flags } = member;
  return {
    id: session,
    userName: nameOf(member),
    joinedAt: new Date(joined).toISOString(),
    isAudioMuted: flags.audioMuted,
    isVideoOff: flags.videoOff,
    isScreenSharing: flags.screenSharing,
  };
}

function messageOf({ id, session, name, text, at }: ChatMessage): RoomMessage {
  return { id, senderId: session, userName: name ?? "", message: text, timestamp: new Date(at).toISOString() };
}

function participantRef(member: Member) {
  return { participantId: member.session, userName: nameOf(member) };
}

function flagged(participantId: string, flag: Flag, on: boolean): WireEvent {
  switch (flag) {
    case "audioMuted":
      return ["participant-audio-toggled", { participantId, isAudioMuted: on }];
    case "videoOff":
      return ["participant-video-toggled", { participantId, isVideoOff: on }];
    case "screenSharing":
      return [on ? "user-started-screen-share" : "user-stopped-screen-share", { participantId }];
  }
}
