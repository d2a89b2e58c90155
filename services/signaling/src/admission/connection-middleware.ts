import { randomUUID } from "node:crypto";
import { type BanSubject, banError, type Charge, withTrace } from "@switchyard/core";
import type { Logger } from "@switchyard/runtime";
import type { Socket } from "socket.io";
import type { DialectRuntime } from "../events/dialect-registry.ts";
import { TooManyRequestsError } from "../limits/allowance.ts";
import type { Limits } from "../limits/limits.ts";
import type { MemoryWatermark } from "../limits/memory-watermark.ts";
import { networkOfConnection } from "../moderation/connection-network.ts";
import { type NodeBans, subjectOf } from "../moderation/node-bans.ts";
import type { LocalSession } from "../sessions/local-session.ts";
import { formerNumberOf, newRecoveryId } from "../sessions/recovery-credentials.ts";
import type { SessionHost } from "../sessions/session-host.ts";
import type { Resumption } from "../sessions/session-host-parts.ts";
import type { EventTracing } from "../telemetry/event-tracing.ts";
import type { Metrics } from "../telemetry/metrics.ts";
import {
  type Admission,
  AuthenticationError,
  type Credential,
  RefusedConnectionError,
  refusalOf,
  rejectIfBusy,
} from "./admission.ts";
import { wantsRecovery } from "./recovery-choice.ts";

export interface MiddlewareParts {
  readonly host: SessionHost;
  readonly admission: Admission;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly tracing: EventTracing;
  readonly bans: NodeBans;
  readonly memory: MemoryWatermark;
  readonly limits: Pick<Limits, "connects" | "charge">;
}

/** The data that a socket carries between the middleware and its connection. */
export interface SocketData {
  session?: LocalSession;
  credential?: Credential | undefined;
  resumption?: Resumption;
  /** Whether its client is sent what it needs to recover. */
  recovers?: boolean;
  /** Why a session could not be looked for. */
  failure?: unknown;
}

/** The middleware: has a session ready, and its channel subscribed, before the client learns that it is connected. */
export async function admitSocket(
  socket: Socket,
  next: (error?: Error) => void,
  parts: MiddlewareParts,
): Promise<void> {
  const data = socket.data as SocketData;
  const { resumption, failure } = data;
  data.recovers = wantsRecovery(socket);
  try {
    if (resumption) await resumeSession(socket, resumption, parts);
    else if (failure !== undefined) throw countFailure(failure, parts);
    else await openSession(socket, parts);
  } catch (error) {
    if (error instanceof TooManyRequestsError) {
      parts.metrics.limitsHit.inc({ limit: error.limit });
      return socket.conn.close(true); // its client tries again by itself, and later each time, as after any drop
    }
    const isRefused = error instanceof AuthenticationError || error instanceof RefusedConnectionError;
    if (!isRefused) return rejectConnection(socket, parts, error);
    parts.metrics.connectionsRefused.inc({ code: error.data.code });
    return next(error);
  }
  next();
}

/** A session could not be looked for: its client comes again, and may have it then. */
function countFailure(failure: unknown, { metrics }: MiddlewareParts): unknown {
  metrics.resumes.inc({ outcome: "failed" });
  return failure;
}

async function resumeSession(socket: Socket, resumption: Resumption, parts: MiddlewareParts): Promise<void> {
  const { host, admission, metrics } = parts;
  const data = socket.data as SocketData;
  const { session } = resumption;
  try {
    data.credential = await admission.readmit(socket, resumption.restored.record);
  } catch (error) {
    metrics.resumes.inc({ outcome: error instanceof AuthenticationError ? error.data.code : "failed" });
    await host.disconnect(session, "drop", resumption.restored.deadline); // it is where it was
    if (!(error instanceof AuthenticationError)) throw error;
    becomeNew(socket);
    return openSession(socket, parts);
  }
  data.session = session;
  const network = networkOfConnection(socket.conn);
  Object.assign(session.participant, { bearer: data.credential?.bearer, network, guard: parts.bans.guard });
  await rejectBannedSession(session, parts);
  const isOpen = socket.conn.readyState === "open";
  metrics.resumes.inc({ outcome: isOpen ? "resumed" : "closed" });
  if (!isOpen) return host.disconnect(session, "drop");
  metrics.missedEvents.observe(resumption.restored.missed.length);
}

