import type { ApiResponse, ApiRoute } from "@switchyard/signaling";
import type { z } from "zod";
import { type Definitions, jsonSchemaOf } from "../json-schema.ts";

/** The place of schemas in an OpenAPI document. */
const SCHEMAS = "#/components/schemas/";

/** A route as an OpenAPI operation. */
export function operationOf(route: ApiRoute, definitions: Definitions) {
  const { method, path, operation, summary, tag, bearers, parameters, query, headers, body, responses } = route;
  const described = Object.entries(responses).map(([status, response]) => [status, responseOf(response, definitions)]);
  const asked = [
    ...parametersIn("path", parameters, definitions),
    ...parametersIn("query", query, definitions),
    ...parametersIn("header", headers, definitions),
  ];
  return {
    operationId: operation ?? idOf(method, path),
    summary,
    tags: [tag],
    ...(bearers === undefined ? {} : { security: bearers.map((one) => (one === "none" ? {} : { [one]: [] })) }),
    ...(asked.length === 0 ? {} : { parameters: asked }),
    ...(body === undefined ? {} : { requestBody: { required: true, content: json(body, definitions) } }),
    responses: Object.fromEntries(described) as Readonly<Record<string, object>>,
  };
}

/** `getApiRoom` for `GET /api/room/{roomId}`. */
function idOf(method: string, path: string): string {
  const words = path.replaceAll(/\{\w+\}/g, "").match(/\w+/g) ?? ["root"];
  return method + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
}

function responseOf({ description, content }: ApiResponse, definitions: Definitions) {
  const kinds = Array.isArray(content) ? content : [content];
  const contents = kinds.map((kind) => (typeof kind === "string" ? text(kind) : json(kind, definitions)));
  return { description, content: Object.assign({}, ...contents) as Readonly<Record<string, object>> };
}

function json(schema: z.ZodType, definitions: Definitions) {
  return { "application/json": { schema: jsonSchemaOf(schema, definitions, SCHEMAS, "draft-2020-12") } };
}

function text(mediaType: string) {
  return { [mediaType]: { schema: { type: "string" } } };
}

function parametersIn(place: "path" | "query" | "header", fields: z.ZodObject | undefined, definitions: Definitions) {
  if (fields === undefined) return [];
  const { properties = {}, required = [] } = jsonSchemaOf(fields, definitions, SCHEMAS, "draft-2020-12");
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({
    name,
    in: place,
    required: required.includes(name),
    ...(description === undefined ? {} : { description }),
    schema,
  }));
}
