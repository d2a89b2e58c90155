import type { Server, Socket } from "socket.io";

type Engine = Server["engine"];

/**
 * With this code a browser closes the WebSocket of a page that is closed, left or reloaded ("going away").
 * @see https://www.rfc-editor.org/rfc/rfc6455#section-7.4.1
 */
const GOING_AWAY = 1001;

/** Of Engine.IO's transports the one over a WebSocket has that as `socket`. */
interface Transport {
  readonly socket?: {
    prependListener(event: "close", listener: (this: object, code: number) => void): unknown;
  };
}
interface EngineConnection {
  readonly transport: Transport;
  on(event: "upgrade", listener: (transport: Transport) => void): unknown;
}

/** WebSockets that were closed like that. One listener for all of them: nothing of a connection is kept by it. */
const left = new WeakSet<object>();
function noteCode(this: object, code: number): void {
  if (code === GOING_AWAY) left.add(this);
}

function watch({ socket }: Transport): void {
  socket?.prependListener("close", noteCode); // before Engine.IO's own, which ends the connection without the code
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
