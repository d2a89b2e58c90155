import { dialects } from "@switchyard/dialects";
import { stringify } from "yaml";
import type { Definitions } from "../json-schema.ts";
import { versionOf } from "../repository.ts";
import { answers, errors } from "./acknowledgement.ts";
import { channelOf, operationsOf } from "./channel.ts";
import { rootNamespace, rootQuery, rules } from "./prose.ts";

/** `docs/asyncapi.yaml`: all events of all dialects (AsyncAPI 3.1), from the schemas that check them. */
export function asyncapiDocument(): string {
  const definitions: Definitions = { ...answers };
  const channels = dialects.map((dialect) => [dialect.name, channelOf(dialect, definitions)] as const);
  const document = {
    asyncapi: "3.1.0",
    info: { title: "Switchyard", version: versionOf("package.json"), description: rules, license: { name: "MIT" } },
    defaultContentType: "application/json",
    servers: { cluster },
    channels: { root: rootChannel, ...Object.fromEntries(channels) },
    operations: Object.assign({}, ...dialects.map(operationsOf)),
    components: { schemas: sorted(definitions) },
    "x-errors": errors,
  };
  const text = stringify(document, { aliasDuplicateObjects: false, lineWidth: 0 });
  return `# Generated from the code by \`pnpm run docs\`; don't edit it here.\n${text}`;
}

const cluster = {
  host: "{host}",
  pathname: "/socket.io/",
  protocol: "ws",
  description: "Any node, or the reverse proxy before the nodes. Engine.IO 4, by WebSocket or polling.",
  variables: { host: { default: "localhost:3000" } },
};

const rootChannel = {
  address: "/",
  title: "root",
  summary: "All dialects",
  description: rootNamespace,
  bindings: { ws: { query: rootQuery } },
};

function sorted(definitions: Definitions): Definitions {
  return Object.fromEntries(Object.entries(definitions).toSorted(([one], [other]) => (one < other ? -1 : 1)));
}
