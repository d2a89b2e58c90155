import { withTrace } from "@switchyard/core";
import type { Logger } from "@switchyard/runtime";
import type { Socket } from "socket.io";
import type { Speech } from "../events/speech.ts";
import type { LocalSession } from "../sessions/local-session.ts";
import { newRecoveryId } from "../sessions/recovery-id.ts";
import type { Resumption } from "../sessions/resumption.ts";
import type { SessionHost } from "../sessions/session-host.ts";
import type { Metrics } from "../telemetry/metrics.ts";
import type { Trail } from "../telemetry/trail.ts";
import { type Admission, AuthenticationError, type Credential } from "./auth.ts";

export interface AdmittingParts {
  readonly host: SessionHost;
  readonly admission: Admission;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly trail: Trail;
}

/** What a socket carries between the middleware and its connection. */
export interface Carried {
  session?: LocalSession;
  credential?: Credential | undefined;
  resumption?: Resumption;
  /** Why a session could not be looked for. */
  failure?: unknown;
}

/** The middleware: has a session ready, and its channel subscribed, before the client is told that it is connected. */
export async function admit(socket: Socket, next: (error?: Error) => void, parts: AdmittingParts): Promise<void> {
  const { resumption, failure } = socket.data as Carried;
  try {
    if (resumption) await comeBack(socket, resumption, parts);
    else if (failure !== undefined) throw noteFailure(failure, parts);
    else await enter(socket, parts);
  } catch (error) {
    if (!(error instanceof AuthenticationError)) return turnAway(socket, parts, error);
    parts.metrics.connectionsRefused.inc({ code: error.data.code });
    return next(error);
  }
  next();
}

/** A session could not be looked for: its client comes again, and may have it then. */
function noteFailure(failure: unknown, { metrics }: AdmittingParts): unknown {
  metrics.resumes.inc({ outcome: "failed" });
  return failure;
}

async function comeBack(socket: Socket, resumption: Resumption, parts: AdmittingParts): Promise<void> {
  const { host, admission, metrics } = parts;
  const carried = socket.data as Carried;
  const { session } = resumption;
  carried.session = session;
  try {
    carried.credential = await admission.comeBack(socket, resumption.restored.record);
  } catch (error) {
    metrics.resumes.inc({ outcome: error instanceof AuthenticationError ? error.data.code : "failed" });
    await host.part(session, "drop", resumption.restored.deadline); // it is where it was
    throw error;
  }
  session.participant.bearer = carried.credential?.bearer;
  const isOpen = socket.conn.readyState === "open";
  metrics.resumes.inc({ outcome: isOpen ? "resumed" : "closed" });
  if (!isOpen) return host.part(session, "drop");
  metrics.missedEvents.observe(resumption.restored.missed.length);
}

async function enter(socket: Socket, parts: AdmittingParts): Promise<void> {
  const { host, admission, metrics } = parts;
  const carried = socket.data as Carried;
  const askAgain = refuseTwice(socket);
  const { speech, credential } = await admission.enter(socket).catch((error: unknown) => {
    askAgain();
    throw error;
  });
  const recovery = newRecoveryId(socket.id, socket.nsp.name);
  (socket as unknown as { pid: string }).pid = recovery.text; // what Socket.IO sends to the client as its private id
  const session = await host.open(speech?.dialect.name ?? "", recovery, credential?.bearer);
  carried.session = session;
  carried.credential = credential;
  metrics.sessionsOpened.inc({ dialect: speech?.dialect.name ?? "none" });
  if (speech) await attend(parts, session, speech);
  if (socket.conn.readyState !== "open") await host.part(session, "end");
}

/** Who is there by its token is there, for everyone, before its client is told that it is connected. */
async function attend(
  { host, trail }: AdmittingParts,
  session: LocalSession,
  { dialect, context }: Speech,
): Promise<void> {
  try {
    await dialect.connected?.(withTrace(trail.begin(), context), session.participant);
  } catch (error) {
    await host.part(session, "end").catch(() => {}); // Redis is away: the node disowns it later
    throw error;
  }
}

/**
 * A raw client can ask for one namespace twice before the first is answered; Socket.IO would then mix the two up.
 * @returns to be called when the client is refused: it may ask again on the same connection, with a better token
 */
function refuseTwice(socket: Socket): () => void {
  const asked = socket.conn as { namespaces?: readonly string[] };
  const { name } = socket.nsp;
  if (asked.namespaces?.includes(name)) throw new Error("the namespace was asked for twice");
  asked.namespaces = [...(asked.namespaces ?? []), name];
  const askAgain = () => {
    asked.namespaces = asked.namespaces?.filter((other) => other !== name) ?? [];
  };
  socket.on("disconnect", askAgain); // who has left it may come back on the same connection
  return askAgain;
}

/** Redis is away, or the client is not one of ours: the transport closes, so that a stock client tries again by itself. */
export function turnAway(socket: Socket, { logger }: Pick<AdmittingParts, "logger">, error: unknown): void {
  logger.warn({ err: error, session: socket.id }, "a connection could not be opened");
  socket.conn.close(true);
}
