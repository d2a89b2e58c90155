import { type Claims, TokenError, type TokenErrorCode } from "@switchyard/auth";
import type { Bearer } from "@switchyard/core";
import { type ErrorBody, type RequestError, roomNamed } from "@switchyard/protocol";
import { isOutOfMemory, type SessionRecord } from "@switchyard/store";
import type { Socket } from "socket.io";
import { type DialectRegistry, type DialectRuntime, isOpenedByToken } from "../events/dialect-registry.ts";
import { busyError, type MemoryWatermark } from "../limits/memory-watermark.ts";
import type { AccountTokens } from "./account-tokens.ts";

/** Why a connection is refused for its token. Socket.IO sends it to the client: `connect_error`, with `data`. */
export class AuthenticationError extends Error {
  override readonly name = "AuthenticationError";
  readonly data: { readonly code: TokenErrorCode };

  constructor(code: TokenErrorCode) {
    super("Authentication error");
    this.data = { code };
  }
}

/** A connection is refused for another reason than its token: `connect_error`, with the error as `data`. */
export class RefusedConnectionError extends Error {
  override readonly name = "RefusedConnectionError";
  readonly data: ErrorBody;

  constructor({ body }: RequestError) {
    super(body.message);
    this.data = body;
  }
}

/** The rights that a token gives a connection. */
export interface Credential {
  readonly bearer: Bearer;
  /** Until when, Unix time in seconds; `undefined`: without end. */
  readonly expires: number | undefined;
}

/** The dialect of a new connection, if it is known, and the rights of its token, if it needs one. */
interface AdmissionResult {
  readonly runtime: DialectRuntime | undefined;
  readonly credential: Credential | undefined;
}

interface AdmissionParts {
  readonly mode: "open" | "required";
  readonly tokens: AccountTokens;
  readonly registry: DialectRegistry;
}

/** Decides which clients may connect: a dialect that a token opens always asks for one, and the others where `TOKEN_MODE` is `required`. */
export class Admission {
  readonly #parts: AdmissionParts;

  constructor(parts: AdmissionParts) {
    this.#parts = parts;
  }

  /**
   * A new connection.
   * @throws AuthenticationError
   * @throws KeysUnavailableError
   */
  async admit(socket: Socket): Promise<AdmissionResult> {
    const { mode, registry } = this.#parts;
    if (mode === "open") {
      const runtime = this.#askedFor(socket);
      if (!runtime || !isOpenedByToken(runtime)) return { runtime, credential: undefined };
      return { runtime, credential: await this.#verify(socket, runtime) };
    }
    const requested = registry.requestedBy(socket);
    const credential = await this.#verify(socket, requested);
    return { runtime: requested ?? registry.byName(credential.bearer.dialect ?? ""), credential };
  }

  /**
   * A connection whose session was restored. The dialect, token and room that it names now must be those of that session.
   * @throws AuthenticationError, also for a token that is good, but for somebody or something else
   * @throws KeysUnavailableError
   */
  async readmit(socket: Socket, record: SessionRecord): Promise<Credential | undefined> {
    const { mode, registry } = this.#parts;
    const runtime = registry.byName(record.dialect);
    if (mode === "open" && (this.#askedFor(socket) ?? runtime) !== runtime)
      throw new AuthenticationError("unauthorized");
    if (mode === "open" && !(runtime && isOpenedByToken(runtime))) return undefined;
    const credential = await this.#verify(socket, runtime);
    if (!isFor(credential.bearer, record, runtime)) throw new AuthenticationError("unauthorized");
    return credential;
  }

  /** Where no token is needed: at the root namespace, where the client names no dialect, a token means the one with accounts. */
  #askedFor(socket: Socket): DialectRuntime | undefined {
    const { registry } = this.#parts;
    return registry.requestedBy(socket) ?? (tokenOf(socket) === undefined ? undefined : registry.openedByToken);
  }

  async #verify(socket: Socket, runtime: DialectRuntime | undefined): Promise<Credential> {
    const { registry } = this.#parts;
    const mayBeSpoken = (name: string) =>
      runtime ? runtime.dialect.name === name : registry.byName(name) !== undefined;
    const claims = await this.#claimsOf(socket);
    const { sub: user, username: name, dialect, room, cohort, account, exp: expires } = claims;
    if (dialect !== undefined && !mayBeSpoken(dialect)) throw new AuthenticationError("unauthorized");
    return { bearer: { user, dialect, room, cohort, name, account }, expires };
  }

  async #claimsOf(socket: Socket): Promise<Claims> {
    try {
      return await this.#parts.tokens.verify(tokenOf(socket));
    } catch (error) {
      throw error instanceof TokenError ? new AuthenticationError(error.code) : error;
    }
  }
}

function tokenOf(socket: Socket): unknown {
  return socket.handshake.auth["token"];
}

function isFor({ user, room }: Bearer, { bearer, dialect, seats }: SessionRecord, runtime?: DialectRuntime): boolean {
  if (bearer !== user) return false;
  if (room === undefined || dialect === "" || (runtime && !runtime.context.roomRules)) return true; // no rooms that clients name
  return [...seats].every(([id, { kind }]) => kind !== "member" || id === roomNamed(dialect, room));
}

/**
 * Where Redis is almost full, a connection alone is let in: a client that can't recover comes back by one, and what it opens with says who
 * it is. One that is in its dialect by connecting makes something new; and at the very end there is no room for either.
 * @throws RefusedConnectionError
 */
export function rejectIfBusy(
  runtime: DialectRuntime | undefined,
  memory: Pick<MemoryWatermark, "isFull" | "isOver">,
): void {
  if (memory.isFull || (memory.isOver && runtime?.dialect.connected)) throw new RefusedConnectionError(busyError());
}

/** The error for a client whose session could not be opened: Redis that is full is no failure of its connection. */
export function refusalOf(error: unknown): unknown {
  return isOutOfMemory(error) ? new RefusedConnectionError(busyError()) : error;
}
