import { launcherSettings } from "@switchyard/local/settings";
import { matchmakerSettings } from "@switchyard/matchmaker";
import { isSecret, type SettingName, settings } from "@switchyard/runtime";
import { signalingSettings } from "@switchyard/signaling";
import { z } from "zod";
import { secretsSettings } from "../../secrets/src/settings.ts"; // a container's own program, no package for others
import { ownSettings } from "../../sy/src/config.ts"; // the operators' own program
import { code, page, table } from "./markdown.ts";

const intro = `\
# Configuration

Generated from the code by \`pnpm run docs\`; don't edit it here.

All settings are environment variables. An empty variable counts as not set. A process does not start with an invalid
value; it prints a sentence that names the variable. \`npm start\` also reads a file \`.env\` in the repository's root, one
\`NAME=value\` a line; the environment takes precedence over it. A secret can be read from a file: \`<NAME>_FILE\` then
holds the path of that file.

\`npm start\` passes its environment on to the nodes and matchmakers that it runs. It sets \`NODE_NAME\`, \`PORT\` and
\`REDIS_URL\` for each, and each listens on 127.0.0.1: \`PORT\` and \`HOST\` then apply to the reverse proxy. Nodes listen on
\`PORT\` + 1 and the following ports, matchmakers on free ports; \`.run/state.json\` lists them.`;

/** The settings that each process reads. */
const readers: readonly (readonly [process: string, names: readonly SettingName[]])[] = [
  ["node", signalingSettings],
  ["matchmaker", matchmakerSettings],
  ["`npm start`", launcherSettings],
  ["`sy`", ownSettings],
  ["Compose's `secrets`", secretsSettings],
];

/** The unit of a number, by the end of its setting's name. */
const units: readonly (readonly [ending: string, unit: string])[] = [
  ["_MS", "ms"],
  ["_DURATION", "s"],
  ["_BYTES", "bytes"],
  ["_EVENTS", "events"],
];

type Schema = z.core.JSONSchema.BaseSchema;

/** `docs/configuration.md`, from the settings' own schemas and the lists of the processes that read them. */
export function configurationPage(): string {
  const names = Object.keys(settings) as SettingName[];
  return page(intro, table(["variable", "default", "value", "read by", "meaning"], names.map(row)));
}

function row(name: SettingName): string[] {
  const schema = z.toJSONSchema(settings[name], { io: "input" });
  const unit = units.find(([ending]) => name.endsWith(ending))?.[1];
  const file = isSecret(name) ? ` Can be read from a file: ${code(`${name}_FILE`)}.` : "";
  return [code(name), defaultOf(schema, unit), typeOf(schema, unit), readersOf(name), `${schema.description}${file}`];
}

function defaultOf({ default: value }: Schema, unit: string | undefined): string {
  if (value === undefined || value === "") return "";
  return unit === undefined ? code(String(value)) : `${code(String(value))} ${unit}`;
}

function typeOf(schema: Schema, unit = ""): string {
  if (schema.enum) return schema.enum.map((value) => code(String(value))).join(" ");
  if (schema.type !== "integer") return schema.type === "string" ? "text" : String(schema.type);
  const { minimum, maximum } = schema;
  const range = maximum === Number.MAX_SAFE_INTEGER ? `from ${minimum}` : `${minimum} to ${maximum}`;
  return `${range} ${unit}`.trim();
}

function readersOf(name: SettingName): string {
  const processes = readers.filter(([, names]) => names.includes(name)).map(([process]) => process);
  if (processes.length === 0) throw new Error(`no process reads ${name}`);
  return processes.join(", ");
}
