import type { Server as HttpServer } from "node:http";
import { dialects } from "@switchyard/dialects";
import { RefusedError } from "@switchyard/protocol";
import type { Logger } from "@switchyard/runtime";
import { Server, type Socket } from "socket.io";
import { Encoder } from "socket.io-parser";
import { recoveryAdapter } from "./adapter.ts";
import { admit, type Carried, turnAway } from "./admitting.ts";
import { type Admission, mayOpen } from "./auth.ts";
import { bind } from "./bind.ts";
import { allowedOrigins, type SignalingConfig } from "./config.ts";
import { Connection } from "./connection.ts";
import { limitedDecoder } from "./decoder.ts";
import { Handshakes } from "./handshakes.ts";
import type { Limits } from "./limits/limits.ts";
import { Subject } from "./limits/subject.ts";
import type { Lobby } from "./lobby.ts";
import type { LocalSession } from "./local-session.ts";
import type { Metrics } from "./metrics.ts";
import { corsOptions } from "./origins.ts";
import { refusalPacket } from "./refusal-packet.ts";
import type { SessionHost } from "./session-host.ts";
import type { Speech, Speeches } from "./speech.ts";
import { announceSid } from "./sticky.ts";
import type { TokenExpiry } from "./token-expiry.ts";
import type { Trail } from "./trail.ts";
import { countTransportRefusals } from "./transport-refusals.ts";

/** How much larger than an event a transport message may be before the connection itself is closed. */
const TRANSPORT_MARGIN = 4;

export interface GatewayParts {
  readonly config: SignalingConfig;
  readonly host: SessionHost;
  readonly lobby: Lobby;
  readonly speeches: Speeches;
  readonly admission: Admission;
  readonly expiry: TokenExpiry<LocalSession>;
  readonly limits: Limits;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly trail: Trail;
}

/** Socket.IO on an HTTP server: one namespace for each dialect, and the root namespace for all. */
export function openGateway(server: HttpServer, parts: GatewayParts): Server {
  const { config, host, limits, metrics } = parts;
  const origins = allowedOrigins(config);
  const handshakes = new Handshakes({ origins, trust: limits.trust, connections: limits.connections, metrics });
  const io = new Server(server, {
    cors: corsOptions(origins),
    allowRequest: handshakes.allow,
    serveClient: false,
    pingInterval: config.PING_INTERVAL_MS,
    pingTimeout: config.PING_TIMEOUT_MS,
    maxHttpBufferSize: config.MAX_EVENT_BYTES * TRANSPORT_MARGIN,
    connectionStateRecovery: { maxDisconnectionDuration: config.RECONNECT_GRACE_MS, skipMiddlewares: false },
    adapter: recoveryAdapter(host, metrics),
    parser: { Encoder, Decoder: limitedDecoder(config.MAX_EVENT_BYTES) },
  });
  handshakes.watch(io.engine);
  announceSid(io.engine);
  countTransportRefusals(io.engine, metrics);
  for (const namespace of ["/", ...dialects.map(({ name }) => `/${name}`)]) {
    const nsp = io.of(namespace);
    nsp.use((socket, next) => void admit(socket, next, parts));
    nsp.on("connection", (socket) => welcome(socket, parts));
  }
  return io;
}

/** Attaches all handlers at once: what a client sends right after connecting would be lost otherwise. */
function welcome(socket: Socket, parts: GatewayParts): void {
  const { session, resumption, credential } = socket.data as Carried;
  if (!session) return turnAway(socket, parts, new Error("no session"));
  const { host, lobby, logger } = parts;
  // what was asked for has been read; the request and its headers would stay as long as the connection
  (socket.conn as { request: unknown }).request = null;
  (socket as { handshake: unknown }).handshake = null;
  bind(socket, {
    ...{ session, trail: parts.trail, metrics: parts.metrics },
    ...{ limits: parts.limits, subject: new Subject(session.participant) },
    known: () => parts.speeches.named(session.participant.dialect),
    openedBy: (event) => openedBy(event, session, parts),
  });
  socket.on("disconnect", (reason) => {
    const forGood = session.leaving || reason === "client namespace disconnect";
    session.leaving = forGood;
    parts.expiry.forget(session);
    session.turnstile.pass(async () => {
      try {
        await host.drop(session, forGood);
        lobby.leave(session, forGood);
      } catch (error) {
        // thousands at once when Redis is away, which the lease says each second
        logger.debug({ err: error, session: socket.id }, "a session could not be let go; its node disowns it later");
      }
    });
  });
  session.turnstile.pass(async () => {
    try {
      const speech = parts.speeches.named(session.participant.dialect);
      if (resumption) await host.finishResumption(resumption);
      if (speech) await (resumption ? lobby.greet(session, speech.dialect) : lobby.enter(session, speech.dialect));
    } catch (error) {
      logger.error({ err: error, session: socket.id }, "a session could not be set up; its client comes back");
      socket.conn.close(true);
    }
  });
  const limits = { maxWaiting: parts.config.SEND_BUFFER_BYTES, onOverflow: () => overflown(session, parts) };
  session.goOn(new Connection(socket.conn, socket.nsp.name, limits), resumption?.restored.missed ?? []);
  if (credential?.expires !== undefined) {
    parts.expiry.watch(session, credential.expires, () => expire(socket, session, parts));
  }
}

/** Its client does not read what it is sent; it comes back by itself, and is given what it missed. */
function overflown({ participant: { session, dialect } }: LocalSession, { logger, metrics }: GatewayParts): void {
  metrics.overflows.inc();
  logger.info({ session, dialect }, "a connection was closed: its client does not read");
}

/** The token's time is over: the client is told, and its session ends for good. */
function expire(socket: Socket, session: LocalSession, { speeches }: GatewayParts): void {
  session.leaving = true;
  const { refusal } = new RefusedError("unauthorized", "Your token has expired.");
  session.connection?.send(refusalPacket(speeches.named(session.participant.dialect), refusal));
  socket.disconnect();
}

/** At the root namespace the first event may tell what a connection speaks. */
async function openedBy(
  event: string,
  session: LocalSession,
  { speeches, lobby, host }: GatewayParts,
): Promise<Speech | undefined> {
  const speech = speeches.openedBy(event);
  if (!speech) return undefined;
  if (!mayOpen(speech, session.participant.bearer)) throw new RefusedError("unauthorized");
  await host.adoptDialect(session, speech.dialect.name);
  await lobby.enter(session, speech.dialect);
  return speech;
}
