import { PollingTransport } from "./polling-transport.ts";
import type { DisconnectReason } from "./reconnection.ts";
import type { TimerWheel } from "./timer-wheel.ts";
import { type Connection, Transport, type TransportKind, type TransportUser } from "./transport.ts";

/** The receiver of a client's reports. A request is a value that its owner gave to `emit`, to be recognised again. */
export interface WireOwner<Request> {
  onConnect(recovered: boolean): void;
  onEvent(name: string, args: readonly unknown[]): void;
  /** Events of other names are not decoded. */
  wants(name: string): boolean;
  /** @param answer the acknowledgement's content; `undefined` if the connection ended before it came */
  onAnswer(request: Request, answer: unknown): void;
  onDisconnect(reason: DisconnectReason): void;
  /** The server refused the namespace; the stock client does not try again. */
  onRefused(message: string): void;
  /** An attempt to connect failed, before the handshake. */
  onFailure(message: string): void;
}

export interface WireOptions {
  /** Of the server, http or https. */
  readonly url: string;
  readonly namespace: string;
  /** Default: a WebSocket. */
  readonly transport?: TransportKind;
  readonly auth?: object | undefined;
  readonly wheel: TimerWheel;
  /** From 0 to 1, exclusive. */
  readonly random: () => number;
  /** Whether it comes back after a connection that was lost. Default: as the stock client, yes. */
  readonly reconnects?: boolean;
  /** The address of IPv4 of this machine that it comes from. Default: the system's choice. */
  readonly source?: string | undefined;
}

/** Begins a connection: by a WebSocket, by HTTP, or by HTTP at first. */
export function openConnection(
  { url, transport = "websocket", source }: Pick<WireOptions, "url" | "transport" | "source">,
  user: TransportUser,
): Connection {
  if (transport === "websocket") return new Transport(url, user, { source });
  return new PollingTransport(url, user, transport === "upgrade", source);
}
