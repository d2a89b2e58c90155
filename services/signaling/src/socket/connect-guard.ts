import { RequestError } from "@switchyard/protocol";
import type { Server } from "socket.io";
import { type Packet, PacketType } from "socket.io-parser";
import type { Decision, OverLimit } from "../limits/address-allowance.ts";
import type { CountedConnection } from "../limits/connection-allowance.ts";
import type { Limits } from "../limits/limits.ts";
import type { Metrics } from "../telemetry/metrics.ts";

interface GuardParts {
  readonly limits: Limits;
  readonly metrics: Metrics;
}

/** A connection of Engine.IO. */
interface Engine extends CountedConnection {
  on(
    event: "packet",
    listener: (this: Engine, packet: { readonly type: string; readonly data?: unknown }) => void,
  ): void;
  write(text: string): unknown;
  close(): void;
}
/** Socket.IO's side of a connection. */
interface Client {
  readonly conn: Engine;
  _packet(packet: Partial<Packet>): void;
}
type Namespace = { _add(client: Client, auth: unknown, added: unknown): unknown };

/** How a request for another namespace than the root begins: a message that says CONNECT, and the namespace. */
const namespaceAsked = /^0(\/[^,]*)/;

/**
 * Counts what clients ask for before it is looked at: the first thing that Socket.IO does for a namespace is to restore a session, which
 * asks Redis. Over a limit a client is refused with `connect_error`; one that goes on loses its connection.
 */
export function guardConnects(io: Server, namespaces: readonly string[], parts: GuardParts): void {
  for (const name of namespaces) {
    const nsp = io.of(name) as unknown as Namespace;
    const add = nsp._add.bind(nsp);
    nsp._add = (client, auth, added) =>
      whenDecided(parts.limits.connects.takeConnect(client.conn), (over) => {
        if (over) refuse(client, name, over, parts);
        else add(client, auth, added);
      });
  }
  const known = new Set(namespaces);
  io.engine.on("connection", (connection: Engine) => {
    connection.on("packet", countUnknown);
  });

  /** One for all connections. Socket.IO refuses such a namespace by itself, once this is done. */
  function countUnknown(this: Engine, { type, data }: { readonly type: string; readonly data?: unknown }): void {
    if (type !== "message" || typeof data !== "string" || !data.startsWith("0/")) return;
    const [, name = ""] = namespaceAsked.exec(data) ?? [];
    if (!known.has(name)) closeIfPersistent(this, parts, ({ body }) => this.write(connectError(name, body)));
  }
}

function whenDecided(decision: Decision, act: (over: OverLimit | undefined) => void): void {
  if (decision instanceof Promise) void decision.then(act);
  else act(decision);
}

function refuse(client: Client, nsp: string, { limit, waitMs }: OverLimit, parts: GuardParts): void {
  parts.metrics.limitsHit.inc({ limit });
  const { body } = new RequestError("rate_limited", "Too many connects; slow down.", Math.ceil(waitMs));
  client._packet({ type: PacketType.CONNECT_ERROR, nsp, data: { message: body.message, data: body } });
  closeIfPersistent(client.conn, parts);
}

/** @param explain sends the client why, where it has not just been sent as much */
function closeIfPersistent(
  connection: Engine,
  { limits, metrics }: GuardParts,
  explain?: (error: RequestError) => void,
): void {
  const over = limits.takeRefusal(connection);
  if (!over) return;
  metrics.limitsHit.inc({ limit: over.limit });
  explain?.(new RequestError("rate_limited", undefined, Math.ceil(over.waitMs)));
  connection.close();
}

function connectError(nsp: string, body: RequestError["body"]): string {
  return `${PacketType.CONNECT_ERROR}${nsp},${JSON.stringify({ message: body.message, data: body })}`;
}
