import { MAX_NOTICE_BYTES, MAX_NOTICE_BYTES_FOR_ALL, NOTICE_ID, NOTICE_NAME } from "@switchyard/core";
import { Id } from "@switchyard/protocol";
import { z } from "zod";
import type { ApiRoute } from "../api-route.ts";
import { OperatorHeaders, readOnly, refused } from "../moderation-api.ts";
import { Problem } from "../schemas.ts";

const Dialect = z.string().min(1).max(64).meta({ description: "The dialect, as its namespace is called." });

const Target = z
  .union([
    z.strictObject({ user: Id.meta({ description: "The user's id in that dialect." }), dialect: Dialect }),
    z.strictObject({
      room: z.string().min(1).max(256).meta({
        description:
          "As reports name it: `<dialect>:<name>`, the id of a pair, or `chat:all` for the chatroom, which is everyone in `chat`.",
      }),
    }),
    z.strictObject({ dialect: Dialect }),
  ])
  .meta({ description: "All sessions of a user, all members of a room, or everyone in a dialect." });

export const NoticeBody = z.object({
  to: Target,
  event: z.string().regex(NOTICE_NAME, "must be a name that an event can have").meta({
    description:
      "The name by which clients receive it, such as `app:order-paid`. No event of a dialect, or of Socket.IO itself, has that name.",
  }),
  payload: z
    .json()
    .default(null)
    .meta({
      description: `Its only argument; at most ${MAX_NOTICE_BYTES} bytes of JSON, to everyone in a dialect ${MAX_NOTICE_BYTES_FOR_ALL}.`,
    }),
  id: z.string().regex(NOTICE_ID, "must be 1 to 64 letters, digits, or the characters . : _ -").optional().meta({
    description:
      "Of the request, chosen by the back end: the same request again with the same id sends nothing twice, for 15 minutes. Missing: a random one.",
  }),
});

const count = (description: string) => z.int().min(0).meta({ description });

const NoticeAnswer = z
  .object({
    id: z.string(),
    kept: z.boolean().meta({
      description:
        "Whether anybody receives it: it is numbered, kept and recovered like any other event. `false`: nobody was there.",
    }),
    connected: count(
      "Sessions that have it and were connected. Where the dialect has a feed: those in the dialect when it was appended.",
    ),
    detached: count("Sessions without a connection, which receive it if they are back within their grace."),
    entry: z.string().optional().meta({ description: "Its entry in the dialect's feed, where the dialect has one." }),
    done: z.boolean().meta({ description: "`false`: it is still being sent; the same request says how far it is." }),
    repeated: z.boolean().meta({ description: "Whether a request with this id came before." }),
  })
  .meta({ id: "NoticeAnswer" });

/** `/api/events`: events of back ends, for the specification. */
export const noticesApi: readonly ApiRoute[] = [
  {
    method: "post",
    path: "/api/events",
    summary: "Send an event to a user, a room or everyone in a dialect, numbered and recovered like any other",
    tag: "back ends",
    bearers: ["admin"],
    headers: OperatorHeaders,
    body: NoticeBody,
    responses: {
      200: { description: "It was sent to all whom it is for.", content: NoticeAnswer },
      202: { description: "It is kept, and still being sent: a dialect has many sessions.", content: NoticeAnswer },
      400: { description: "There can be no such event, or there is no such room or dialect.", content: Problem },
      409: { description: "Another event has this id.", content: Problem },
      ...readOnly,
      ...refused,
    },
  },
];
