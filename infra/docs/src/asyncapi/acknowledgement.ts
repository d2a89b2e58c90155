import { errorTable } from "@switchyard/protocol";
import type { z } from "zod";
import { type Definitions, type JsonSchema, jsonSchemaOf } from "../json-schema.ts";

/** Where an AsyncAPI document keeps its schemas. */
export const SCHEMAS = "#/components/schemas/";

/** What every acknowledgement can be, besides the fields of its own event. */
export const answers: Definitions = {
  Done: {
    description: "The effect is durable.",
    type: "object",
    properties: { ok: { const: true } },
    required: ["ok"],
  },
  Refused: {
    description: "The event was refused; nothing has changed.",
    type: "object",
    properties: {
      ok: { const: false },
      error: {
        type: "object",
        properties: {
          code: { $ref: `${SCHEMAS}ErrorCode` },
          message: { type: "string" },
          retryable: { type: "boolean", description: "Whether the same event may succeed later without a change." },
          retryAfterMs: { type: "integer", description: "When to try again, in ms." },
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
