import type { Server as HttpServer } from "node:http";
import { dialects } from "@switchyard/dialects";
import type { Logger } from "@switchyard/runtime";
import { Server, type Socket } from "socket.io";
import { Encoder } from "socket.io-parser";
import { recoveryAdapter } from "./adapter.ts";
import { bind } from "./bind.ts";
import { allowedOrigins, type SignalingConfig } from "./config.ts";
import { Connection } from "./connection.ts";
import { limitedDecoder } from "./decoder.ts";
import type { Lobby } from "./lobby.ts";
import type { LocalSession } from "./local-session.ts";
import type { Metrics } from "./metrics.ts";
import { newRecoveryId } from "./recovery-id.ts";
import type { Resumption, SessionHost } from "./session-host.ts";
import type { Speech, Speeches } from "./speech.ts";
import { announceSid } from "./sticky.ts";

/** How much larger than an event a transport message may be before the connection itself is closed. */
const TRANSPORT_MARGIN = 4;

export interface GatewayParts {
  readonly config: SignalingConfig;
  readonly host: SessionHost;
  readonly lobby: Lobby;
  readonly speeches: Speeches;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** What a socket carries between the middleware and its connection. */
interface Carried {
  session?: LocalSession;
  resumption?: Resumption;
  /** Why a session could not be looked for. */
  failure?: unknown;
}

/** Socket.IO on an HTTP server: one namespace for each dialect, and the root namespace for all. */
export function openGateway(server: HttpServer, parts: GatewayParts): Server {
  const { config, host } = parts;
  const io = new Server(server, {
    cors: { origin: allowedOrigins(config), credentials: allowedOrigins(config) !== "*" },
    serveClient: false,
    pingInterval: config.PING_INTERVAL_MS,
    pingTimeout: config.PING_TIMEOUT_MS,
    maxHttpBufferSize: config.MAX_EVENT_BYTES * TRANSPORT_MARGIN,
    connectionStateRecovery: { maxDisconnectionDuration: config.RECONNECT_GRACE_MS, skipMiddlewares: false },
    adapter: recoveryAdapter(host),
    parser: { Encoder, Decoder: limitedDecoder(config.MAX_EVENT_BYTES) },
  });
  announceSid(io.engine);
  for (const namespace of ["/", ...dialects.map(({ name }) => `/${name}`)]) {
    const nsp = io.of(namespace);
    nsp.use(
      (socket, next) =>
        void admit(socket, parts).then(
          () => next(),
          (error: unknown) => turnAway(socket, parts, error),
        ),
    );
    nsp.on("connection", (socket) => welcome(socket, parts));
  }
  return io;
}

/** Has a session ready, and its channel subscribed, before the client is told that it is connected. */
async function admit(socket: Socket, { host, speeches }: GatewayParts): Promise<void> {
  const carried = socket.data as Carried;
  if (carried.resumption) {
    carried.session = carried.resumption.session;
    if (socket.conn.readyState !== "open") await host.drop(carried.session, false);
    return;
  }
  if (carried.failure !== undefined) throw carried.failure;
  refuseTwice(socket);
  const recovery = newRecoveryId(socket.id, socket.nsp.name);
  (socket as unknown as { pid: string }).pid = recovery.text; // what Socket.IO sends to the client as its private id
  carried.session = await host.open(speeches.atConnect(socket)?.dialect.name ?? "", recovery);
  if (socket.conn.readyState !== "open") await host.drop(carried.session, true);
}

/** A raw client can ask for one namespace twice before the first is answered; Socket.IO would then mix the two up. */
function refuseTwice(socket: Socket): void {
  const asked = socket.conn as { namespaces?: Set<string> };
  asked.namespaces ??= new Set();
  const { namespaces } = asked;
  const { name } = socket.nsp;
  if (namespaces.has(name)) throw new Error("the namespace was asked for twice");
  namespaces.add(name);
  socket.once("disconnect", () => namespaces.delete(name)); // who has left it may come back on the same connection
}

/** Redis is away, or the client is not one of ours: the transport closes, so that a stock client tries again by itself. */
function turnAway(socket: Socket, { logger }: GatewayParts, error: unknown): void {
  logger.warn({ err: error }, "a connection could not be opened");
  socket.conn.close(true);
}

/** Attaches all handlers at once: what a client sends right after connecting would be lost otherwise. */
function welcome(socket: Socket, parts: GatewayParts): void {
  const { session, resumption } = socket.data as Carried;
  if (!session) return turnAway(socket, parts, new Error("no session"));
  const { host, lobby, logger } = parts;
  // what was asked for has been read; the request and its headers would stay as long as the connection
  (socket.conn as { request: unknown }).request = null;
  bind(socket, {
    ...{ session, logger, metrics: parts.metrics },
    known: () => parts.speeches.named(session.participant.dialect),
    openedBy: (event) => openedBy(event, session, parts),
  });
  socket.on("disconnect", (reason) => {
    const forGood = reason === "client namespace disconnect";
    session.leaving = forGood;
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
  const limits = { maxWaiting: parts.config.SEND_BUFFER_BYTES, onOverflow: () => parts.metrics.overflows.inc() };
  session.goOn(new Connection(socket.conn, socket.nsp.name, limits), resumption?.restored.missed ?? []);
}

/** At the root namespace the first event may tell what a connection speaks. */
async function openedBy(
  event: string,
  session: LocalSession,
  { speeches, lobby, host }: GatewayParts,
): Promise<Speech | undefined> {
  const speech = speeches.openedBy(event);
  if (!speech) return undefined;
  await host.adoptDialect(session, speech.dialect.name);
  await lobby.enter(session, speech.dialect);
  return speech;
}
