import type { Token } from "./access-token.ts";
import { CommandError } from "./command-error.ts";
import type { ConnectionState } from "./connection-state.ts";
import type { AnswerOf, ContentsOf, Dialect, Listener } from "./dialect.ts";
import type { Link } from "./link.ts";
import type { Store } from "./store.ts";

const TIMEOUT_MS = 10_000;
/** When a command that may succeed later is sent again, where the server does not say. */
const AGAIN_MS = 1000;

/** The options of `connect` in each dialect. */
export interface ConnectOptions {
  /** Where the server requires tokens. */
  token?: Token | undefined;
  /** How long a command waits for a connection and its answer, in ms. Default: 10 seconds. */
  timeoutMs?: number | undefined;
  /** The path of Socket.IO at the server. Default: `/socket.io`. */
  path?: string | undefined;
  /** Those with the same key share a connection. Default: the URL, and the options of the dialect. */
  key?: string | undefined;
}

/** How a hold on a connection ends. */
export interface Ending {
  /** It ends at once, for all who share it. */
  isEnd?: boolean | undefined;
  /** How long it stays after the last hold, in ms. */
  lingerMs?: number | undefined;
}

/** One user's hold on a connection, which others may share. */
export class Connection<Sent extends object, Received extends object, Options extends object = object> {
  readonly dialect: Dialect<Sent, Received, Options>;
  /** Of the server; empty in a page that the server itself serves. */
  readonly url: string;
  /** Where the connection stands. */
  readonly state: Store<ConnectionState>;
  readonly #link: Link;
  readonly #timeoutMs: number;
  readonly #ended = new AbortController();
  readonly #release: (ending: Ending) => void;

  /** @param release called once, when it is closed; or when the connection is to end with it */
  constructor(
    dialect: Dialect<Sent, Received, Options>,
    link: Link,
    release: (ending: Ending) => void,
    timeoutMs = TIMEOUT_MS,
  ) {
    this.dialect = dialect;
    this.url = link.url.slice(0, -`/${dialect.name}`.length);
    this.state = link.state;
    this.#link = link;
    this.#release = release;
    this.#timeoutMs = timeoutMs;
  }

  /** @returns ends it */
  on<Event extends keyof Received & string>(event: Event, listener: Listener<Received[Event]>): () => void {
    const { socket } = this.#link;
    const own = (...args: unknown[]) => (listener as (...args: unknown[]) => void)(...args); // it may be given twice
    const name: string = event;
    const off = () => void socket.off(name, own);
    if (this.#ended.signal.aborted) return off;
    socket.on(name, own);
    this.#ended.signal.addEventListener("abort", off, { once: true });
    return off;
  }

  /**
   * Sends a command, once there is a connection. It resolves when the command's effect is durable.
   * @throws CommandError the server's, or `timeout`, `unanswered` or `closed`; the command may have been carried out then
   */
  async send<Event extends keyof Sent & string>(
    event: Event,
    ...contents: ContentsOf<Sent[Event]>
  ): Promise<AnswerOf<Sent[Event]>> {
    return (await this.#send(event, contents, performance.now() + this.#timeoutMs)) as AnswerOf<Sent[Event]>;
  }

  /**
   * Sends a command until it is answered for good, also over new connections: for what may be carried out twice.
   * @param isWanted asked before each attempt
   * @throws CommandError the server's; `closed`
   */
  async deliver<Event extends keyof Sent & string>(
    event: Event,
    contents: ContentsOf<Sent[Event]>,
    isWanted: () => boolean = () => true,
  ): Promise<AnswerOf<Sent[Event]>> {
    for (let attempt = 1; isWanted(); attempt += 1) {
      try {
        const deadline = performance.now() + this.#timeoutMs;
        return (await this.#send(event, contents, deadline, attempt > 1)) as AnswerOf<Sent[Event]>;
      } catch (error) {
        if (!(error instanceof CommandError && error.retryable)) throw error;
        const isRefused = error.code !== "timeout" && error.code !== "unanswered";
        if (isRefused) await new Promise((resume) => setTimeout(resume, error.retryAfterMs ?? AGAIN_MS));
      }
    }
    throw new CommandError({ code: "closed", message: "The command is no longer wanted." });
  }

  /** The token to show at the server's HTTP API. */
  token(): Promise<string | undefined> {
    return this.#link.token.read();
  }

  /** Breaks the connection as a bad network does, to see it come back. */
  interrupt(): void {
    const { socket } = this.#link;
    if (socket.connected) socket.io.engine.close();
  }

  /** Tries again at once: after `lost`, or when the network is known to be back. */
  reconnect(): void {
    this.#link.reconnect();
  }

  /**
   * Ends this hold, with its listeners. The connection ends a little after the last one.
   * @param lingerMs how long after it, by default half a second; 0: at once
   */
  close(lingerMs?: number): void {
    this.#close({ lingerMs });
  }

  /** Ends the connection at once, for all who share it: the server knows that they have left. */
  end(): void {
    this.#close({ isEnd: true });
  }

  #close(ending: Ending): void {
    if (this.#ended.signal.aborted) return;
    this.#ended.abort();
    this.#release(ending);
  }

  async #send(event: string, contents: readonly unknown[], deadline: number, isRepeated = false): Promise<unknown> {
    if (this.#ended.signal.aborted) throw new CommandError({ code: "closed", message: "The connection was closed." });
    const { opening, gate } = this.#link;
    const pass = () => gate.pass(Math.max(0, deadline - performance.now()));
    const { leaving, returning, opening: openings }: { [Kind in Roles]: readonly string[] } = this.dialect;
    const opened = { ok: true } as const;
    if (openings.includes(event)) {
      if (!isRepeated) opening.want({ event, content: contents[0] as object }); // which repeats it by itself
      return pass().then(() => opened);
    }
    const wasWanted = opening.isWanted;
    const isLeaving = leaving.includes(event);
    if (isLeaving) opening.forget();
    if (!gate.isOpen) await pass(); // else it is sent before whatever is done next, the end of the connection say
    if (returning.includes(event) && opening.wantAgain()) return pass().then(() => opened);
    const answer = await this.#link.emit(event, contents, Math.max(0, deadline - performance.now()));
    if (answer.ok) return answer;
    if (isLeaving && wasWanted && answer.error.code !== "not_joined") opening.keep();
    throw new CommandError(answer.error);
  }
}

type Roles = "leaving" | "returning" | "opening";
