import { Id } from "@switchyard/protocol";
import { z } from "zod";
import { commonEvents } from "../common-events.ts";
import { CandidateBody, DescriptionBody, DisplayName, Ignored, payload, ReportAck, reportFields } from "../payload.ts";

/** Most users that one `start-call` can invite. */
const MAX_INVITED = 100;

/** Kept with the participant, where scripts read it: cjson refuses half of a surrogate pair. */
const Joined = z
  .string()
  .max(128)
  .overwrite((text) => text.toWellFormed());

const User = z
  .object({
    id: Id,
    username: DisplayName,
    joinedAt: z.union([Joined, z.number()]).nullish().meta({ description: "As that user's client gave it." }),
  })
  .meta({ id: "CallUser" });

/** Old clients give users whole where an id would do. */
const UserOrId = z.union([Id, z.object({ id: Id, username: DisplayName.nullish() })]).meta({ id: "CallUserOrId" });

const OneCall = z.tuple([z.object({ callId: Id })]);
const Participants = z.object({ callId: Id, participants: z.array(User) });
const wantsOffer = { callId: Id, offer: DescriptionBody };
const wantsAnswer = { callId: Id, answer: DescriptionBody };
const wantsCandidate = { callId: Id, candidate: CandidateBody };
const toTarget = { targetUserId: Id };
const fromUser = { fromUserId: Id };

/** Events that clients may send, each with a tuple of the event's arguments. Unknown keys, and further arguments, are ignored. */
export const clientEvents = {
  "user-joined": payload(User).meta({ description: "Come online." }),
  "start-call": payload(
    z.object({
      id: Id,
      initiator: UserOrId.nullish().meta({ description: "The sender." }),
      participants: z
        .array(UserOrId)
        .max(MAX_INVITED)
        .meta({ description: "The users to invite: user ids, or users." }),
      isVideo: z.boolean().nullish().meta({ description: "false if not given." }),
    }),
  ).meta({ description: "Start call `id` and invite others; join it if it exists." }),
  "join-call": payload(z.object({ callId: Id, user: Ignored })).meta({ description: "Join a call." }),
  "leave-call": payload(z.object({ callId: Id, userId: Ignored })).meta({ description: "Leave a call." }),
  report_user: payload(z.object({ callId: Id, ...toTarget, ...reportFields })).meta({
    description:
      "Extension. Report a user that is in that call to the operators; the sender is in it, or may join it, as a user who is invited.",
  }),
  "webrtc-offer": payload(z.object({ ...wantsOffer, ...toTarget })).meta({
    description: "The same to that participant.",
  }),
  "webrtc-answer": payload(z.object({ ...wantsAnswer, ...toTarget })).meta({
    description: "The same to that participant.",
  }),
  "webrtc-ice-candidate": payload(z.object({ ...wantsCandidate, ...toTarget })).meta({
    description: "The same to that participant.",
  }),
} as const;

/** Events that clients receive, each with a tuple of the event's arguments. */
export const serverEvents = {
  "users-list": z.tuple([z.array(User)]).meta({
    description:
      "The users that are online, the receiver included, the latest first; sent to a user that came online, and to everyone online after changes.",
  }),
  "user-joined": z.tuple([User]).meta({ description: "Somebody came online." }),
  "user-left": z.tuple([Id]).meta({ description: "Somebody went offline: the bare user id." }),
  "incoming-call": z
    .tuple([
      z.object({
        callId: Id,
        initiator: UserOrId.meta({ description: "The user that started it: a user id, or a user." }),
        isVideo: z.boolean(),
      }),
    ])
    .meta({ description: "The receiver is invited to a call." }),
  "call-started": z
    .tuple([z.object({ callId: Id })])
    .meta({ description: "The call of the receiver has started, with the receiver in it." }),
  "user-joined-call": z
    .tuple([Participants.extend({ user: User })])
    .meta({ description: "Somebody joined the receiver's call." }),
  "call-participants": z.tuple([Participants]).meta({ description: "The receiver is in that call, with these." }),
  "user-left-call": z
    .tuple([Participants.extend({ userId: Id })])
    .meta({ description: "Somebody left the receiver's call; these stay." }),
  "call-left": OneCall.meta({ description: "The receiver is not in that call: the answer to each `leave-call`." }),
  "call-not-found": OneCall.meta({
    description: "The receiver sent an event about a call that does not exist, or in which it is not.",
  }),
  "webrtc-offer": z
    .tuple([z.object({ ...wantsOffer, ...fromUser })])
    .meta({ description: "An offer from a participant." }),
  "webrtc-answer": z
    .tuple([z.object({ ...wantsAnswer, ...fromUser })])
    .meta({ description: "An answer from a participant." }),
  "webrtc-ice-candidate": z
    .tuple([z.object({ ...wantsCandidate, ...fromUser })])
    .meta({ description: "A candidate from a participant." }),
  ...commonEvents,
} as const;

/** Fields of an acknowledgement besides `ok: true`, by event; none for events that are not listed. */
export const acks = { report_user: ReportAck } as const;

/** A user as its client gave it and as others receive it. */
export type CallUser = z.output<typeof User>;
/** A user by id, or the user. */
export type CallUserOrId = z.output<typeof UserOrId>;
/** The content of `start-call`. */
export type StartCall = z.output<(typeof clientEvents)["start-call"]>[0];
