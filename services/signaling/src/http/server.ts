import type { Logger } from "@switchyard/runtime";
import { type FastifyError, type FastifyInstance, fastify } from "fastify";
import { addRoutes, type RouteParts } from "./routes.ts";

/** The node's HTTP server, without Socket.IO. Nothing of a failure but a code reaches the client. */
export function createHttp(parts: RouteParts, logger: Logger): FastifyInstance {
  const http = fastify({ forceCloseConnections: true, bodyLimit: 65_536 });
  http.setErrorHandler((error: FastifyError, request, reply) => {
    const status = error.statusCode ?? 500;
    if (status < 500) return reply.code(status).send({ error: error.message, code: "validation" });
    logger.error({ err: error, url: request.url }, "a request failed");
    return reply.code(503).send({ error: "The server can't do that right now; try again.", code: "server_error" });
  });
  http.setNotFoundHandler((_request, reply) =>
    reply.code(404).send({ error: "There is nothing here.", code: "not_found" }),
  );
  addRoutes(http, parts);
  return http;
}
