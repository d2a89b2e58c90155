import { Id, MAX_ID_LENGTH, MAX_TEXT_LENGTH } from "@switchyard/protocol";
import { z } from "zod";
import { commonEvents } from "../common-events.ts";
import {
  CandidateBody,
  DescriptionBody,
  Ignored,
  MessageId,
  MessageRemoved,
  Nothing,
  payload,
  ReportAck,
  reportFields,
  Timestamp,
} from "../payload.ts";

/** The queues: what two strangers can meet for. */
export const queueTypes = ["chat", "video"] as const;

const MAX_INTERESTS = 10;
/** Users named after that many, or after so many bytes of ids, are met like any other. */
const MAX_AVOIDED = 100;
const MAX_AVOIDED_BYTES = 8192;

/** Something that a client would like; an empty text, as a form sends it that was left empty, stands for nothing. */
const PreferenceText = z
  .string()
  .max(MAX_ID_LENGTH)
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, "must be well-formed text without control characters");

const Preferences = z.object({
  interests: z
    .array(PreferenceText)
    .transform(givenInterests)
    .pipe(z.array(Id).max(MAX_INTERESTS))
    .nullish()
    .meta({ description: `At most ${MAX_INTERESTS}, besides empty ones and those that are there already.` }),
  language: PreferenceText.nullish(),
  region: PreferenceText.nullish(),
  avoid: z
    .array(PreferenceText)
    .transform(firstAvoided)
    .nullish()
    .meta({ description: `User ids; the first ${MAX_AVOIDED} count, and ${MAX_AVOIDED_BYTES} bytes of them at most.` }),
});

function isGiven(text: string): boolean {
  return text !== "";
}

function firstAvoided(users: readonly string[]): string[] {
  let bytes = 0;
  const first = [...new Set(users)].filter(isGiven).slice(0, MAX_AVOIDED);
  const tooMany = first.findIndex((user) => {
    bytes += Buffer.byteLength(user);
    return bytes > MAX_AVOIDED_BYTES;
  });
  return tooMany < 0 ? first : first.slice(0, tooMany);
}

/** Each once, whatever the case of its letters, as it is spelt last. */
function givenInterests(interests: readonly string[]): string[] {
  return [...new Map(interests.filter(isGiven).map((interest) => [interest.toLowerCase(), interest])).values()];
}

/** A participant is in one room at most, so it need not be named. */
const RoomId = Id.nullish().meta({ description: "The sender's room; it may be missing." });
/** A payload that only names the room: it may be missing too. */
const RoomOnly = z.object({ roomId: RoomId }).nullish();

/** Events that clients may send, each with a tuple of the event's arguments. Unknown keys, and further arguments, are ignored. */
export const clientEvents = {
  join: payload(z.object({ userId: Id, type: z.enum(queueTypes), preferences: Preferences.nullish() })).meta({
    description: "Wait for a partner in the queue of that type.",
  }),
  join_video_queue: payload(z.object({ userId: Id, platform: Ignored })).meta({
    description: "The same as `join` with type `video` and no preferences.",
  }),
  send_message: payload(z.object({ roomId: RoomId, message: z.string().min(1).max(MAX_TEXT_LENGTH) })).meta({
    description: "`new_message` to the partner; with `auth.echo` (extension) to the sender, too.",
  }),
  typing: payload(z.object({ roomId: RoomId, isTyping: z.boolean() })).meta({
    description: "`user_typing` to the partner.",
  }),
  offer: payload(z.object({ roomId: RoomId, offer: DescriptionBody })).meta({
    description: "The same to the partner.",
  }),
  answer: payload(z.object({ roomId: RoomId, answer: DescriptionBody })).meta({
    description: "The same to the partner.",
  }),
  ice_candidate: payload(z.object({ roomId: RoomId, candidate: CandidateBody })).meta({
    description: "The same to the partner.",
  }),
  leave_room: payload(RoomOnly).meta({ description: "Leave; the partner gets `partner_disconnected`." }),
  leave_video: payload(RoomOnly).meta({ description: "The same as `leave_room`." }),
  block_user: payload(z.object({ roomId: RoomId, reason: z.string().max(MAX_TEXT_LENGTH).nullish() }).nullish()).meta({
    description: "Extension. Never meet that partner again; the room ends.",
  }),
  report_user: payload(z.object({ roomId: RoomId, ...reportFields }).nullish()).meta({
    description:
      "Extension. Report the partner, or for a while the last one, to the operators, with the last messages of the room, and never meet that partner again; a room that goes on ends.",
  }),
  next: payload(Nothing).meta({
    description: "Extension. Leave, if in a room, and wait again with the last type and preferences.",
  }),
  next_partner: payload(Nothing).meta({ description: "The same as `next`." }),
  leave_queue: payload(Nothing).meta({ description: "Extension. Stop waiting." }),
  where: payload(Nothing).meta({ description: "Extension. Which node holds each side." }),
} as const;

/** Events that clients receive, each with a tuple of the event's arguments. */
export const serverEvents = {
  waiting_for_partner: z
    .tuple([
      z.object({
        position: z.int().meta({ description: "Extension. Counts from 1." }),
        estimatedWaitMs: z.number().meta({ description: "Extension. In ms." }),
      }),
    ])
    .meta({ description: "There is nobody for the receiver yet. Of two who meet, the one who was there first." }),
  partner_found: z
    .tuple([
      z.object({
        roomId: Id,
        partnerId: Id,
        type: z.enum(queueTypes),
        initiator: z.boolean().meta({ description: "true for exactly one of the two, who sends the offer." }),
        sharedInterests: z.array(Id),
        isRepeatConnection: z.boolean().meta({ description: "Whether the two have met within the last 30 minutes." }),
      }),
    ])
    .meta({ description: "The receiver is in a room with a partner." }),
  partner_disconnected: z
    .tuple([z.object({})])
    .meta({ description: "The partner is gone; the receiver is out of the room and not queued." }),
  new_message: z
    .tuple([
      z.object({
        id: MessageId,
        text: z.string(),
        sender: Id.meta({ description: "The sender's user id." }),
        timestamp: Timestamp,
        type: z.literal("message"),
      }),
    ])
    .meta({ description: "The partner wrote; with `auth.echo` (extension) the receiver itself, too." }),
  message_removed: MessageRemoved,
  user_typing: z.tuple([z.object({ isTyping: z.boolean() })]).meta({ description: "The partner types, or no longer." }),
  offer: z.tuple([z.object({ offer: DescriptionBody })]).meta({ description: "An offer from the partner." }),
  answer: z.tuple([z.object({ answer: DescriptionBody })]).meta({ description: "An answer from the partner." }),
  ice_candidate: z
    .tuple([z.object({ candidate: CandidateBody })])
    .meta({ description: "A candidate from the partner." }),
  user_count_update: z.tuple([z.object({ count: z.int() })]).meta({
    description: "How many are connected in this dialect: on connect, then on change, at most once a second.",
  }),
  ...commonEvents,
} as const;

const NodeOfSide = z.string().nullable().meta({ description: "null: between two connections, or nobody." });

/** Fields of an acknowledgement besides `ok: true`, by event; none for events that are not listed. */
export const acks = {
  send_message: z.object({ id: MessageId, timestamp: Timestamp }),
  report_user: ReportAck,
  where: z.object({ node: NodeOfSide, partnerNode: NodeOfSide }),
} as const;

/** The content of `join`. */
export type Join = z.output<(typeof clientEvents)["join"]>[0];
/** The content of an event that only names the sender's room, or not even that. */
export type NamedRoom = z.output<typeof RoomOnly>;
