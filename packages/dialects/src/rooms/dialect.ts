import {
  type Context,
  enter,
  leaveRoom,
  memberOf,
  type Participant,
  sendMeetingMessage,
  sendSignalToPeer,
  setFlag,
} from "@switchyard/core";
import { type Flag, type Json, RequestError, type RoomId, roomNamed, type SignalKind } from "@switchyard/protocol";
import { type Command, command, type DialectUsing } from "../dialect.ts";
import { acks, clientEvents, serverEvents } from "./events.ts";
import { features, nameOf, render } from "./render.ts";

const commands: Record<keyof typeof clientEvents, Command> = {
  "join-room": command("costly", clientEvents["join-room"], async (context, participant, { roomId, userName }) => {
    if (participant.bearer) participant.authorize(participant.bearer.user, roomId);
    const opening = JSON.stringify({ roomId, userName });
    const user: string = participant.session; // a participant is a connection
    await enter(context, participant, { room: meeting(roomId), user, profile: { userName }, opening });
  }),
  "send-message": command("costly", clientEvents["send-message"], async (context, participant, { roomId, message }) => {
    const room = meeting(roomId);
    const name = nameOf(memberOf(participant, room));
    return { id: await sendMeetingMessage(context, participant, room, name, message) };
  }),
  "webrtc-offer": command("signal", clientEvents["webrtc-offer"], (context, participant, { targetId, offer }) =>
    signal(context, participant, targetId, "offer", offer),
  ),
  "webrtc-answer": command("signal", clientEvents["webrtc-answer"], (context, participant, { targetId, answer }) =>
    signal(context, participant, targetId, "answer", answer),
  ),
  "webrtc-ice-candidate": command(
    "signal",
    clientEvents["webrtc-ice-candidate"],
    (context, participant, { targetId, candidate }) => signal(context, participant, targetId, "candidate", candidate),
  ),
  "toggle-audio": command("costly", clientEvents["toggle-audio"], (context, participant, { roomId, isAudioMuted }) =>
    flag(context, participant, roomId, "audioMuted", isAudioMuted),
  ),
  "toggle-video": command("costly", clientEvents["toggle-video"], (context, participant, { roomId, isVideoOff }) =>
    flag(context, participant, roomId, "videoOff", isVideoOff),
  ),
  "start-screen-share": command("costly", clientEvents["start-screen-share"], (context, participant, { roomId }) =>
    flag(context, participant, roomId, "screenSharing", true),
  ),
  "stop-screen-share": command("costly", clientEvents["stop-screen-share"], (context, participant, { roomId }) =>
    flag(context, participant, roomId, "screenSharing", false),
  ),
  "leave-room": command("free", clientEvents["leave-room"], (context, participant, { roomId }) => {
    const room = meeting(roomId);
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
  opening: "join-room",
  queues: [],
  rooms: ({ roomParticipants, roomLingerMs, historyLimit, messagesKept }) => ({
    ...{ kind: "meeting", dialect: "rooms", capacity: roomParticipants, lingerMs: roomLingerMs },
    ...{ historyLimit, messagesKept, oneAtATime: true, fullCode: "room_full" },
  }),
  online: undefined,
  connected: undefined,
  commands: new Map(Object.entries(commands)),
  render,
};

function meeting(roomId: string): RoomId {
  return roomNamed("rooms", roomId);
}

function flag(context: Context, participant: Participant, roomId: string, which: Flag, on: boolean): Promise<void> {
  return setFlag(context, participant, meeting(roomId), which, on);
}

/** @throws RequestError `not_joined` before it is in a room */
function signal(context: Context, participant: Participant, to: string, kind: SignalKind, body: Json): Promise<void> {
  const [room] = participant.rooms;
  if (room === undefined) throw new RequestError("not_joined");
  return sendSignalToPeer(context, participant, room, { session: to }, kind, body);
}
