import { Id, MAX_TEXT_LENGTH } from "@switchyard/protocol";
import { z } from "zod";
import { commonEvents } from "../common-events.ts";
import {
  CandidateBody,
  DescriptionBody,
  DisplayName,
  Ignored,
  MessageId,
  MessageRemoved,
  payload,
  ReportAck,
  reportFields,
  Timestamp,
} from "../payload.ts";

/** The same as another field, under the name that other clients of this protocol know. */
const sameAs = (field: string) => ({ description: `The same as \`${field}\`.` });
const oppositeOf = (field: string) => ({ description: `The opposite of \`${field}\`.` });

const ParticipantSchema = z
  .object({
    id: Id.meta({ description: "The participant's `socket.id`." }),
    userName: Id,
    name: Id.meta(sameAs("userName")),
    avatar: z.null().meta({ description: "Participants have no pictures." }),
    joinedAt: Timestamp,
    isAdmin: z.boolean().meta({ description: "Whether nobody in the room has been there longer; it grants no right." }),
    isAudioMuted: z.boolean(),
    isAudioEnabled: z.boolean().meta(oppositeOf("isAudioMuted")),
    isVideoOff: z.boolean(),
    isVideoEnabled: z.boolean().meta(oppositeOf("isVideoOff")),
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

const RoomRef = z.object({ roomId: Id });
/** In JSON Schema: one of these fields is required. */
const either = (...fields: readonly string[]) => ({ anyOf: fields.map((field) => ({ required: [field] })) });

const oneState = "one state must be given, by either of its fields";

const InRoom = z
  .object({ roomId: Id.optional() })
  .meta({ id: "InRoom", description: "The sender's room, if it is named." });
const ParticipantRef = z.object({ participantId: Id }).meta({ id: "ParticipantRef" });
const Target = z
  .object({ targetId: Id.optional(), targetSocketId: Id.optional().meta(sameAs("targetId")) })
  .refine(isTarget, "one participant must be named, by targetId or targetSocketId")
  .meta({ id: "Target", description: "The id of a participant.", ...either("targetId", "targetSocketId") });
const Sender = z
  .object({ senderId: Id, senderSocketId: Id.meta(sameAs("senderId")) })
  .meta({ id: "Sender", description: "The id of a participant." });

const AudioState = z
  .object({
    isAudioMuted: z.boolean().optional(),
    isAudioEnabled: z.boolean().optional().meta(oppositeOf("isAudioMuted")),
  })
  .refine(({ isAudioMuted, isAudioEnabled }) => isAudioMuted !== isAudioEnabled, oneState)
  .meta({ id: "AudioState", description: "Whether the sender is muted.", ...either("isAudioMuted", "isAudioEnabled") });
const VideoState = z
  .object({ isVideoOff: z.boolean().optional(), isVideoEnabled: z.boolean().optional().meta(oppositeOf("isVideoOff")) })
  .refine(({ isVideoOff, isVideoEnabled }) => isVideoOff !== isVideoEnabled, oneState)
  .meta({
    id: "VideoState",
    description: "Whether the sender's camera is off.",
    ...either("isVideoOff", "isVideoEnabled"),
  });
const MediaType = z.enum(["audio", "video"]);
const toTarget = { description: "The same to that participant." };

/** Events that clients may send, each with a tuple of the event's arguments. Unknown keys, and further arguments, are ignored. */
export const clientEvents = {
  "join-room": payload(RoomRef.extend({ userName: DisplayName })).meta({
    description: "Join the room; the first one creates it.",
  }),
  "send-message": payload(
    InRoom.and(z.object({ message: z.string().min(1).max(MAX_TEXT_LENGTH), userName: Ignored })),
  ).meta({ description: "`new-message` to everyone in the room, the sender included." }),
  "webrtc-offer": payload(Target.and(z.object({ offer: DescriptionBody }))).meta(toTarget),
  "webrtc-answer": payload(Target.and(z.object({ answer: DescriptionBody }))).meta(toTarget),
  "webrtc-ice-candidate": payload(Target.and(z.object({ candidate: CandidateBody }))).meta(toTarget),
  "request-connection": payload(Target).meta({
    description: "`connection-request` to that participant: it should open a connection.",
  }),
  "toggle-audio": payload(InRoom.and(AudioState)).meta({ description: "Say whether the sender is muted." }),
  "toggle-video": payload(InRoom.and(VideoState)).meta({ description: "Say whether the sender's camera is off." }),
  "toggle-media": payload(InRoom.and(z.object({ type: MediaType, enabled: z.boolean() }))).meta({
    description: "The same as `toggle-audio` or `toggle-video`.",
  }),
  "start-screen-share": payload(InRoom.nullish()).meta({ description: "Say that the sender shares its screen." }),
  "stop-screen-share": payload(InRoom.nullish()).meta({
    description: "Say that the sender no longer shares its screen.",
  }),
  "toggle-screen-share": payload(InRoom.and(z.object({ isScreenSharing: z.boolean() }))).meta({
    description: "The same as `start-screen-share` or `stop-screen-share`.",
  }),
  report_user: payload(InRoom.and(Target).and(z.object(reportFields))).meta({
    description:
      "Extension. Report a participant of the sender's room to the operators, with the last messages of the room: one that is there, or that wrote one of these.",
  }),
  "leave-room": payload(InRoom.nullish()).meta({ description: "Leave the room; answered by `left-room`." }),
} as const;

/** Whether it names one participant, by either of its fields or by both. */
function isTarget({
  targetId,
  targetSocketId,
}: {
  targetId?: string | undefined;
  targetSocketId?: string | undefined;
}) {
  const isNamed = targetId !== undefined || targetSocketId !== undefined;
  return isNamed && (targetId ?? targetSocketId) === (targetSocketId ?? targetId);
}

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
    .tuple([ParticipantRef.and(z.object({ userName: Id, participant: ParticipantSchema }))])
    .meta({ description: "Somebody came." }),
  "participants-updated": z
    .tuple([z.array(ParticipantSchema)])
    .meta({ description: "The participants in the room, after a change of the list or of a participant's state." }),
  "user-left": z
    .tuple([ParticipantRef.and(z.object({ userName: Id }))])
    .meta({ description: "Somebody left for good." }),
  "new-message": z.tuple([Message]).meta({ description: "Somebody in the room, or the receiver itself, wrote." }),
  "message-removed": MessageRemoved,
  "webrtc-offer": z
    .tuple([Sender.and(z.object({ offer: DescriptionBody }))])
    .meta({ description: "An offer from a participant." }),
  "webrtc-answer": z
    .tuple([Sender.and(z.object({ answer: DescriptionBody }))])
    .meta({ description: "An answer from a participant." }),
  "webrtc-ice-candidate": z
    .tuple([Sender.and(z.object({ candidate: CandidateBody }))])
    .meta({ description: "A candidate from a participant." }),
  "connection-request": z
    .tuple([Sender])
    .meta({ description: "A participant wants the receiver to open a connection." }),
  "participant-audio-toggled": z
    .tuple([ParticipantRef.and(z.object({ isAudioMuted: z.boolean() }))])
    .meta({ description: "Somebody else is muted, or no longer." }),
  "participant-video-toggled": z
    .tuple([ParticipantRef.and(z.object({ isVideoOff: z.boolean() }))])
    .meta({ description: "Somebody else's camera is off, or on again." }),
  "media-toggled": z
    .tuple([ParticipantRef.and(z.object({ type: MediaType, enabled: z.boolean() }))])
    .meta({ description: "The same as `participant-audio-toggled` or `participant-video-toggled`, after it." }),
  "user-started-screen-share": z.tuple([ParticipantRef]).meta({ description: "Somebody else shares the screen." }),
  "user-stopped-screen-share": z
    .tuple([ParticipantRef])
    .meta({ description: "Another participant no longer shares the screen." }),
  "left-room": z.tuple([RoomRef]).meta({ description: "The receiver has left the room, as it asked." }),
  ...commonEvents,
} as const;

/** Fields of an acknowledgement besides `ok: true`, by event; none for events that are not listed. */
export const acks = {
  "send-message": z.object({ id: MessageId }),
  report_user: ReportAck,
} as const;

/** A participant as others receive it. */
export type Participant = z.output<typeof ParticipantSchema>;
/** A chat message of a room as clients receive it. */
export type RoomMessage = z.output<typeof Message>;
