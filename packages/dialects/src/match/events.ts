import { Id, MAX_TEXT_LENGTH } from "@switchyard/protocol";
import { z } from "zod";
import { commonEvents } from "../common-events.ts";
import { CandidateBody, DescriptionBody, Ignored, payload } from "../payload.ts";

const Recipient = z.object({ to: Id });

/** Old clients find candidates before they know the other one. */
const RecipientIfKnown = Id.nullish().meta({ description: "null, or not given: nobody receives it." });

/** Old clients know this sentence, whichever of the two is missing. */
const Registration = z.preprocess(
  (content, { addIssue }) => {
    const { userId, matchId } = (content ?? {}) as { readonly userId?: unknown; readonly matchId?: unknown };
    if (userId && matchId) return content;
    addIssue({ code: "custom", message: "Missing userId or matchId", input: content });
    return z.NEVER;
  },
  z.object({ userId: Id, matchId: Id }),
);

/** Events that clients may send, each with a tuple of the event's arguments. Unknown keys, and further arguments, are ignored. */
export const clientEvents = {
  register: payload(Registration).meta({ description: "Join the match; the first one creates it." }),
  "initiate-call": payload(Recipient).meta({ description: "`incoming-call` to that participant." }),
  "accept-call": payload(Recipient).meta({ description: "`call-accepted` to that participant." }),
  "reject-call": payload(
    z.object({
      to: Id,
      reason: z.string().max(MAX_TEXT_LENGTH).nullish().meta({ description: "`User declined` if not given." }),
    }),
  ).meta({ description: "`call-rejected` to that participant." }),
  offer: payload(z.object({ to: Id, offer: DescriptionBody })).meta({ description: "The same to that participant." }),
  answer: payload(z.object({ to: Id, answer: DescriptionBody })).meta({ description: "The same to that participant." }),
  "ice-candidate": payload(z.object({ to: RecipientIfKnown, candidate: CandidateBody })).meta({
    description: "The same to that participant.",
  }),
  "end-call": payload(z.object({ to: Ignored }).nullish()).meta({
    description: "`call-ended` to everyone else in the match, whether or not `to` is given.",
  }),
} as const;

/** Events that clients receive, each with a tuple of the event's arguments. */
export const serverEvents = {
  joined: z
    .tuple([
      z.object({
        matchId: Id,
        userId: Id,
        participants: z.array(Id).meta({ description: "User ids; the receiver is among them." }),
        participantCount: z.int(),
      }),
    ])
    .meta({ description: "The receiver is in the match." }),
  "user-joined": z
    .tuple([z.object({ userId: Id, participantCount: z.int() })])
    .meta({ description: "The other one came." }),
  "user-left": z.tuple([z.object({ userId: Id })]).meta({ description: "The other one left for good." }),
  "incoming-call": z.tuple([z.object({ from: Id })]).meta({ description: "The other one calls." }),
  "call-accepted": z.tuple([z.object({ from: Id })]).meta({ description: "The other one takes the call." }),
  "call-rejected": z
    .tuple([z.object({ from: Id, reason: z.string() })])
    .meta({ description: "The other one declines the call." }),
  "call-ended": z.tuple([z.object({ from: Id })]).meta({ description: "The other one ended the call." }),
  offer: z
    .tuple([z.object({ offer: DescriptionBody, from: Id })])
    .meta({ description: "An offer from the other one." }),
  answer: z
    .tuple([z.object({ answer: DescriptionBody, from: Id })])
    .meta({ description: "An answer from the other one." }),
  "ice-candidate": z
    .tuple([z.object({ candidate: CandidateBody, from: Id })])
    .meta({ description: "A candidate from the other one." }),
  ...commonEvents,
} as const;

/** Fields of an acknowledgement besides `ok: true`, by event; none for events that are not listed. */
export const acks = {} as const;
