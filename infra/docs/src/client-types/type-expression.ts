import type { JsonSchema } from "../json-schema.ts";

const scalars: Readonly<Record<string, string>> = {
  string: "string",
  number: "number",
  integer: "number",
  boolean: "boolean",
  null: "null",
  object: "object",
};

/** A TypeScript type for a JSON Schema. References are names of types; `unknown` is what says nothing. */
export function typeExpression(schema: JsonSchema): string {
  const { $ref, const: only, enum: values, anyOf, allOf, type } = schema;
  if ($ref !== undefined) return $ref;
  if (only !== undefined) return JSON.stringify(only);
  if (values !== undefined) return union(values.map((value) => JSON.stringify(value)));
  if (anyOf !== undefined) return union(anyOf.map((one) => typeExpression(alternative(schema, one))));
  if (allOf !== undefined) return allOf.map((one) => part(typeExpression(one))).join(" & ");
  if (Array.isArray(type)) return union(type.map((one) => typeExpression({ ...schema, type: one })));
  if (type === "array") return listOf(schema);
  if (type === "object" && schema.properties !== undefined) return objectType(schema);
  return scalars[String(type)] ?? "unknown";
}

/** One of several schemas that a schema allows; of an object it may say no more than which fields are required. */
function alternative({ anyOf: _, ...object }: JsonSchema, one: JsonSchema): JsonSchema {
  if (object.properties === undefined) return one;
  return { ...object, required: [...(object.required ?? []), ...(one.required ?? [])] };
}

/** The fields of an object, one on each line, with their descriptions. */
export function objectType({ properties = {}, required = [], additionalProperties }: JsonSchema): string {
  const fields = Object.entries(properties).map(([name, schema]) => {
    const type = typeExpression(schema);
    return `${comment(schema.description)}${name}${required.includes(name) ? `: ${type}` : `?: ${orUndefined(type)}`};`;
  });
  if (fields.length > 0) return `{\n${indent(fields.join("\n"))}\n}`;
  return additionalProperties === undefined ? "Record<never, never>" : "Record<string, unknown>";
}

export function comment(text: string | undefined): string {
  return text === undefined ? "" : `/** ${text} */\n`;
}

export function indent(text: string): string {
  return text.replaceAll(/^(?=.)/gm, "  ");
}

function listOf({ items }: JsonSchema): string {
  const item = typeExpression((items ?? {}) as JsonSchema);
  return `${inBrackets(item)}[]`;
}

/** A part of an intersection: an object with one field goes on the same line. */
function part(type: string): string {
  return inBrackets(type.replace(/^\{\n {2}(.*);\n\}$/, "{ $1 }"));
}

function inBrackets(type: string): string {
  return type.includes(" | ") && !type.startsWith("{") ? `(${type})` : type;
}

/** Code compiled with `exactOptionalPropertyTypes` may still give `undefined`, which is not sent. */
function orUndefined(type: string): string {
  return type === "unknown" ? type : union([type, "undefined"]);
}

function union(members: readonly string[]): string {
  return [...new Set(members)].join(" | ");
}
