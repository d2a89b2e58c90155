import { Id, MAX_TEXT_LENGTH } from "@switchyard/protocol";
import { z } from "zod";
import { commonEvents } from "../common-events.ts";
import {
  CandidateBody,
  DescriptionBody,
  MessageId,
  MessageRemoved,
  payload,
  ReportAck,
  reportFields,
  Timestamp,
} from "../payload.ts";

/** Most messages that one `load_messages` answers. */
export const MAX_LOADED_MESSAGES = 100;

const Username = Id;
const Message = z
  .object({ id: MessageId, username: Username, text: z.string(), timestamp: Timestamp })
  .meta({ id: "ChatLine" });
const Sender = z.object({ from: Username });
const Recipient = z.object({ to: Username });

const LoadMessages = z.object({
  before: Id.nullish().meta({
    description: "The id of the oldest message already there; if not given, the latest are loaded.",
  }),
  limit: z.int().min(1).max(MAX_LOADED_MESSAGES).nullish(),
});

/** Events that clients may send, each with a tuple of the event's arguments. Unknown keys, and further arguments, are ignored. */
export const clientEvents = {
  send_message: payload(z.object({ text: z.string().min(1).max(MAX_TEXT_LENGTH) })).meta({
    description: "`new_message` to everyone, the sender included.",
  }),
  call_user: payload(Recipient.extend({ offer: DescriptionBody })).meta({
    description: "`incoming_call` to that user's connections.",
  }),
  call_answer: payload(Recipient.extend({ answer: DescriptionBody })).meta({
    description: "`call_answered` to that user.",
  }),
  ice_candidate: payload(Recipient.extend({ candidate: CandidateBody })).meta({
    description: "`ice_candidate` to that user.",
  }),
  end_call: payload(Recipient).meta({ description: "`call_ended` to that user." }),
  report_user: payload(z.object({ username: Username, ...reportFields })).meta({
    description:
      "Extension. Report a user to the operators, with the last messages of the chatroom: one that is online, or that wrote one of these.",
  }),
  load_messages: payload(LoadMessages.nullish()).meta({
    description: "Extension. Older messages, in the acknowledgement.",
  }),
} as const;

/** Events that clients receive, each with a tuple of the event's arguments. */
export const serverEvents = {
  message_history: z
    .tuple([z.array(Message)])
    .meta({ description: "The last messages, oldest first, on every connect that is not recovered." }),
  new_message: z.tuple([Message]).meta({ description: "Somebody, or the receiver itself, wrote." }),
  message_removed: MessageRemoved,
  online_users: z
    .tuple([
      z.array(Username),
      z.object({ total: z.int() }).meta({ description: "Extension. How many are online, also those not listed." }),
    ])
    .meta({
      description:
        "Names of the users online, each once, at most 500: on connect, then on change, at most once a second.",
    }),
  incoming_call: z.tuple([Sender.extend({ offer: DescriptionBody })]).meta({ description: "That user calls." }),
  call_answered: z
    .tuple([Sender.extend({ answer: DescriptionBody })])
    .meta({ description: "That user takes the call." }),
  ice_candidate: z
    .tuple([Sender.extend({ candidate: CandidateBody })])
    .meta({ description: "A candidate from that user." }),
  call_ended: z.tuple([Sender]).meta({ description: "That user ended the call." }),
  call_answered_elsewhere: z
    .tuple([Sender])
    .meta({ description: "Extension. Another connection of the receiver's user answered that user's call." }),
  ...commonEvents,
} as const;

/** Fields of an acknowledgement besides `ok: true`, by event; none for events that are not listed. */
export const acks = {
  send_message: z.object({ id: MessageId }),
  report_user: ReportAck,
  load_messages: z.object({
    messages: z.array(Message).meta({ description: "Oldest first." }),
    hasMore: z.boolean().meta({ description: "Whether there are older ones." }),
  }),
} as const;

/** A message of the chatroom as clients receive it. */
export type ChatMessagePayload = z.output<typeof Message>;
