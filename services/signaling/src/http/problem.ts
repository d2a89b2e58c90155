import type { FastifyError, FastifyReply } from "fastify";

/** A request that is refused: `{ error, code }` with a status of 4xx (RFC 9110). */
export class RequestProblem extends Error {
  override readonly name = "RequestProblem";
  readonly statusCode: number;
  readonly code: string;

  /** @param message a sentence for the client */
  constructor(statusCode: number, code: string, message: string) {
    super(message);
    this.statusCode = statusCode;
    this.code = code;
  }
}

/** The codes of requests that fastify itself refuses. */
const codes: Readonly<Record<number, string>> = { 413: "payload_too_large", 415: "unsupported_media_type" };

/** Whether an error says that the request is wrong, and not that the server can't do it. */
export function isProblem(error: FastifyError): boolean {
  return error.statusCode !== undefined && error.statusCode < 500;
}

export function sayProblem(error: FastifyError, reply: FastifyReply): FastifyReply {
  const status = error.statusCode ?? 400;
  const code = error instanceof RequestProblem ? error.code : (codes[status] ?? "validation");
  return reply.code(status).send({ error: error.message, code });
}
