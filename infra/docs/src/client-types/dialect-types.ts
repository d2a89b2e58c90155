import { type Dialect, dialects, type EventSchemas } from "@switchyard/dialects";
import { errorTable } from "@switchyard/protocol";
import { argumentsOf, type Definitions, type EventArguments, jsonSchemaOf } from "../json-schema.ts";
import { code } from "../markdown.ts";
import { comment, indent, objectType, typeExpression } from "./type-expression.ts";

/** Types of the package that are not made from the events of a dialect, by the file they are in. */
const elsewhere = { "../../body.ts": ["Candidate", "Description"], "../error-code.ts": ["ErrorCode"] } as const;
const ready: readonly string[] = Object.values(elsewhere).flat();

/** A dialect's events, for `io<ServerToClientEvents, ClientToServerEvents>()`. */
export function dialectTypes({ name, title, clientEvents, serverEvents, acks }: Dialect): string {
  const definitions: Definitions = {};
  for (const [event, schema] of Object.entries(acks))
    definitions[answerName(event)] = {
      description: `Fields of the acknowledgement of \`${event}\` besides \`ok: true\`.`,
      ...schemaOf(schema, definitions),
    };
  const requests = listed(clientEvents, definitions, (event, args) => request(args, event in acks ? event : undefined));
  const messages = listed(serverEvents, definitions, (_event, args) => message(args));
  return `// Generated from packages/dialects/src/${name}/events.ts by \`pnpm run docs\`; don't edit it here.
${imports(definitions)}
${declarations(definitions)}
/** ${title}: what clients may send. */
export interface ClientToServerEvents {
${requests}
}

/** ${title}: what clients are sent. */
export interface ServerToClientEvents {
${messages}
}
`;
}

function schemaOf(schema: EventSchemas[string], definitions: Definitions) {
  return jsonSchemaOf(schema, definitions, "", "draft-07");
}

type Signature = (event: string, args: EventArguments) => string;

function listed(events: EventSchemas, definitions: Definitions, signature: Signature): string {
  const entries = Object.entries(events).map(([event, schema]) => {
    const args = argumentsOf(event, schemaOf(schema, definitions));
    const key = /^\w+$/.test(event) ? event : JSON.stringify(event);
    return `${comment(args.description)}${key}: ${signature(event, args)};`;
  });
  return indent(entries.join("\n"));
}

/** Where the content may be missing, the callback may come first. */
function request({ required, optional }: EventArguments, answering: string | undefined): string {
  const acknowledge = `acknowledge?: Acknowledge${answering === undefined ? "" : `<${answerName(answering)}>`}`;
  const contents = parameters([...required, ...optional]);
  const full = [...contents, acknowledge].join(", ");
  return optional.length === 0 ? `(${full}) => void` : `(...args: [${acknowledge}] | [${full}]) => void`;
}

function message({ required }: EventArguments): string {
  return `(${parameters(required).join(", ")}) => void`;
}

function parameters(schemas: EventArguments["required"]): string[] {
  const nameOf = (index: number) => ["content", "further"][index] ?? `further${index}`;
  return schemas.map((schema, index) => `${nameOf(index)}: ${typeExpression(schema)}`);
}

/** `SendMessageAnswer` for `send_message`, `send-message` and `send message`. */
function answerName(event: string): string {
  const words = event.split(/[-_ ]/).map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return `${words.join("")}Answer`;
}

function imports(definitions: Definitions): string {
  const lines = Object.entries(elsewhere).map(([file, names]) => {
    const used = names.filter((name) => name in definitions);
    return used.length === 0 ? "" : `import type { ${used.join(", ")} } from "${file}";\n`;
  });
  return [`import type { Acknowledge } from "../../ack.ts";\n`, ...lines].join("");
}

function declarations(definitions: Definitions): string {
  const entries = Object.entries(definitions).filter(([name]) => !ready.includes(name));
  const texts = entries.map(([name, schema]) => {
    const isObject = schema.properties !== undefined && schema.anyOf === undefined;
    const declared = isObject ? `interface ${name} ${objectType(schema)}` : `type ${name} = ${typeExpression(schema)};`;
    return `${comment(schema.description)}export ${declared}\n`;
  });
  return texts.join("\n");
}

/** The types of every dialect under its name, for the package's index. */
export function dialectsByName(): string {
  const names = dialects.map(({ name }) => name).toSorted();
  const lines = names.map((name) => `export type * as ${name} from "./dialects/${name}.ts";\n`);
  return `// Generated from packages/dialects/src/registry.ts by ${code("pnpm run docs")}; don't edit it here.\n${lines.join("")}`;
}

/** The codes of the error table, as a type. */
export function errorCodeType(): string {
  const lines = Object.entries(errorTable).map(
    ([name, { message, retryable }]) => `  /** ${message}${retryable ? " May succeed later." : ""} */\n  | "${name}"`,
  );
  return `// Generated from packages/protocol/src/errors.ts by ${code("pnpm run docs")}; don't edit it here.

/** The ${code("type")} of the event ${code("error")}, and the ${code("code")} in an acknowledgement. */
export type ErrorCode =
${lines.join("\n")};
`;
}
