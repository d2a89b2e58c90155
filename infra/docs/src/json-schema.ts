import { LoadReport } from "@switchyard/load";
import { Id } from "@switchyard/protocol";
import { z } from "zod";

/** The part of JSON Schema that the schemas of events use. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: JsonSchema | boolean;
  readonly items?: JsonSchema | readonly JsonSchema[];
  readonly minItems?: number;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
}

/** Schemas that others refer to, by name. */
export type Definitions = Record<string, JsonSchema>;

type Target = "draft-07" | "draft-2020-12";

/** Ids are in nearly every event: they are described once. */
z.globalRegistry.add(Id, { id: "Id", description: "An id or a name: opaque, without control characters." });

/**
 * A schema as JSON Schema, for the input that clients send. Schemas that it refers to are added to `definitions`, and
 * referred to at `place`.
 * @throws TypeError if two schemas have the same name
 */
export function jsonSchemaOf(schema: z.ZodType, definitions: Definitions, place: string, target: Target): JsonSchema {
  const converted = z.toJSONSchema(schema, {
    io: "input",
    unrepresentable: "any",
    target,
    override: ({ jsonSchema }) => {
      // the limits of every integer in JSON
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
    },
  });
  const { $schema, definitions: referred, $defs = referred ?? {}, ...own } = converted;
  for (const [name, definition] of Object.entries($defs)) {
    const text = relocate(definition, place);
    const known = definitions[name];
    if (known !== undefined && JSON.stringify(known) !== text) throw new TypeError(`two schemas are called ${name}`);
    definitions[name] = JSON.parse(text) as JsonSchema;
  }
  return JSON.parse(relocate(own, place)) as JsonSchema;
}

/** `docs/load-report.schema.json`: the report of `sy load --report`. */
export function loadReportSchema(): string {
  const title = "The report of a load test with Switchyard";
  return `${JSON.stringify({ title, ...z.toJSONSchema(LoadReport, { io: "output" }) }, null, 2)}\n`;
}

function relocate(schema: unknown, place: string): string {
  return JSON.stringify(schema).replaceAll(/"#\/(?:definitions|\$defs)\//g, `"${place}`);
}

/** An event's arguments. */
export interface EventArguments {
  readonly description: string;
  readonly required: readonly JsonSchema[];
  readonly optional: readonly JsonSchema[];
}

/** @throws TypeError if the event is not described, or its schema is not one of a list of arguments */
export function argumentsOf(event: string, { description, items, minItems = 0 }: JsonSchema): EventArguments {
  if (description === undefined) throw new TypeError(`"${event}" needs a description`);
  if (!Array.isArray(items)) throw new TypeError(`"${event}" is not a list of arguments`);
  return { description, required: items.slice(0, minItems), optional: items.slice(minItems) };
}
