import type { Ack } from "@switchyard/client-types";
import { io, type Socket } from "socket.io-client";
import { AccessToken, type Token } from "./access-token.ts";
import { CommandError, type RefusalDetails } from "./command-error.ts";
import { type ConnectionState, connectedState, notConnected } from "./connection-state.ts";
import type { OpeningEvent } from "./dialect.ts";
import { Gate } from "./gate.ts";
import { Opening } from "./opening.ts";
import { WritableStore } from "./store.ts";

/** How long a server's disconnect without a reason, or a token that could not be had, is waited out. */
const RETRY_MS = 2000;
/** A new token that is refused as often is not the reason. */
const MAX_TOKENS_REFUSED = 3;

export interface LinkOptions {
  /** Of the server, with the dialect's namespace. */
  url: string;
  token: Token | undefined;
  auth: Readonly<Record<string, unknown>>;
  opening: OpeningEvent | undefined;
  /** Events of the server after which the opening event is no longer in effect. */
  left: readonly string[];
  path: string | undefined;
}

/** One connection to the cluster, by way of stock `socket.io-client`; several users may share it. */
export class Link {
  readonly state = new WritableStore<ConnectionState>(notConnected);
  readonly gate = new Gate();
  readonly token: AccessToken;
  readonly opening: Opening;
  readonly socket: Socket;
  /** Of the server, with the dialect's namespace. */
  readonly url: string;
  readonly #auth: LinkOptions["auth"];
  #attempt = 0;
  #tokensRefused = 0;
  #inFlight = 0;
  #renewalIsDue = false;
  #isClosed = false;
  #retry: ReturnType<typeof setTimeout> | undefined;

