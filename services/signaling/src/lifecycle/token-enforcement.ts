import { RequestError } from "@switchyard/protocol";
import type { Logger } from "@switchyard/runtime";
import type { Socket } from "socket.io";
import type { AccountTokens } from "../admission/account-tokens.ts";
import type { DialectRegistry } from "../events/dialect-registry.ts";
import { errorPacket } from "../events/node-packets.ts";
import type { LocalSession } from "../sessions/local-session.ts";

interface EnforcementParts {
  readonly tokens: AccountTokens;
  readonly registry: DialectRegistry;
  readonly logger: Logger;
}

/** Ends the sessions whose account has made their token void: at once, and those that come to be there meanwhile. */
export class TokenEnforcement {
  readonly #parts: EnforcementParts;
  /** The connections by the id of their tokens, so that nobody else's is looked at. */
  readonly #connections = new Map<string, Map<Socket, LocalSession>>();

  constructor(parts: EnforcementParts) {
    this.#parts = parts;
    parts.tokens.onVoid = (ids) => this.#enforce(ids);
  }

  /** From now on the session ends when its token becomes void; it ends now if the node has learnt so since it was admitted. */
  watch(socket: Socket, session: LocalSession): void {
    const id = session.participant.bearer?.account;
    if (id === undefined) return;
    const others = this.#connections.get(id) ?? new Map<Socket, LocalSession>();
    this.#connections.set(id, others.set(socket, session));
    socket.on("disconnect", () => {
      others.delete(socket);
      if (others.size === 0) this.#connections.delete(id);
    });
    if (this.#parts.tokens.isVoid(id)) this.#end(socket, session);
  }

  #enforce(ids: readonly string[]): void {
    for (const id of ids) {
      for (const [socket, session] of this.#connections.get(id) ?? []) this.#end(socket, session);
    }
  }

  /** The client receives an error and is disconnected, and its session ends for good, with what it sent and was not handled yet. */
  #end(socket: Socket, session: LocalSession): void {
    if (session.isBanned) return;
    const { registry, logger } = this.#parts;
    const { session: id, dialect } = session.participant;
    session.isBanned = true;
    session.isDisconnecting = true;
    const { body } = new RequestError("unauthorized", "You are logged out.");
    session.connection?.send(errorPacket(registry.byName(dialect), body));
    logger.info({ session: id, dialect }, "a session ends: its account has made its token void");
    socket.disconnect();
  }
}
