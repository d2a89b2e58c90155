import type { Participant, ReportGrounds } from "@switchyard/core";
import { Id, type Json, MAX_NAME_LENGTH, reportCategories, SHORT_TEXT_LENGTH } from "@switchyard/protocol";
import { z } from "zod";

/** The arguments of an event with one payload. Further arguments are ignored. */
export const payload = <Content extends z.ZodType>(content: Content) => z.tuple([content]).rest(z.unknown());

/** The payload of an event that says nothing by it: it may be missing. */
export const Nothing = z.looseObject({}).nullish();

/** A field in which clients name themselves. A client's word is no proof of identity: the field is accepted and ignored. */
export const Ignored = z.unknown().optional().meta({ description: "Ignored." });

/** A time as clients receive it: ISO 8601, UTC, with milliseconds. */
export const Timestamp = z.string().meta({ format: "date-time" });

/** A name that others are shown. Clients were allowed longer ones, so these are cut, at a character, and not refused. */
export const DisplayName = Id.overwrite((name) =>
  name.length > MAX_NAME_LENGTH ? [...name].slice(0, MAX_NAME_LENGTH).join("") : name,
).meta({
  id: "DisplayName",
  description: `A name; of one that is longer the first ${MAX_NAME_LENGTH} characters are shown.`,
});

/** The name that a participant shows to others: its token's, where the token has one, else the one that its client gives. */
export function shownName({ bearer }: Participant, given: string): string {
  return bearer?.name === undefined ? given : DisplayName.parse(bearer.name);
}

/** The id of a chat message: later ones are not smaller, and everyone sees the same. */
export const MessageId = z.string().meta({ description: "The message's id, the same for everyone." });

/** Longest words of a report, in UTF-16 units. */
const MAX_WORDS_LENGTH = 1000;

/** Why somebody is reported to the operators. */
export const reportFields = {
  category: z
    .enum(reportCategories)
    .meta({ id: "ReportCategory" })
    .nullish()
    .meta({ description: "`other` if not given." }),
  reason: z.string().max(MAX_WORDS_LENGTH).nullish().meta({ description: "In the sender's words." }),
} as const;

/** The answer to a report. */
export const ReportAck = z.object({
  reportId: z.string().meta({ description: "The report's id, by which operators find it; the same for a repetition." }),
});

/** The grounds of a report as core knows them. */
export function reportGroundsOf(fields: {
  readonly category?: ReportGrounds["category"] | null | undefined;
  readonly reason?: string | null | undefined;
}): ReportGrounds {
  return { category: fields.category ?? "other", words: fields.reason || undefined };
}

/** The event of a message that an operator removed. */
export const MessageRemoved = z.tuple([z.object({ id: MessageId })]).meta({
  description:
    "Extension. An operator removed that message, for everyone. The receiver may not have received it, and may receive this twice.",
});

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A session description: an object that passes through unread. */
export const DescriptionBody = z
  .custom<Json>(isObject, "must be an object")
  .meta({ id: "Description", type: "object", description: "An RTCSessionDescriptionInit; passes through unread." });

/** A candidate: an object that passes through unread, or null for the end of candidates. */
export const CandidateBody = z
  .custom<Json>((value) => value === null || isObject(value), "must be an object or null")
  .meta({
    id: "Candidate",
    type: ["object", "null"],
    description: "An RTCIceCandidateInit; passes through unread. null: the end of candidates.",
  });

/** Whether the sender of an opening event has sent none before: what it would enter is new, and it holds nothing to give up for it. */
export const isNewcomer = ({ user }: Participant): boolean => user === undefined;

/** Whether a text is so long that it is refused while Redis is almost full. */
export const isLong = (text: string): boolean => text.length > SHORT_TEXT_LENGTH;
