import { api } from "@switchyard/signaling";
import type { Definitions } from "../json-schema.ts";
import { versionOf } from "../repository.ts";
import { operationOf } from "./operation.ts";

const description = `\
The HTTP interface of signaling nodes. All bodies are JSON; an error is \`{ error, code }\` with the matching status.
Every node returns counts of the whole cluster. Generated from the code by \`pnpm run docs\`. The events of Socket.IO are
in \`asyncapi.yaml\`.`;

const tags = [
  { name: "accounts", description: "Accounts of the dialect `chat`." },
  { name: "calls", description: "Servers and rooms for calls between clients." },
  { name: "operation", description: "State and figures for operators and their tools." },
  { name: "moderation", description: "Bans, reports, and the audit log of operators." },
];

/** `docs/openapi.json`: the HTTP surface (OpenAPI 3.1), from the schemas of the routes. */
export function openapiDocument(): string {
  const schemas: Definitions = {};
  const paths: Record<string, Record<string, object>> = {};
  for (const route of api) {
    paths[route.path] = { ...paths[route.path], [route.method]: operationOf(route, schemas) };
  }
  const document = {
    openapi: "3.1.0",
    info: {
      title: "Switchyard",
      version: versionOf("package.json"),
      description,
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: "/" }],
    tags,
    paths,
    components: {
      schemas,
      securitySchemes: {
        admin: { type: "http", scheme: "bearer", description: "`ADMIN_TOKEN`." },
        user: { type: "http", scheme: "bearer", description: "A user's token, as for Socket.IO." },
        observer: { type: "http", scheme: "bearer", description: "`OBSERVER_TOKEN`." },
      },
    },
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}
