import {
  type AnswerOf,
  CommandError,
  type Connection,
  type ConnectionState,
  type ContentsOf,
  type Listener,
} from "@switchyard/client";
import type { LinkEvent } from "./link.ts";

/** How long an answer is waited for, in ms: it is lost with the connection, not with time. */
export const PATIENCE_MS = 3_600_000;

type Refused = { readonly ok: false; readonly error: CommandError };
type Answer<Event> = AnswerOf<Event> | Refused;

interface Parts<Sent extends object, Received extends object> {
  connect(): Connection<Sent, Received>;
  report(event: LinkEvent): void;
  /** The opening event was refused for now: it is sent again by itself. */
  onRefused?(error: CommandError): void;
  /** The server lets nobody in. */
  onLost?(error: CommandError): void;
}

/** A page's connection to the cluster, which is opened and closed with the page; its listeners stay. */
export class PageConnection<Sent extends object, Received extends object> {
  readonly #parts: Parts<Sent, Received>;
  readonly #listeners: ((connection: Connection<Sent, Received>) => void)[] = [];
  #current: Connection<Sent, Received> | null = null;

  constructor(parts: Parts<Sent, Received>) {
    this.#parts = parts;
  }

  /** The connection of now, for calls. */
  get current(): Connection<Sent, Received> {
    if (!this.#current) throw new Error("The page is not open.");
    return this.#current;
  }

  open(): void {
    if (this.#current) return;
    const connection = this.#parts.connect();
    this.#current = connection;
    for (const listen of this.#listeners) listen(connection);
    this.#follow(connection);
  }

  /** At once and for good, until it is opened again. */
  close(): void {
    const former = this.#current;
    this.#current = null;
    if (!former) return;
    former.end();
    this.#parts.report({ type: "dropped" });
  }

  /** Drops the connection as a bad network would; it comes back by itself. */
  cut(): void {
    this.#current?.interrupt();
  }

  on<Event extends keyof Received & string>(event: Event, listener: Listener<Received[Event]>): void {
    this.#listeners.push((connection) => connection.on(event, listener));
  }

  /** @throws CommandError if the connection was lost before the answer came */
  async ask<Event extends keyof Sent & string>(
    event: Event,
    ...contents: ContentsOf<Sent[Event]>
  ): Promise<Answer<Sent[Event]>> {
    return this.current.send(event, ...contents).catch(refusedOr);
  }

  /**
   * Sends until the server has answered for good.
   * @returns null when the event was no longer wanted
   */
  async deliver<Event extends keyof Sent & string>(
    event: Event,
    contents: ContentsOf<Sent[Event]>,
    stillWanted: () => boolean = () => true,
  ): Promise<Answer<Sent[Event]> | null> {
    const answer = this.#current?.deliver(event, contents, stillWanted).catch(refusedOr);
    return answer?.catch(() => null) ?? null;
  }

  #follow({ state }: Connection<Sent, Received>): void {
    let former = state.get();
    const connection = this.#current;
    state.subscribe(() => {
      const now = state.get();
      if (connection === this.#current) this.#report(former, now);
      former = now;
    });
  }

  #report(former: ConnectionState, now: ConnectionState): void {
    const { report, onRefused, onLost } = this.#parts;
    const { status, error, transport } = now;
    const isNew = status !== former.status;
    if (isNew && (status === "connected" || status === "recovered")) {
      report({ type: "connected", socketId: now.sessionId ?? "", recovered: status === "recovered", transport });
    } else if (isNew && (status === "recovering" || status === "lost")) {
      report({ type: "dropped" });
    } else if (transport !== null && transport !== former.transport) {
      report({ type: "transport", name: transport });
    }
    if (error === null || error === former.error) return;
    if (status === "lost") onLost?.(error);
    else if (error.retryable) onRefused?.(error);
  }
}

/** The server's refusals are answers; all else means that there is none. */
function refusedOr(error: unknown): Refused {
  const own: readonly unknown[] = ["timeout", "unanswered", "closed"];
  if (error instanceof CommandError && !own.includes(error.code)) return { ok: false, error };
  throw error;
}
