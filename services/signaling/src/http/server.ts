import { MAX_ID_LENGTH, RequestError } from "@switchyard/protocol";
import type { Logger } from "@switchyard/runtime";
import { isOutOfMemory } from "@switchyard/store";
import { type FastifyError, type FastifyInstance, type FastifyReply, fastify } from "fastify";
import { TooManyRequestsError } from "../limits/allowance.ts";
import { busyError } from "../limits/memory-watermark.ts";
import { serveDocumentation } from "./page.ts";
import { answerUnreadable, isProblem, RequestProblem, sendProblem, TRY_AGAIN } from "./problem.ts";
import { addRoutes, type RouteParts } from "./routes.ts";
import { type SecurityParts, secure, sendTooMany } from "./security.ts";

const MAX_BODY_BYTES = 65_536;

/** The node's HTTP server, without Socket.IO. Nothing of a failure but a code reaches the client. */
export function createHttp(parts: RouteParts, security: SecurityParts, logger: Logger): FastifyInstance {
  const http = fastify({
    forceCloseConnections: true,
    bodyLimit: MAX_BODY_BYTES,
    trustProxy: security.limits.trust,
    routerOptions: { maxParamLength: MAX_ID_LENGTH * 3 },
    frameworkErrors: (error, _request, reply) => sendProblem(error, reply),
    clientErrorHandler: answerUnreadable,
  });
  readJsonOnly(http);
  http.setErrorHandler((error: FastifyError, request, reply) => {
    if (error instanceof TooManyRequestsError) return sendTooMany(error, reply, security.metrics);
    if (error instanceof RequestError || isOutOfMemory(error)) return sendBusy(reply);
    if (isProblem(error)) return sendProblem(error, reply);
    logger.error({ err: error, url: request.url }, "a request failed");
    return reply.code(503).send({ error: TRY_AGAIN, code: "server_error" });
  });
  http.setNotFoundHandler((_request, reply) =>
    reply.code(404).send({ error: "There is nothing here.", code: "not_found" }),
  );
  secure(http, security);
  addRoutes(http, parts);
  if (parts.config.NODE_ENV !== "production") serveDocumentation(http);
  return http;
}

/** Answers a request for something new while Redis is almost full: 503 with `Retry-After` in seconds (RFC 9110), and `retryAfterMs`. */
function sendBusy(reply: FastifyReply): FastifyReply {
  const { code, message, retryAfterMs = 0 } = busyError().body;
  reply.code(503).header("retry-after", Math.ceil(retryAfterMs / 1000));
  return reply.send({ error: message, code, retryAfterMs });
}

/** A request without a body is what it is, whatever type it names: many clients name one for every request. */
function readJsonOnly(http: FastifyInstance): void {
  const parseJson = http.getDefaultJsonParser("error", "error");
  http.removeAllContentTypeParsers();
  http.addContentTypeParser("application/json", { parseAs: "string" }, (request, body: string, done) => {
    if (body === "") done(null, undefined);
    else parseJson(request, body, done);
  });
  http.addContentTypeParser("*", { parseAs: "string" }, (_request, body: string, done) => {
    if (body === "") done(null, undefined);
    else done(new RequestProblem(415, "unsupported_media_type", "The body must be JSON (application/json)."));
  });
}
