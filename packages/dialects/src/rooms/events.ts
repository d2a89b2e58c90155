import { Id, MAX_TEXT_LENGTH } from "@switchyard/protocol";
import { z } from "zod";
import { commonEvents } from "../common-events.ts";
import { CandidateBody, DescriptionBody, Ignored, MessageId, payload, Timestamp } from "../payload.ts";

const ParticipantSchema = z
  .object({
    id: Id.meta({ description: "The participant's `socket.id`." }),
    userName: Id,
    joinedAt: Timestamp,
    isAudioMuted: z.boolean(),
    isVideoOff: z.boolean(),
    isScreenSharing: z.boolean(),
  })
  .meta({ id: "Participant" });

const Message = z
  .object({
    id: MessageId,
    senderId: Id,
    userName: Id.meta({ description: "The one given at the join." }),
    message: z.string(),
    timestamp: Timestamp,
  })
  .meta({ id: "RoomMessage" });

const InRoom = z.object({ roomId: Id });
const ParticipantRef = z.object({ participantId: Id });
const toTarget = { targetId: Id };
const fromSender = { senderId: Id };

/** Events that clients may send, each with a tuple of the event's arguments. Unknown keys, and further arguments, are ignored. */
export const clientEvents = {
  "join-room": payload(InRoom.extend({ userName: Id })).meta({
    description: "Join the room; the first one creates it.",
  }),
  "send-message": payload(InRoom.extend({ message: z.string().min(1).max(MAX_TEXT_LENGTH), userName: Ignored })).meta({
    description: "`new-message` to everyone in the room, the sender included.",
  }),
  "webrtc-offer": payload(z.object({ ...toTarget, offer: DescriptionBody })).meta({
    description: "The same to that participant.",
  }),
  "webrtc-answer": payload(z.object({ ...toTarget, answer: DescriptionBody })).meta({
    description: "The same to that participant.",
  }),
  "webrtc-ice-candidate": payload(z.object({ ...toTarget, candidate: CandidateBody })).meta({
    description: "The same to that participant.",
  }),
  "toggle-audio": payload(InRoom.extend({ isAudioMuted: z.boolean() })).meta({
    description: "Say whether the sender is muted.",
  }),
  "toggle-video": payload(InRoom.extend({ isVideoOff: z.boolean() })).meta({
    description: "Say whether the sender's camera is off.",
  }),
  "start-screen-share": payload(InRoom).meta({ description: "Say that the sender shares its screen." }),
  "stop-screen-share": payload(InRoom).meta({ description: "Say that the sender no longer shares its screen." }),
  "leave-room": payload(InRoom).meta({ description: "Leave the room; answered by `left-room`." }),
} as const;

/** Events that clients receive, each with a tuple of the event's arguments. */
export const serverEvents = {
  "joined-room": z
    .tuple([
      z.object({
        roomId: Id,
        participantId: Id,
        participant: ParticipantSchema,
        participants: z.array(ParticipantSchema).meta({ description: "The receiver is among them." }),
        messages: z.array(Message).meta({ description: "The room's last ones, oldest first." }),
      }),
    ])
    .meta({ description: "The receiver is in the room." }),
  "user-joined": z
    .tuple([ParticipantRef.extend({ userName: Id, participant: ParticipantSchema })])
    .meta({ description: "Somebody came." }),
  "participants-updated": z
    .tuple([z.array(ParticipantSchema)])
    .meta({ description: "The participants in the room, after a change of the list or of a participant's state." }),
  "user-left": z.tuple([ParticipantRef.extend({ userName: Id })]).meta({ description: "Somebody left for good." }),
  "new-message": z.tuple([Message]).meta({ description: "Somebody in the room, or the receiver itself, wrote." }),
  "webrtc-offer": z
    .tuple([z.object({ ...fromSender, offer: DescriptionBody })])
    .meta({ description: "An offer from a participant." }),
  "webrtc-answer": z
    .tuple([z.object({ ...fromSender, answer: DescriptionBody })])
    .meta({ description: "An answer from a participant." }),
  "webrtc-ice-candidate": z
    .tuple([z.object({ ...fromSender, candidate: CandidateBody })])
    .meta({ description: "A candidate from a participant." }),
  "participant-audio-toggled": z
    .tuple([ParticipantRef.extend({ isAudioMuted: z.boolean() })])
    .meta({ description: "Somebody else is muted, or no longer." }),
  "participant-video-toggled": z
    .tuple([ParticipantRef.extend({ isVideoOff: z.boolean() })])
    .meta({ description: "Somebody else's camera is off, or on again." }),
  "user-started-screen-share": z.tuple([ParticipantRef]).meta({ description: "Somebody else shares the screen." }),
  "user-stopped-screen-share": z
    .tuple([ParticipantRef])
    .meta({ description: "Another participant no longer shares the screen." }),
  "left-room": z.tuple([InRoom]).meta({ description: "The receiver has left the room, as it asked." }),
  ...commonEvents,
} as const;

/** Fields of an acknowledgement besides `ok: true`, by event; none for events that are not listed. */
export const acks = {
  "send-message": z.object({ id: MessageId }),
} as const;

/** A participant as others receive it. */
export type Participant = z.output<typeof ParticipantSchema>;
/** A chat message of a room as clients receive it. */
export type RoomMessage = z.output<typeof Message>;
