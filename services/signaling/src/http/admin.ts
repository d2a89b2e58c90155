import { createHash, timingSafeEqual } from "node:crypto";
import type { FastifyReply, FastifyRequest } from "fastify";
import { RequestProblem } from "./problem.ts";

/**
 * Makes sure that the request bears the operators' token (`Authorization: Bearer`, RFC 6750).
 * @throws RequestProblem 401 `unauthorized`
 */
export function requireAdmin(request: FastifyRequest, reply: FastifyReply, adminToken: string): void {
  const [, token = ""] = /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? "") ?? [];
  if (timingSafeEqual(digest(token), digest(adminToken))) return;
  reply.header("www-authenticate", "Bearer");
  throw new RequestProblem(401, "unauthorized", "This needs the operators' token.");
}

/** Of one length, so that comparing takes one time. */
function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
