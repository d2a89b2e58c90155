import { createHash, timingSafeEqual } from "node:crypto";
import cors from "@fastify/cors";
import helmet from "@fastify/helmet";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { TooManyRequestsError } from "../limits/allowance.ts";
import { addressGroup } from "../limits/client-address.ts";
import type { Limits } from "../limits/limits.ts";
import { corsOptions, type Origins } from "../socket/origins.ts";
import type { Metrics } from "../telemetry/metrics.ts";
import { RequestProblem } from "./problem.ts";

export interface SecurityParts {
  readonly origins: Origins;
  readonly limits: Pick<Limits, "trust" | "takeRequest">;
  readonly metrics: Metrics;
  /** Of back ends: their events have an allowance of their own. */
  readonly adminToken: string | undefined;
}

/** The rights of the page (Content Security Policy Level 3): it loads only its own files, and video of its own making. */
const pagePolicy = {
  "default-src": ["'self'"],
  "base-uri": ["'self'"],
  "connect-src": ["'self'"], // WebSockets to the same host are meant too
  "font-src": ["'self'"],
  "form-action": ["'self'"],
  "frame-ancestors": ["'self'"],
  "img-src": ["'self'", "data:", "blob:"],
  "media-src": ["'self'", "blob:", "mediastream:"],
  "object-src": ["'none'"],
  "script-src": ["'self'"],
  "script-src-attr": ["'none'"],
  "style-src": ["'self'"],
};

/** The browsable specification styles itself in its HTML. */
const docsPolicy = "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; object-src 'none'";

/** Headers for browsers, the origins whose pages may read answers, and a limit on requests to `/api`, for all routes. */
export function secure(http: FastifyInstance, { origins, limits, adminToken }: SecurityParts): void {
  http.register(cors, {
    ...corsOptions(origins),
    exposedHeaders: ["retry-after"],
    strictPreflight: false, // an OPTIONS that no browser sent would be refused as bare text
  });
  http.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: pagePolicy },
    strictTransportSecurity: false, // the proxy that ends TLS before the nodes knows whether it is there to stay
  });
  http.addHook("onRequest", async (request, reply) => {
    if (request.socket.remoteAddress === undefined) {
      reply.hijack(); // the connection was reset: nobody is there to be limited, or answered
      request.socket.destroy();
      return;
    }
    const route = request.routeOptions.url ?? "";
    if (route.startsWith("/docs")) reply.header("content-security-policy", docsPolicy);
    if (!route.startsWith("/api/")) return;
    if (route === "/api/events" && adminToken !== undefined && bears(request, adminToken)) return;
    const waitMs = await limits.takeRequest(addressGroup(request.ip));
    if (waitMs > 0) throw new TooManyRequestsError("http", waitMs);
  });
}

/** Answers a request that is over a limit: 429, `Retry-After` in seconds (RFC 9110), and `retryAfterMs`. */
export function sendTooMany(error: TooManyRequestsError, reply: FastifyReply, metrics: Metrics): FastifyReply {
  const { limit, retryAfterMs, message } = error;
  metrics.limitsHit.inc({ limit });
  reply.code(429).header("retry-after", Math.ceil(retryAfterMs / 1000));
  return reply.send({ error: message, code: "rate_limited", retryAfterMs });
}

/**
 * Makes sure that the request bears the operators' token (`Authorization: Bearer`, RFC 6750).
 * @throws RequestProblem 401 `unauthorized`
 */
export function requireAdmin(request: FastifyRequest, reply: FastifyReply, adminToken: string): void {
  if (!bears(request, adminToken)) rejectStranger(reply);
}

/** The operators' tokens; a right whose token is not set nobody has. */
export interface OperatorTokens {
  readonly admin: string | undefined;
  /** For reading only. */
  readonly observer: string | undefined;
}

/**
 * Makes sure that the request bears a token that is good for what it asks for.
 * @throws RequestProblem 401 `unauthorized`; 403 `forbidden` for a token that is good for reading only
 */
export function requireOperator(
  request: FastifyRequest,
  reply: FastifyReply,
  { admin, observer }: OperatorTokens,
  right: "read" | "write",
): void {
  if (admin !== undefined && bears(request, admin)) return;
  const observes = observer !== undefined && bears(request, observer);
  if (observes && right === "write") throw new RequestProblem(403, "forbidden", "This token is for reading only.");
  if (!observes) rejectStranger(reply);
}

function bears(request: FastifyRequest, expected: string): boolean {
  return timingSafeEqual(digest(bearerTokenOf(request) ?? ""), digest(expected));
}

/** @throws RequestProblem 401 `unauthorized` */
function rejectStranger(reply: FastifyReply): never {
  reply.header("www-authenticate", "Bearer");
  throw new RequestProblem(401, "unauthorized", "This needs the operators' token.");
}

/** The token of `Authorization: Bearer` (RFC 6750), if there is one. */
export function bearerTokenOf({ headers }: FastifyRequest): string | undefined {
  return /^Bearer +(\S+) *$/i.exec(headers.authorization ?? "")?.[1];
}

/** Of one length, so that comparing takes one time. */
function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
