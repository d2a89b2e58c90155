import type { Server, Socket } from "socket.io";

type Engine = Server["engine"];

/**
 * With this code a browser closes the WebSocket of a page that is closed, left or reloaded ("going away").
 * @see https://www.rfc-editor.org/rfc/rfc6455#section-7.4.1
 */
const GOING_AWAY = 1001;

/** Of Engine.IO's transports the one over a WebSocket has that as `socket`. */
interface Transport {
  readonly socket?: ClosableSocket;
}
interface ClosableSocket {
  close(code?: number, reason?: Buffer): void;
}
interface EngineConnection {
  readonly transport: Transport;
  on(event: "upgrade", listener: (transport: Transport) => void): unknown;
}

/** WebSockets that clients closed like that. One method for all of them: nothing of a connection is kept by it. */
const left = new WeakSet<object>();
function noteCode(this: ClosableSocket, code?: number, reason?: Buffer): void {
  if (code === GOING_AWAY) left.add(this);
  Object.getPrototypeOf(this).close.call(this, code, reason);
}

/**
 * `ws` answers a client's close frame by its own method `close`, with the client's code. Its event "close" is too late: it
 * comes when TCP has ended, and what is written before that fails, which ends the connection without a code.
 */
function watch({ socket }: Transport): void {
  if (socket) socket.close = noteCode;
}

/** Notes which connections end because their page is left; by polling only, no browser says so. */
export function notePagesLeft(engine: Engine): void {
  engine.on("connection", (connection: EngineConnection) => {
    watch(connection.transport);
    connection.on("upgrade", watch);
  });
}

/** Whether a connection that has ended did so because its page was closed, left or reloaded. */
export function isPageLeft(connection: Socket["conn"]): boolean {
  const { socket } = connection.transport as Transport;
  return socket !== undefined && left.has(socket);
}
