import type { Bearer } from "@switchyard/core";
import { RequestError } from "@switchyard/protocol";
import type { Lobby } from "../broadcast/lobby.ts";
import type { LocalSession } from "../sessions/local-session.ts";
import type { SessionHost } from "../sessions/session-host.ts";
import { type Speech, type Speeches, WITH_ACCOUNTS } from "./speech.ts";

interface OpeningParts {
  readonly host: SessionHost;
  readonly lobby: Lobby;
  readonly speeches: Speeches;
}

/** Settles what a session speaks that did not say it when it connected: the first opening event whose arguments are right decides. */
export class Opening {
  readonly #parts: OpeningParts;

  constructor(parts: OpeningParts) {
    this.#parts = parts;
  }

  /** What a session speaks, once that is settled. */
  settled({ participant }: LocalSession): Speech | undefined {
    return this.#parts.speeches.named(participant.dialect);
  }

  /**
   * What an event would open for a session. Nothing is settled by asking.
   * @throws RefusedError `not_joined` if it opens nothing, `unauthorized` if the session's token is not for that
   */
  openedBy(event: string, { participant }: LocalSession): Speech {
    const speech = this.#parts.speeches.openedBy(event);
    if (!speech) throw new RequestError("not_joined");
    if (!mayOpen(speech, participant.bearer)) throw new RequestError("unauthorized");
    return speech;
  }

  /** From now on the session speaks that, and is there for everyone who does. */
  async settle(session: LocalSession, { dialect }: Speech): Promise<void> {
    await this.#parts.host.adoptDialect(session, dialect.name);
    await this.#parts.lobby.enter(session, dialect);
  }
}

/** Whether a bearer may open a dialect with its first event at the root namespace. */
function mayOpen(speech: Speech, bearer: Bearer | undefined): boolean {
  if (bearer === undefined) return speech.dialect.name !== WITH_ACCOUNTS;
  return bearer.dialect === undefined || bearer.dialect === speech.dialect.name;
}
