import { type ErrorBody, type ErrorCode, errorTable } from "@switchyard/protocol";
import { z } from "zod";
import type { WireEvent } from "./dialect.ts";
import { Timestamp } from "./payload.ts";

const codes = Object.keys(errorTable) as ErrorCode[];

/** Events that every dialect sends to its clients, besides its own. */
export const commonEvents = {
  error: z
    .tuple([
      z.object({
        type: z.enum(codes).meta({ id: "ErrorCode" }),
        message: z.string(),
        retryAfterMs: z.int().min(0).optional().meta({ description: "When to try again, in ms." }),
        reason: z
          .string()
          .optional()
          .meta({ description: "Only with `banned` and `muted`: why, in the operator's words." }),
        until: Timestamp.optional().meta({
          description: "Only with `banned` and `muted`: when it ends; missing: never.",
        }),
      }),
    ])
    .meta({ description: "An event without a callback was refused, or something ended for this connection." }),
  "server-shutdown": z
    .tuple([z.object({ message: z.string() })])
    .meta({ description: "This node stops; the client comes back to another one, recovered." }),
} as const;

/** A refusal as every dialect may say it: `error` `{ type, message, retryAfterMs?, reason?, until? }`. */
export function errorEvent({ code, retryable: _, ...details }: ErrorBody): WireEvent {
  return ["error", { type: code, ...details }];
}
