import { once } from "node:events";
import { createServer } from "node:http";
import { Server, type Socket } from "socket.io";

type Answer = (payload: Record<string, unknown>, socket: Socket) => object | undefined;

/** A Socket.IO server with connection state recovery whose answers a test decides. */
export interface ScriptedServer {
  url: string;
  /** Every event that was handled, in order. */
  readonly log: { event: string; payload: Record<string, unknown> }[];
  /** What an event is acknowledged with; `undefined`: not at all. Default: `{ ok: true }`. */
  readonly answers: Map<string, Answer>;
  /** Events that vanish on their way, as in a connection that breaks. */
  readonly lost: Set<string>;
  /** What a connection that is not recovered is told first. */
  onConnection(welcome: (socket: Socket) => void): void;
  /** From now on nobody is let in. */
  refuse(data: object): void;
  /** How often somebody was not let in. */
  refusals(): number;
  socket(): Socket;
  /** Breaks every connection, without a goodbye. */
  cut(): void;
  close(): Promise<void>;
}

/**
 * @param dialect the namespace that it serves
 * @param graceMs how long a connection that broke can be recovered
 */
export async function startScriptedServer(dialect = "random", graceMs = 120_000): Promise<ScriptedServer> {
  const http = createServer();
  const io = new Server(http, { connectionStateRecovery: { maxDisconnectionDuration: graceMs } });
  const log: ScriptedServer["log"] = [];
  const answers = new Map<string, Answer>();
  const lost = new Set<string>();
  let refusals = 0;
  let latest: Socket | undefined;
  let welcome: (socket: Socket) => void = () => {};
  const namespace = io.of(`/${dialect}`);
  namespace.on("connection", (socket) => {
    latest = socket;
    if (!socket.recovered) welcome(socket);
    socket.onAny((event: string, payload: Record<string, unknown>, acknowledge?: (reply: object) => void) => {
      if (lost.has(event)) return;
      log.push({ event, payload });
      const answer = answers.get(event);
      const reply = answer ? answer(payload, socket) : { ok: true };
      if (reply) acknowledge?.(reply);
    });
  });
  http.listen(0, "127.0.0.1");
  await once(http, "listening");
  const address = http.address();
  if (address === null || typeof address === "string") throw new Error("The server has no port.");
  return {
    url: `http://127.0.0.1:${address.port}`,
    log,
    answers,
    lost,
    onConnection(given) {
      welcome = given;
    },
    refuse: (data) =>
      void namespace.use((_, next) => {
        refusals += 1;
        next(Object.assign(new Error("Authentication error"), { data }));
      }),
    refusals: () => refusals,
    socket() {
      if (!latest) throw new Error("Nobody has connected yet.");
      return latest;
    },
    cut: () => namespace.sockets.forEach((socket) => void socket.conn.close()),
    close: () => io.close(),
  };
}
