import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import swagger from "@fastify/swagger";
import swaggerUi from "@fastify/swagger-ui";
import type { FastifyInstance } from "fastify";

/** The generated specification; a node that runs without the repository's pages has none to show. */
const specification = fileURLToPath(new URL("../../../../docs/openapi.json", import.meta.url));

/** `GET /docs`: the specification of the HTTP surface to read and try; `/docs/json` is the document itself (OpenAPI 3.1). */
export function serveDocumentation(http: FastifyInstance): void {
  if (!existsSync(specification)) return;
  http.register(swagger, { mode: "static", specification: { path: specification, baseDir: "" } });
  http.register(swaggerUi, { routePrefix: "/docs", uiConfig: { docExpansion: "list" } });
}
