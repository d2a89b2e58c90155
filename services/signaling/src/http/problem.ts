import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import type { FastifyError, FastifyReply } from "fastify";

/** Asks a client to come again. */
export const TRY_AGAIN = "The server can't do that right now; try again.";

/** A request that is refused: `{ error, code }` with that status: of 4xx, or 503 where it is to be sent again (RFC 9110). */
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

/** Whether a request is refused, rather than failed. */
export function isProblem(error: FastifyError): boolean {
  if (error instanceof RequestProblem) return true;
  return error.statusCode !== undefined && error.statusCode < 500;
}

/**
 * Answers with `{ error, code }`. Fastify would close the connection after a body that is too large; a connection that is
 * closed while a body arrives is reset (RFC 9112, 9.6), and a proxy that is still sending reports 502 instead of the
 * answer. So the connection stays, and the rest of the body is dropped, as that of any refused request.
 */
export function sendProblem(error: FastifyError, reply: FastifyReply): FastifyReply {
  const status = error.statusCode ?? 400;
  if (status === 413) reply.removeHeader("connection");
  const code = error instanceof RequestProblem ? error.code : (codes[status] ?? "validation");
  return reply.code(status).send({ error: error.message, code });
}

/** The errors of Node.js about a request that it can't read, and the status for each; for anything else 400. */
const unreadable: Readonly<Record<string, readonly [status: number, code: string, error: string]>> = {
  HPE_HEADER_OVERFLOW: [431, "headers_too_large", "The request's headers are too large."],
  ERR_HTTP_REQUEST_TIMEOUT: [408, "request_timeout", "The request did not come in time."],
};

/** Answers what is no HTTP request, and ends the connection (RFC 9112, 9.6). */
export function answerUnreadable({ code: reason = "" }: { readonly code?: string }, socket: Socket): void {
  if (!socket.writable || reason === "ECONNRESET") return void socket.destroy();
  const [status, code, error] = unreadable[reason] ?? [400, "bad_request", "This is not a request that can be read."];
  const body = JSON.stringify({ error, code });
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    "Content-Type: application/json; charset=utf-8",
    `Content-Length: ${Buffer.byteLength(body)}`,
    "Connection: close",
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`, () => socket.destroy());
}