/** It has been taken over, and nobody comes back to it: it ends now, which the others hear at once. */
async function rejectBannedSession(session: LocalSession, parts: MiddlewareParts): Promise<void> {
  try {
    rejectBanned(subjectOf(session.participant), parts);
  } catch (error) {
    parts.metrics.resumes.inc({ outcome: "banned" });
    await parts.host.disconnect(session, "end");
    throw error;
  }
}

/** @throws RefusedConnectionError */
function rejectBanned(who: BanSubject, { bans }: MiddlewareParts): void {
  const ban = bans.find(who);
  if (ban) throw new RefusedConnectionError(banError(ban));
}

/**
 * A client that was somebody else a moment ago shows the recovery id of then with a token of now: it is refused only if
 * it would be without the recovery id. Socket.IO has filed the socket under the session's id, by which it is removed.
 */
function becomeNew(socket: Socket): void {
  socket.nsp._remove(socket);
  socket.data = { recovers: wantsRecovery(socket) } satisfies SocketData;
  Object.assign(socket, { id: randomUUID(), recovered: false });
}

async function openSession(socket: Socket, parts: MiddlewareParts): Promise<void> {
  const { host, admission, metrics } = parts;
  const [data, askAgain] = [socket.data as SocketData, rejectDuplicate(socket)];
  const network = networkOfConnection(socket.conn);
  const admitted = admission.admit(socket).then(async (result) => {
    const dialect = result.runtime?.dialect.name ?? "";
    const user = result.credential?.bearer.user;
    rejectBanned({ dialect, users: [user], network }, parts);
    rejectIfBusy(result.runtime, parts.memory);
    if (user !== undefined) await parts.limits.connects.takeSession(user);
    return result;
  });
  const { runtime, credential } = await admitted.catch((error: unknown) => {
    askAgain();
    throw error;
  });
  const recovery = newRecoveryId(socket.id, socket.nsp.name);
  // what Socket.IO sends to the client as its private id
  (socket as unknown as { pid: string | undefined }).pid = data.recovers ? recovery.text : undefined;
  const { echo, offset } = socket.handshake.auth as { readonly echo?: unknown; readonly offset?: unknown };
  const choices = { echoes: echo === true, recoversByUser: !data.recovers, lastNumber: formerNumberOf(offset) };
  const opened = host.open(runtime?.dialect.name ?? "", recovery, { bearer: credential?.bearer, network }, choices);
  const session = await opened.catch((error: unknown) => {
    askAgain();
    throw refusalOf(error);
  });
  session.participant.guard = parts.bans.guard;
  data.session = session;
  data.credential = credential;
  metrics.sessionsOpened.inc({ dialect: runtime?.dialect.name ?? "none" });
  if (runtime) await runConnectedHook(parts, session, runtime, (bytes) => parts.limits.charge(socket.conn, bytes));
  if (socket.conn.readyState !== "open") await host.disconnect(session, "end");
}

/** A user who is online by a token is online for everyone before the client learns that it is connected. */
async function runConnectedHook(
  { host, tracing }: MiddlewareParts,
  session: LocalSession,
  { dialect, context }: DialectRuntime,
  charge: Charge,
) {
  try {
    await dialect.connected?.(withTrace(tracing.begin(), context, charge), session.participant);
  } catch (error) {
    await host.disconnect(session, "end").catch(() => {}); // Redis is away: the node disowns it later
    throw refusalOf(error);
  }
}

/**
 * A raw client can ask for one namespace twice before the first is answered; Socket.IO would then mix the two up.
 * @returns to be called when the client is refused: it may ask again on the same connection, with a better token
 */
function rejectDuplicate(socket: Socket): () => void {
  const asked = socket.conn as { namespaces?: readonly string[] };
  const { name } = socket.nsp;
  if (asked.namespaces?.includes(name)) throw new Error("the namespace was asked for twice");
  asked.namespaces = [...(asked.namespaces ?? []), name];
  const askAgain = () => {
    asked.namespaces = asked.namespaces?.filter((other) => other !== name) ?? [];
  };
  socket.on("disconnect", askAgain); // a session that has left may come back on the same connection
  return askAgain;
}

/** Redis is away, or the client is not one of ours: the transport closes, so that a stock client tries again by itself. */
export function rejectConnection(socket: Socket, { logger }: Pick<MiddlewareParts, "logger">, error: unknown): void {
  logger.warn({ err: error, session: socket.id }, "a connection could not be opened");
  socket.conn.close(true);
}
