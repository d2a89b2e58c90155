import { errorTable } from "@switchyard/protocol";
import type { z } from "zod";
import { type Definitions, type JsonSchema, jsonSchemaOf } from "../json-schema.ts";

/** The place of schemas in an AsyncAPI document. */
export const SCHEMAS = "#/components/schemas/";

/** The schemas that all acknowledgements share, besides the fields of each event's own. */
export const answers: Definitions = {
  Done: {
    description: "The effect is durable.",
    type: "object",
    properties: { ok: { const: true } },
    required: ["ok"],
  },
  Refused: {
    description: "The event was refused and had no effect.",
    type: "object",
    properties: {
      ok: { const: false },
      error: {
        type: "object",
        properties: {
          code: { $ref: `${SCHEMAS}ErrorCode` },
          message: { type: "string" },
          retryable: { type: "boolean", description: "Whether the same event may succeed later without a change." },
          retryAfterMs: { type: "integer", description: "Time after which to try again, in ms." },
        },
        required: ["code", "message", "retryable"],
      },
    },
    required: ["ok", "error"],
  },
};

/** The error table, for the root of the document. */
export const errors = Object.entries(errorTable).map(([code, { message, retryable }]) => ({
  code,
  message,
  retryable,
}));

/** The message that acknowledges an event: with the fields of `schema`, or with nothing besides `ok: true`. */
export function acknowledgement(event: string, schema: z.ZodType | undefined, definitions: Definitions) {
  const done: JsonSchema = { $ref: `${SCHEMAS}Done` };
  const fields = schema && jsonSchemaOf(schema, definitions, SCHEMAS, "draft-07");
  return {
    name: `ack of ${event}`,
    title: `The acknowledgement of ${event}`,
    summary: "The argument of the callback.",
    payload: { oneOf: [fields ? { allOf: [done, fields] } : done, { $ref: `${SCHEMAS}Refused` }] },
  };
}
