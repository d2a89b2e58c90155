import { Id, type Json } from "@switchyard/protocol";
import { z } from "zod";
import { commonEvents } from "../../src/common-events.ts";
import { payload } from "../../src/payload.ts";

const Message = z.custom<Json>((value) => value !== undefined, "must be given").meta({ description: "Any JSON." });

/** What clients may send, by event: a tuple of the event's arguments. Further arguments are ignored. */
export const clientEvents = {
  "create or join": payload(Id).meta({ description: "Join the room; the first one creates it." }),
  message: payload(Message).meta({ description: "The same to the other one." }),
  bye: z.tuple([]).rest(z.unknown()).meta({ description: "Leave the room." }),
} as const;

/** What clients are sent, by event: a tuple of the event's arguments. */
export const serverEvents = {
  created: z.tuple([Id, Id]).meta({ description: "The receiver has created the room; its own id comes second." }),
  joined: z.tuple([Id, Id]).meta({ description: "The receiver has joined the room; its own id comes second." }),
  join: z.tuple([Id]).meta({ description: "The other one joins the room." }),
  ready: z.tuple([]).meta({ description: "Both are in the room." }),
  full: z.tuple([Id]).meta({ description: "There are two in that room already." }),
  message: z.tuple([Message]).meta({ description: "A message from the other one." }),
  bye: z.tuple([]).meta({ description: "The other one has left the room." }),
  ...commonEvents,
} as const;

/** What acknowledgements say besides `ok: true`. */
export const acks = {} as const;
