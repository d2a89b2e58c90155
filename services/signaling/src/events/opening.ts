import type { Bearer } from "@switchyard/core";
import type { Command } from "@switchyard/dialects";
import { RequestError } from "@switchyard/protocol";
import type { DialectChannels } from "../broadcast/dialect-channels.ts";
import { type NodeBans, subjectOf } from "../moderation/node-bans.ts";
import type { LocalSession } from "../sessions/local-session.ts";
import type { SessionHost } from "../sessions/session-host.ts";
import { type DialectRegistry, type DialectRuntime, isOpenedByToken } from "./dialect-registry.ts";

interface OpeningParts {
  readonly host: SessionHost;
  readonly dialectChannels: DialectChannels;
  readonly registry: DialectRegistry;
  readonly bans: Pick<NodeBans, "check">;
}

/** Settles the dialect of a session that did not name it when it connected: the first opening event whose arguments are right decides. */
export class Opening {
  readonly #parts: OpeningParts;

  constructor(parts: OpeningParts) {
    this.#parts = parts;
  }

  /** The dialect of a session, once that is settled. */
  runtimeOf({ participant }: LocalSession): DialectRuntime | undefined {
    return this.#parts.registry.byName(participant.dialect);
  }

  /** The command of an event, be it one that would settle the dialect. */
  commandOf(event: string, session: LocalSession): Command | undefined {
    const runtime = this.runtimeOf(session) ?? this.#parts.registry.byOpeningEvent(event);
    return runtime?.dialect.commands.get(event);
  }

  /** Whether the session's dialect has such an event; before that is settled, whether any dialect has. */
  knows(event: string, session: LocalSession): boolean {
    const runtime = this.runtimeOf(session);
    return runtime ? runtime.dialect.commands.has(event) : this.#parts.registry.knows(event);
  }

  /**
   * The dialect that an event would open for a session. Nothing is settled by asking.
   * @throws RequestError `not_joined` if it opens nothing, `unauthorized` if the session's token is not for that; `banned` if its user or
   * address is banned in that dialect
   */
  byOpeningEvent(event: string, { participant }: LocalSession): DialectRuntime {
    const runtime = this.#parts.registry.byOpeningEvent(event);
    if (!runtime) throw new RequestError("not_joined");
    if (!mayOpen(runtime, participant.bearer)) throw new RequestError("unauthorized");
    this.#parts.bans.check({ ...subjectOf(participant), dialect: runtime.dialect.name });
    return runtime;
  }

  /** From now on the session is in that dialect, and is there for everyone in it. */
  async adopt(session: LocalSession, { dialect }: DialectRuntime): Promise<void> {
    await this.#parts.host.adoptDialect(session, dialect.name);
    await this.#parts.dialectChannels.enter(session, dialect);
  }
}

/** Whether a bearer may open a dialect with its first event at the root namespace. */
function mayOpen(runtime: DialectRuntime, bearer: Bearer | undefined): boolean {
  if (bearer === undefined) return !isOpenedByToken(runtime);
  return bearer.dialect === undefined || bearer.dialect === runtime.dialect.name;
}
