import type { Logger } from "@switchyard/runtime";
import type { Store } from "@switchyard/store";
import type { LocalSession } from "./local-session.ts";

/** Removes from the outboxes of this node's sessions what their clients have confirmed. */
export class Retention {
  readonly #confirmedEvents: Store["confirmedEvents"];
  readonly #logger: Logger;

  constructor(confirmedEvents: Store["confirmedEvents"], logger: Logger) {
    this.#confirmedEvents = confirmedEvents;
    this.#logger = logger;
  }

  /** A session's client is sent a ping, after everything that it was sent until now. */
  ping({ confirmation, lastNumber }: LocalSession): void {
    confirmation.ping(lastNumber);
  }

  /** Its client has answered. Nobody waits for the removal; one that fails is made up for by the next. */
  pong({ confirmation, participant: { session } }: LocalSession): void {
    const number = confirmation.pong(this.#confirmedEvents.keep);
    if (number === undefined) return;
    const onFailure = (err: unknown) => this.#logger.debug({ err, session }, "confirmed events could not be removed");
    this.#confirmedEvents.removeUpTo(session, number).catch(onFailure);
  }
}
