import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fastifyStatic from "@fastify/static";
import swagger from "@fastify/swagger";
import swaggerUi from "@fastify/swagger-ui";
import type { FastifyInstance, FastifyRequest } from "fastify";

/** Where the built page is; a node without it answers with the status only. */
const pageDirectory = fileURLToPath(new URL("../../../web/dist/", import.meta.url));

/** `GET /`: the page for browsers, the status as JSON for everyone else. */
export function pageOrStatus(http: FastifyInstance, status: (request: FastifyRequest) => Promise<object>): void {
  const hasPage = existsSync(pageDirectory);
  if (hasPage) {
    http.register(fastifyStatic, {
      root: pageDirectory,
      index: false,
      wildcard: false, // only the files that there are; index.html, which changes, is not one to be kept
      globIgnore: ["index.html"],
      immutable: true,
      maxAge: "30d",
    });
  }
  http.get("/", async (request, reply) => {
    const wantsPage = hasPage && (request.headers.accept ?? "").includes("text/html");
    reply.header("vary", "accept").header("cache-control", "no-cache");
    return wantsPage ? reply.sendFile("index.html", { cacheControl: false }) : status(request);
  });
}

/** The generated specification; a node that runs without the repository's pages has none to show. */
const specification = fileURLToPath(new URL("../../../../docs/openapi.json", import.meta.url));

/** `GET /docs`: the specification of the HTTP surface to read and try; `/docs/json` is the document itself (OpenAPI 3.1). */
export function serveDocumentation(http: FastifyInstance): void {
  if (!existsSync(specification)) return;
  http.register(swagger, { mode: "static", specification: { path: specification, baseDir: "" } });
  http.register(swaggerUi, { routePrefix: "/docs", uiConfig: { docExpansion: "list" } });
}
