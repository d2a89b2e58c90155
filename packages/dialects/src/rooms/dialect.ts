import {
  type Context,
  enter,
  leaveRoom,
  memberOf,
  type Participant,
  reportMember,
  requestConnection,
  sendMeetingMessage,
  sendSignalToPeer,
  setFlag,
} from "@switchyard/core";
import {
  type Flag,
  type Json,
  type Profile,
  RequestError,
  type RoomId,
  roomNamed,
  type SignalKind,
} from "@switchyard/protocol";
import { type Command, command, type DialectUsing } from "../dialect.ts";
import { isLong, isNewcomer, reportGroundsOf, shownName } from "../payload.ts";
import { acks, clientEvents, serverEvents } from "./events.ts";
import { features, nameOf, render } from "./render.ts";

const commands: Record<keyof typeof clientEvents, Command> = {
  "join-room": command(
    "costly",
    clientEvents["join-room"],
    async (context, participant, { roomId, ...given }) => {
      if (participant.bearer) participant.authorize(participant.bearer.user, roomId);
      const userName = shownName(participant, given.userName);
      const opening = JSON.stringify({ roomId, userName });
      const user: string = participant.session; // a participant is a connection
      await enter(context, participant, { room: meeting(roomId), user, profile: { userName }, opening });
    },
    { makesNew: isNewcomer },
  ),
  "send-message": command(
    "costly",
    clientEvents["send-message"],
    async (context, participant, { roomId, message }) => {
      const room = roomOf(participant, roomId);
      const name = nameOf(memberOf(participant, room));
      return { id: await sendMeetingMessage(context, participant, room, name, message) };
    },
    { refusedIfMuted: true, makesNew: (_, { message }) => isLong(message) },
  ),
  "webrtc-offer": command("signal", clientEvents["webrtc-offer"], (context, participant, { offer, ...target }) =>
    signal(context, participant, target, "offer", offer),
  ),
  "webrtc-answer": command("signal", clientEvents["webrtc-answer"], (context, participant, { answer, ...target }) =>
    signal(context, participant, target, "answer", answer),
  ),
  "webrtc-ice-candidate": command(
    "signal",
    clientEvents["webrtc-ice-candidate"],
    (context, participant, { candidate, ...target }) => signal(context, participant, target, "candidate", candidate),
  ),
  "request-connection": command(
    "signal",
    clientEvents["request-connection"],
    (context, participant, target) => requestConnection(context, participant, roomOf(participant), peerIn(target)),
    { silent: ["user_offline"] }, // clients send it some time after they have heard of a participant
  ),
  "toggle-audio": command("costly", clientEvents["toggle-audio"], (context, participant, { roomId, ...state }) =>
    flag(context, participant, roomId, "audioMuted", state.isAudioMuted ?? !state.isAudioEnabled),
  ),
  "toggle-video": command("costly", clientEvents["toggle-video"], (context, participant, { roomId, ...state }) =>
    flag(context, participant, roomId, "videoOff", state.isVideoOff ?? !state.isVideoEnabled),
  ),
  "toggle-media": command("costly", clientEvents["toggle-media"], (context, participant, { roomId, type, enabled }) =>
    flag(context, participant, roomId, type === "audio" ? "audioMuted" : "videoOff", !enabled),
  ),
  "start-screen-share": command("costly", clientEvents["start-screen-share"], (context, participant, payload) =>
    flag(context, participant, payload?.roomId, "screenSharing", true),
  ),
  "stop-screen-share": command("costly", clientEvents["stop-screen-share"], (context, participant, payload) =>
    flag(context, participant, payload?.roomId, "screenSharing", false),
  ),
  "toggle-screen-share": command(
    "costly",
    clientEvents["toggle-screen-share"],
    (context, participant, { roomId, isScreenSharing }) =>
      flag(context, participant, roomId, "screenSharing", isScreenSharing),
  ),
  report_user: command(
    "costly",
    clientEvents.report_user,
    async (context, participant, content) => {
      const room = roomOf(participant, content.roomId);
      memberOf(participant, room);
      const reported = { room, peer: peerIn(content), nameOf: (profile: Profile) => nameOf({ profile }) };
      return { reportId: await reportMember(context, participant, reported, reportGroundsOf(content)) };
    },
    { outlasts: true, makesNew: () => true },
  ),
  "leave-room": command("free", clientEvents["leave-room"], (context, participant, payload) => {
    const room = roomOf(participant, payload?.roomId);
    memberOf(participant, room);
    return leaveRoom(context, participant, room, { type: "departed", room });
  }),
};

/** Meetings: everyone with everyone, with chat, media state and screen share. */
export const rooms: DialectUsing<typeof features> = {
  name: "rooms",
  title: "Meetings with chat, media state and screen share",
  handshake: "Opens with `join-room`.",
  clientEvents,
  serverEvents,
  acks,
  features,
  opening: ["join-room"],
  queues: [],
  rooms: ({ roomParticipants, roomLingerMs, historyLimit, messagesKept }) => ({
    kind: "meeting",
    dialect: "rooms",
    capacity: roomParticipants,
    lingerMs: roomLingerMs,
    historyLimit,
    messagesKept,
    oneAtATime: true,
    fullCode: "room_full",
  }),
  online: undefined,
  connected: undefined,
  commands: new Map(Object.entries(commands)),
  render,
};

function meeting(roomId: string): RoomId {
  return roomNamed("rooms", roomId);
}

/**
 * The room that an event is about: the one that it names, else the sender's.
 * @throws RequestError `not_joined` if it names none, and the sender is in none
 */
function roomOf(participant: Participant, roomId?: string): RoomId {
  if (roomId !== undefined) return meeting(roomId);
  const [room] = participant.rooms;
  if (room === undefined) throw new RequestError("not_joined");
  return room;
}

function flag(
  context: Context,
  participant: Participant,
  roomId: string | undefined,
  which: Flag,
  on: boolean,
): Promise<void> {
  return setFlag(context, participant, roomOf(participant, roomId), which, on);
}

/** A participant as clients address it; one of the two is there. */
interface Target {
  readonly targetId?: string | undefined;
  readonly targetSocketId?: string | undefined;
}

function peerIn({ targetId, targetSocketId = "" }: Target) {
  return { session: targetId ?? targetSocketId };
}

function signal(context: Context, participant: Participant, to: Target, kind: SignalKind, body: Json): Promise<void> {
  return sendSignalToPeer(context, participant, roomOf(participant), peerIn(to), kind, body);
}
