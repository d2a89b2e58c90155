import { createHash, randomBytes } from "node:crypto";
import type { SessionId } from "@switchyard/protocol";

/**
 * The private id that a client shows to get its session back (`pid` of Socket.IO's connection state recovery). It names the session,
 * so no index is needed, and proves the right to it. Redis keeps only a hash, bound to the namespace.
 */
export interface RecoveryId {
  readonly session: SessionId;
  /** The hash that Redis keeps. */
  readonly hash: string;
}

/** A new one; `text` is what the client gets. */
export function newRecoveryId(session: SessionId, namespace: string): RecoveryId & { readonly text: string } {
  const secret = randomBytes(16).toString("base64url");
  return { session, hash: hashOf(namespace, secret), text: `${session}.${secret}` };
}

/** The id that a client showed; `undefined` if it can't be one of ours. */
export function readRecoveryId(text: string, namespace: string): RecoveryId | undefined {
  const [, session, secret] = /^([\w-]{1,64})\.([\w-]{22})$/.exec(text) ?? [];
  if (session === undefined || secret === undefined) return undefined;
  return { session, hash: hashOf(namespace, secret) };
}

function hashOf(namespace: string, secret: string): string {
  return createHash("sha256").update(`${namespace}\n${secret}`).digest("base64url");
}

/**
 * Up to where a client has received: the number of its session's last event, and, where it follows its dialect's feed, the last entry of
 * that. Clients keep it as the last argument of the last event and show it to recover.
 */
export interface RecoveryOffset {
  readonly number: number;
  readonly feedOffset: string | undefined;
}

/** No session has so many events; Lua writes such numbers as they are. */
const MOST_EVENTS = 1e12;

/**
 * The number of the offset that a client shows which starts anew; 0 for none. It is that of its former session: stock clients keep it
 * until the first event of the new one.
 * @see https://github.com/socketio/socket.io/blob/socket.io-client%404.8.1/packages/socket.io-client/lib/socket.ts (`_lastOffset`)
 */
export function formerNumberOf(offset: unknown): number {
  const number = typeof offset === "string" ? readRecoveryOffset(offset)?.number : undefined;
  return number !== undefined && number < MOST_EVENTS ? number : 0;
}

/** Reads `<number>` or `<number>~<entry>`; `undefined` if it can't be one of ours. */
export function readRecoveryOffset(text: string): RecoveryOffset | undefined {
  const [, number, feedOffset] = /^(\d{1,15})(?:~(\d{1,15}-\d{1,15}))?$/.exec(text) ?? [];
  return number === undefined ? undefined : { number: Number(number), feedOffset };
}
