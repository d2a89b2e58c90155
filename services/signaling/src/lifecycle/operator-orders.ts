import { type NodeId, RequestError, type SessionId } from "@switchyard/protocol";
import type { Logger } from "@switchyard/runtime";
import { type Channels, keys, readNodeOrder } from "@switchyard/store";
import type { Server } from "socket.io";
import type { SocketData } from "../admission/connection-middleware.ts";
import type { DialectRegistry } from "../events/dialect-registry.ts";
import { errorPacket } from "../events/node-packets.ts";
import type { HeldSessions } from "../sessions/held-sessions.ts";

export interface OperatorOrderParts {
  readonly node: NodeId;
  readonly io: Server;
  readonly sessions: HeldSessions;
  readonly registry: DialectRegistry;
  readonly logger: Logger;
}

/** Carries out the operators' orders to this node, from its own channel: a client that can publish there can do more in Redis itself. */
export async function followOrders(channels: Channels, parts: OperatorOrderParts): Promise<void> {
  const { node, logger } = parts;
  await channels.listen(keys.nodeControl(node), (text) => {
    const order = readNodeOrder(text);
    if (!order) return logger.warn("an operator asked for something that is not known");
    if ("kick" in order) {
      logger.info({ session: order.kick }, "an operator ends a session");
      return kick(order.kick, parts);
    }
    logger.info("an operator asked this node to let its sessions go, and stop");
    process.kill(process.pid, "SIGTERM"); // so that its usual clean stop runs
  });
}

/** The client receives the reason, and is disconnected for good: it does not come back by itself, and its session ends. */
function kick(id: SessionId, { io, sessions, registry }: OperatorOrderParts): void {
  const session = sessions.find(id);
  if (!session) return;
  const { body } = new RequestError("unauthorized", "An operator has ended your session.");
  session.isDisconnecting = true;
  session.connection?.send(errorPacket(registry.byName(session.participant.dialect), body));
  for (const name of ["", ...registry.all.map(({ dialect }) => dialect.name)])
    for (const socket of io.of(`/${name}`).sockets.values())
      if ((socket.data as SocketData).session === session) socket.disconnect();
}
