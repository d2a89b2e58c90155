import { Id, MAX_TEXT_LENGTH } from "@switchyard/protocol";
import { z } from "zod";
import { CandidateBody, DescriptionBody } from "../body.ts";

/** The queues: what two strangers can meet for. */
export const queueTypes = ["chat", "video"] as const;

const Preferences = z.object({
  interests: z.array(Id).max(10).nullish(),
  language: Id.nullish(),
  region: Id.nullish(),
  avoid: z.array(Id).max(100).nullish(),
});

const Nothing = z.looseObject({}).nullish();
const payload = <Content extends z.ZodType>(content: Content) => z.tuple([content]).rest(z.unknown());

/** What clients may send, by event: a tuple of the event's arguments. Unknown keys, and further arguments, are ignored. */
export const clientEvents = {
  join: payload(z.object({ userId: Id, type: z.enum(queueTypes), preferences: Preferences.nullish() })),
  send_message: payload(z.object({ roomId: Id, message: z.string().min(1).max(MAX_TEXT_LENGTH) })),
  typing: payload(z.object({ roomId: Id, isTyping: z.boolean() })),
  offer: payload(z.object({ roomId: Id, offer: DescriptionBody })),
  answer: payload(z.object({ roomId: Id, answer: DescriptionBody })),
  ice_candidate: payload(z.object({ roomId: Id, candidate: CandidateBody })),
  leave_room: payload(z.object({ roomId: Id })),
  block_user: payload(z.object({ roomId: Id, reason: z.string().max(MAX_TEXT_LENGTH).nullish() })),
  next: z.tuple([Nothing]).rest(z.unknown()),
  leave_queue: z.tuple([Nothing]).rest(z.unknown()),
  where: z.tuple([Nothing]).rest(z.unknown()),
} as const;

/** The content of `join`. */
export type Join = z.output<(typeof clientEvents)["join"]>[0];
