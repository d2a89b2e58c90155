import type { Server as HttpServer } from "node:http";
import { SENT_BYTES_EACH } from "@switchyard/core";
import { RequestError, type UserId } from "@switchyard/protocol";
import type { Logger } from "@switchyard/runtime";
import { Server, type Socket } from "socket.io";
import { Encoder } from "socket.io-parser";
import type { Admission } from "../admission/admission.ts";
import { admitSocket, rejectConnection, type SocketData } from "../admission/connection-middleware.ts";
import type { TokenExpiry } from "../admission/token-expiry.ts";
import type { DialectChannels } from "../broadcast/dialect-channels.ts";
import { allowedOrigins, type SignalingConfig } from "../config.ts";
import { type Binding, bind } from "../events/bind.ts";
import type { DialectRegistry, DialectRuntime } from "../events/dialect-registry.ts";
import { errorPacket } from "../events/node-packets.ts";
import type { Opening } from "../events/opening.ts";
import type { BanEnforcement } from "../lifecycle/ban-enforcement.ts";
import type { Readiness } from "../lifecycle/readiness.ts";
import type { TokenEnforcement } from "../lifecycle/token-enforcement.ts";
import type { Limits } from "../limits/limits.ts";
import type { MemoryWatermark } from "../limits/memory-watermark.ts";
import { Subject } from "../limits/subject.ts";
import type { NodeBans } from "../moderation/node-bans.ts";
import { Connection } from "../sessions/connection.ts";
import type { CloseReason } from "../sessions/disconnect.ts";
import type { LocalSession } from "../sessions/local-session.ts";
import type { Retention } from "../sessions/retention.ts";
import type { SessionHost } from "../sessions/session-host.ts";
import type { EventTracing } from "../telemetry/event-tracing.ts";
import type { Metrics } from "../telemetry/metrics.ts";
import { guardConnects } from "./connect-guard.ts";
import { limitedDecoder } from "./decoder.ts";
import { enterEmitRooms, forgetRequest } from "./emit-rooms.ts";
import { announceSid, countTransportErrors } from "./engine-hooks.ts";
import { Handshakes } from "./handshakes.ts";
import { closeLostUpgrades } from "./lost-upgrades.ts";
import { corsOptions } from "./origins.ts";
import { isPageLeft, notePagesLeft } from "./pages-left.ts";
import { recoveryAdapter } from "./recovery-adapter.ts";
import { recoverFormerSession } from "./recovery-by-user.ts";

/** How much larger than an event a transport message may be before the connection itself is closed. */
const TRANSPORT_MARGIN = 4;

export interface GatewayParts {
  readonly node: string;
  readonly config: SignalingConfig;
  readonly host: SessionHost;
  readonly readiness: Readiness;
  readonly dialectChannels: DialectChannels;
  readonly registry: DialectRegistry;
  readonly opening: Opening;
  readonly admission: Admission;
  readonly expiry: TokenExpiry<LocalSession>;
  readonly limits: Limits;
  readonly retention: Retention;
  readonly bans: NodeBans;
  readonly memory: MemoryWatermark;
  readonly emits: Parameters<typeof recoveryAdapter>[2];
  readonly enforcement: BanEnforcement;
  readonly tokenEnforcement: TokenEnforcement;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly tracing: EventTracing;
}

/** Socket.IO on an HTTP server: one namespace for each dialect, and the root namespace for all. */
export function openGateway(server: HttpServer, parts: GatewayParts): Server {
  const { config, host, readiness, limits, metrics, registry } = parts;
  const origins = allowedOrigins(config);
  const handshakes = new Handshakes({ origins, readiness, limits, metrics });
  const io = new Server(server, {
    cors: corsOptions(origins),
    allowRequest: handshakes.allow,
    serveClient: false,
    pingInterval: config.PING_INTERVAL_MS,
    pingTimeout: config.PING_TIMEOUT_MS,
    maxHttpBufferSize: config.MAX_EVENT_BYTES * TRANSPORT_MARGIN,
    connectionStateRecovery: { maxDisconnectionDuration: config.RECONNECT_GRACE_MS, skipMiddlewares: false },
    adapter: recoveryAdapter(host, metrics, parts.emits),
    parser: { Encoder, Decoder: limitedDecoder(config.MAX_EVENT_BYTES) },
  });
  handshakes.watch(io.engine);
  announceSid(io.engine, parts.node);
  countTransportErrors(io.engine, metrics, parts.logger);
  closeLostUpgrades(io.engine);
  notePagesLeft(io.engine);
  const namespaces = ["/", ...registry.all.map(({ dialect }) => `/${dialect.name}`)];
  guardConnects(io, namespaces, parts);
  for (const namespace of namespaces) {
    const nsp = io.of(namespace);
    nsp.use((socket, next) => void admitSocket(socket, next, parts));
    nsp.on("connection", (socket) => onConnection(socket, parts));
  }
  return io;
}

