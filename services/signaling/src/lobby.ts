import type { Cluster, Population } from "@switchyard/core";
import { type Dialect, dialects, packetOf } from "@switchyard/dialects";
import type { DialectName } from "@switchyard/protocol";
import { type Channels, keys } from "@switchyard/store";
import type { LocalSession } from "./local-session.ts";

/**
 * What concerns everyone in a dialect: one publish on the dialect's channel, whose subscription is complete before the node takes its
 * first connection, and every node hands the text to those it holds. Who was away gets the current state when it is back.
 */
export class Lobby {
  readonly #cluster: Cluster;
  readonly #populations: ReadonlyMap<DialectName, Population>;
  readonly #present = new Map<DialectName, Set<LocalSession>>();

  constructor(cluster: Cluster, populations: ReadonlyMap<DialectName, Population>) {
    this.#cluster = cluster;
    this.#populations = populations;
  }

  /** Listens to every dialect's channel. */
  async open(channels: Channels): Promise<void> {
    for (const { name } of dialects) {
      const present = new Set<LocalSession>();
      this.#present.set(name, present);
      await channels.listen(keys.lobby(name), (packet) => {
        for (const session of present) session.connection?.send(packet);
      });
    }
  }

  /** Somebody new is in the dialect. */
  async enter(session: LocalSession, dialect: Dialect): Promise<void> {
    await this.#cluster.store.presence.appear(dialect.name, session.participant.session);
    this.#populations.get(dialect.name)?.changed();
    await this.greet(session, dialect);
  }

  /** Gives a new or recovered connection the current state, and from then on every change. */
  async greet(session: LocalSession, dialect: Dialect): Promise<void> {
    this.#present.get(dialect.name)?.add(session);
    const count = await this.#cluster.store.presence.count(dialect.name);
    const packet = packetOf(dialect, { type: "population", count });
    if (packet !== undefined) session.connection?.send(packet);
  }

  /** A connection is gone; with `forGood` the participant too. */
  leave(session: LocalSession, forGood: boolean): void {
    const { dialect } = session.participant;
    if (dialect === "") return;
    this.#present.get(dialect)?.delete(session);
    if (forGood) this.#populations.get(dialect)?.changed();
  }
}
