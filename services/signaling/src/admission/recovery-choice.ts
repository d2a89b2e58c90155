import type { Socket } from "socket.io";

interface KnownClient {
  /** How its `User-Agent` begins. */
  readonly agent?: RegExp;
  /** How it writes the time into the query of each request. */
  readonly timestamp?: RegExp;
}

/**
 * Clients that are sent no offset unless they ask for it: the offset is one more argument, and their handlers take exactly those that are
 * described. Browsers' and Node's clients must match no row, since they recover.
 *
 * Not here are clients in Java and Swift: they don't recover (socketio/socket.io-client-java#763, socketio/socket.io-client-swift#1477),
 * but their handlers take any number of arguments, and their `User-Agent`, OkHttp's or CFNetwork's, is React Native's too, whose
 * client recovers. Nor those in Go: zishang520/socket.io recovers, others send the same `Go-http-client`.
 */
const clientsWithoutRecovery: readonly KnownClient[] = [
  // python-socketio on asyncio: aiohttp, `Python/3.11 aiohttp/3.8.4`. Neither pid nor offset is read:
  // https://github.com/miguelgrinberg/python-socketio/blob/main/src/socketio/async_client.py
  { agent: /^Python\/[\d.]+\S* aiohttp\// },
  // python-socketio by polling: requests, `python-requests/2.28.1`. Neither pid nor offset is read:
  // https://github.com/miguelgrinberg/python-socketio/blob/main/src/socketio/client.py
  { agent: /^python-requests\// },
  // The same over a WebSocket: websocket-client sends no `User-Agent`, but python-engineio writes `t=1796032531.0270412`
  // (seconds), where JavaScript's client writes letters and digits, if anything:
  // https://github.com/miguelgrinberg/python-engineio/blob/main/src/engineio/base_client.py
  { timestamp: /^\d{10}\.\d+$/ },
  // socket_io_client on dart:io, `Dart/3.5 (dart:io)`: a handler gets a list if there is more than one argument, also in versions
  // that recover: https://github.com/rikulo/socket.io-client-dart/issues/359
  { agent: /^Dart\/[\d.]+\S* \(dart:io\)/ },
];

/** Whether a client is to be able to recover its session: as it says itself, else by what is known of such clients. */
export function wantsRecovery({ handshake: { auth, query, headers } }: Pick<Socket, "handshake">): boolean {
  if (auth["recovery"] === false || query["recovery"] === "off") return false;
  if (auth["recovery"] === true || query["recovery"] === "on") return true;
  const timestamp = query["t"];
  const agent = headers["user-agent"];
  return !clientsWithoutRecovery.some(
    (client) =>
      (agent !== undefined && client.agent?.test(agent)) ||
      (typeof timestamp === "string" && client.timestamp?.test(timestamp)),
  );
}