/** Attaches all handlers at once: what a client sends right after connecting would be lost otherwise. */
function onConnection(socket: Socket, parts: GatewayParts): void {
  const { session, resumption, credential, recovers = true } = socket.data as SocketData;
  if (!session) return rejectConnection(socket, parts, new Error("no session"));
  const { tracing, metrics, limits, opening, emits } = parts;
  forgetRequest(socket, emits !== undefined);
  const watch = () => {
    if (emits) enterEmitRooms(socket, binding.session);
    if (credential?.expires !== undefined)
      parts.expiry.watch(binding.session, credential.expires, () => expire(socket, binding.session, parts));
  };
  const recoverByUser = async (user: UserId, runtime: DialectRuntime) => {
    if (!(await recoverFormerSession(binding, user, runtime, parts))) return;
    (socket.data as SocketData).session = binding.session;
    watch();
  };
  const subject = new Subject(session.participant, socket.conn);
  const binding: Binding = {
    ...{ session, tracing, metrics, limits, opening, subject },
    charge: (bytes) => limits.charge(socket.conn, bytes),
    bans: parts.bans,
    memory: parts.memory,
    recoverByUser: recovers ? undefined : recoverByUser,
    onUser: () => void parts.enforcement.review(socket, binding.session),
  };
  bind(socket, binding);
  socket.on("disconnect", (reason) => {
    connection.leave();
    onDisconnect(binding, closeReasonOf(binding.session, socket, reason), parts);
  });
  session.eventQueue.runExclusive(() => setUpSession(socket, session, parts));
  const options = {
    maxWaiting: parts.config.SEND_BUFFER_BYTES,
    onOverflow: () => reportOverflow(binding.session, parts),
    onPing: () => parts.retention.ping(binding.session),
    onPong: () => parts.retention.pong(binding.session),
    hasOffsets: recovers,
  };
  const connection = new Connection(socket.conn, socket.nsp.name, options);
  const missed = resumption?.restored.missed.reduce((sum, { packet }) => sum + packet.length, 0) ?? 0;
  limits.charge(socket.conn, missed / SENT_BYTES_EACH);
  session.attach(connection, resumption?.restored);
  watch();
  parts.enforcement.review(socket, session); // a ban may have come since it was admitted
  parts.tokenEnforcement.watch(socket, session);
}

/** Its first turn, before anything that its client sends: what was left half done, and the state of its dialect. */
async function setUpSession(socket: Socket, session: LocalSession, parts: GatewayParts): Promise<void> {
  const [{ host, dialectChannels, logger, registry }, { resumption }] = [parts, socket.data as SocketData];
  try {
    const runtime = registry.byName(session.participant.dialect);
    if (resumption) await host.finishResumption(resumption);
    if (runtime)
      await (resumption
        ? dialectChannels.join(session, runtime.dialect)
        : dialectChannels.enter(session, runtime.dialect));
  } catch (error) {
    logger.error({ err: error, session: socket.id }, "a session could not be set up; its client comes back");
    socket.conn.close(true);
  }
}

/** Its connection is gone: after all that its client has sent, it is let go. */
function onDisconnect(
  binding: Pick<Binding, "session">,
  closeReason: CloseReason,
  { host, dialectChannels, expiry, logger }: GatewayParts,
): void {
  const forGood = closeReason === "disconnect" || closeReason === "end";
  binding.session.isDisconnecting = forGood;
  binding.session.eventQueue.runExclusive(async () => {
    const { session } = binding; // read in its turn: the event before it may have given the connection another one
    expiry.forget(session);
    try {
      await host.disconnect(session, closeReason);
      dialectChannels.leave(session, forGood);
    } catch (err) {
      const { session: id } = session.participant;
      // thousands at once when Redis is away, which the lease logs each second
      logger.debug({ err, session: id }, "a session could not be let go; its node disowns it later");
    }
  });
}

function closeReasonOf({ isDisconnecting }: LocalSession, { conn }: Socket, reason: string): CloseReason {
  if (reason === "client namespace disconnect") return "disconnect";
  if (isDisconnecting || reason === "server namespace disconnect") return "end";
  return isPageLeft(conn) ? "pageLeft" : "drop";
}

/** Its client does not read what it is sent; it comes back by itself, and is given what it missed. */
function reportOverflow({ participant: { session, dialect } }: LocalSession, { logger, metrics }: GatewayParts): void {
  metrics.overflows.inc();
  logger.info({ session, dialect }, "a connection was closed: its client does not read");
}

/** The token has expired: the client receives an error, and its session ends for good. */
function expire(socket: Socket, session: LocalSession, { registry }: GatewayParts): void {
  session.isDisconnecting = true;
  const { body } = new RequestError("unauthorized", "Your token has expired.");
  session.connection?.send(errorPacket(registry.byName(session.participant.dialect), body));
  socket.disconnect();
}