  constructor({ url, token, auth, opening, left, path = "/socket.io" }: LinkOptions) {
    this.#auth = auth;
    this.url = url;
    this.token = new AccessToken(token, () => this.#renewToken());
    this.opening = new Opening(opening, {
      gate: this.gate,
      emit: (event, content) => this.emit(event, [content]),
      onAnswer: (error) => this.state.set({ error }),
    });
    this.socket = io(url, {
      autoConnect: false,
      forceNew: true,
      transports: ["websocket", "polling"],
      tryAllTransports: true,
      path,
      auth: (give) => void this.#authorize(give),
    });
    this.#listen(left);
    this.socket.connect();
    if (typeof addEventListener === "function") addEventListener("online", this.#hurry);
  }

  /**
   * Sends an event over the connection that is there now.
   * @throws CommandError `timeout`, or `unanswered` if the connection broke before the answer
   */
  async emit(event: string, contents: readonly unknown[], timeoutMs = 10_000): Promise<Ack> {
    this.#inFlight += 1;
    const { sessionId } = this.state.get();
    try {
      return (await this.socket.timeout(timeoutMs).emitWithAck(event, ...contents)) as Ack;
    } catch {
      const isHere = this.socket.connected && this.socket.id === sessionId;
      throw new CommandError({ code: isHere ? "timeout" : "unanswered", retryable: true });
    } finally {
      this.#inFlight -= 1;
      if (this.#renewalIsDue) this.#renewToken();
    }
  }

  /** Goes on after `lost`, and sooner than by itself after a break. */
  reconnect(): void {
    if (this.#isClosed || this.socket.connected) return;
    clearTimeout(this.#retry);
    this.#tokensRefused = 0;
    const { sessionId } = this.state.get();
    this.state.set({ status: sessionId === null ? "connecting" : "recovering", error: null });
    this.gate.shut();
    this.socket.disconnect().connect(); // what waits for its next attempt makes it now
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearTimeout(this.#retry);
    this.token.stop();
    this.opening.disconnected();
    if (typeof removeEventListener === "function") removeEventListener("online", this.#hurry);
    this.gate.refuse(new CommandError({ code: "closed", message: "The connection was closed." }));
    this.state.set({ status: "lost", transport: null, error: null });
    // In the midst of connecting the server may hold a session already, which only a disconnect ends at once.
    if (this.socket.connected || !this.socket.active) this.socket.disconnect();
  }

  readonly #hurry = (): void => {
    if (this.socket.active) this.reconnect();
  };

  #listen(left: readonly string[]): void {
    const { socket, state, opening } = this;
    socket.on("connect", () => {
      if (this.#isClosed) return void socket.disconnect();
      this.#tokensRefused = 0;
      state.set(connectedState(state.get(), socket));
      socket.io.engine.on("upgrade", ({ name }) => state.set({ transport: name }));
      opening.connected(state.get().status === "recovered");
    });
    socket.on("disconnect", (reason) => this.#onDisconnect(reason));
    socket.on("connect_error", (error) => this.#onRefused(error));
    socket.on("server-shutdown", () => state.set({ status: "draining" }));
    socket.on("error", ({ type, ...details }: RefusalDetails & { type: RefusalDetails["code"] }) => {
      const error = new CommandError({ ...details, code: type });
      if (type === "replaced") opening.forget();
      if (["replaced", "unauthorized", "banned"].includes(type)) state.set({ error });
    });
    for (const event of left) socket.on(event, () => opening.forget());
  }

  async #authorize(give: (auth: object) => void): Promise<void> {
    this.#attempt += 1;
    const attempt = this.#attempt;
    try {
      const token = await this.token.next();
      // It has dropped meanwhile, and asks again when it is back.
      if (attempt === this.#attempt && this.socket.active)
        give(token === undefined ? this.#auth : { ...this.#auth, token });
    } catch (cause) {
      const error = new CommandError({ code: "no_token", retryable: true, message: String(cause) });
      if (attempt !== this.#attempt || this.#isClosed) return;
      this.socket.disconnect();
      this.#retryLater(RETRY_MS, error);
    }
  }

  #onDisconnect(reason: string): void {
    // Packets that wait here would be sent before the opening event: their commands fail as `unanswered` instead.
    this.socket.sendBuffer.length = 0;
    this.opening.disconnected();
    if (this.#isClosed || reason === "io client disconnect") return;
    const { error } = this.state.get();
    this.state.set({ status: "recovering", transport: null });
    if (reason !== "io server disconnect") return;
    if (error?.code === "banned" || (error?.code === "unauthorized" && !this.token.canBeRenewed)) this.#lose(error);
    else this.#retryLater(error?.code === "unauthorized" ? 0 : RETRY_MS, null);
  }

  #onRefused(error: Error & { data?: RefusalDetails }): void {
    if (this.#isClosed) return void this.socket.disconnect(); // nothing is there to be ended: one attempt was enough
    if (this.socket.active || !error.data) return; // it tries again by itself
    const refusal = new CommandError({ ...error.data, message: error.data.message ?? error.message });
    const isOfToken = refusal.code === "unauthorized" || refusal.code === "token_expired";
    if (refusal.retryable) return this.#retryLater(refusal.retryAfterMs ?? RETRY_MS, refusal);
    this.#tokensRefused += 1;
    if (!isOfToken || !this.token.canBeRenewed || this.#tokensRefused >= MAX_TOKENS_REFUSED) this.#lose(refusal);
    else this.#retryLater((this.#tokensRefused - 1) * RETRY_MS, refusal);
  }

  #lose(error: CommandError): void {
    this.state.set({ status: "lost", error });
    this.gate.refuse(error);
  }

  #retryLater(afterMs: number, error: CommandError | null): void {
    this.state.set({ error });
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.socket.connect(), afterMs);
  }

  /** A connection shows its token when it begins: so it begins anew, in the same session, when nothing waits for an answer. */
  #renewToken(): void {
    this.#renewalIsDue = this.#inFlight > 0;
    if (this.#renewalIsDue || !this.socket.connected) return;
    this.socket.io.engine.close();
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.reconnect(), 0);
  }
}
