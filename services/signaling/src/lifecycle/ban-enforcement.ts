import { banError, isOn } from "@switchyard/core";
import type { Logger } from "@switchyard/runtime";
import type { Ban } from "@switchyard/store";
import type { Server, Socket } from "socket.io";
import type { SocketData } from "../admission/connection-middleware.ts";
import type { DialectRegistry } from "../events/dialect-registry.ts";
import { errorPacket } from "../events/node-packets.ts";
import { type NodeBans, subjectOf } from "../moderation/node-bans.ts";
import type { LocalSession } from "../sessions/local-session.ts";
import type { Metrics } from "../telemetry/metrics.ts";

interface EnforcementParts {
  readonly bans: NodeBans;
  readonly registry: DialectRegistry;
  readonly metrics: Metrics;
  readonly logger: Logger;
}

/** Ends what is banned of the connections that are there: at once when a ban arrives, and whenever a connection comes to be banned. */
export class BanEnforcement {
  readonly #parts: EnforcementParts;

  constructor(parts: EnforcementParts) {
    this.#parts = parts;
  }

  /** Ends every connection that new bans are on. */
  enforce(bans: readonly Ban[], io: Server): void {
    const { registry } = this.#parts;
    for (const name of ["", ...registry.all.map(({ dialect }) => dialect.name)]) {
      for (const socket of io.of(`/${name}`).sockets.values()) {
        const { session } = socket.data as SocketData;
        const who = session && subjectOf(session.participant);
        const ban = who && bans.find((one) => isOn(one, who));
        if (ban) this.#end(socket, session, ban);
      }
    }
  }

  /**
   * Ends a connection if its session is banned: one that was let in while the ban was on its way, or has come to stand for a banned user.
   * @returns whether it is banned
   */
  review(socket: Socket, session: LocalSession): boolean {
    const ban = this.#parts.bans.find(subjectOf(session.participant));
    if (ban) this.#end(socket, session, ban);
    return ban !== undefined;
  }

  /** The client receives the reason and is disconnected; its session ends, which the others hear at once, and so does its connection. */
  #end(socket: Socket, session: LocalSession, ban: Ban): void {
    if (session.isBanned) return;
    const { registry, metrics, logger } = this.#parts;
    const { session: id, dialect } = session.participant;
    session.isBanned = true;
    session.isDisconnecting = true;
    session.connection?.send(errorPacket(registry.byName(dialect), banError(ban).body));
    metrics.sessionsBanned.inc();
    logger.info({ session: id, dialect, ban: ban.id }, "a session ends: it is banned");
    const engine = socket.conn;
    socket.disconnect();
    engine.close(); // once all is sent; others on it come back by themselves
  }
}
