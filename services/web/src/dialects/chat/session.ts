import { Outbox } from "../../shared/chat/outbox.ts";
import { type Connection, connectionOf } from "../../shared/connection/connection.ts";
import type { LinkEvent } from "../../shared/connection/link.ts";
import { reasonText } from "../../shared/error-text.ts";
import { type ReportGrounds, sendReport } from "../../shared/report/grounds.ts";
import { createStore, type Store } from "../../shared/store.ts";
import { type VisitActions, visitActions } from "../../shared/visit.ts";
import { type Account, type Credentials, keepAccount, type Login } from "./account.ts";
import { AccountActions } from "./account-actions.ts";
import { CallDesk, type CallSurroundings } from "./call-desk.ts";
import { listen } from "./listen.ts";
import { reduce } from "./reducer.ts";
import type { ChatSocket } from "./signals.ts";
import { accountOf, type ChatEvent, type ChatState, initialState, tokenOf } from "./state.ts";

/** The parts that a session needs; `socket` is not connected yet. */
export interface Surroundings extends CallSurroundings {
  socket: ChatSocket;
  /** The account that was logged in before. */
  account: Account | null;
  logIn(route: "login" | "register", credentials: Credentials): Promise<Login>;
}

const EARLIER = 50;
const EXPIRED = "Your login has expired. Please log in again.";
const REFUSED = "The server no longer knows your login. Please log in again.";

/** One person's stay in the `chat` dialect: what the person does goes to the server, what the server says into the store. */
export class ChatSession {
  readonly store: Store<ChatState, ChatEvent>;
  readonly visit: VisitActions;
  readonly calls: CallDesk;
  readonly account: AccountActions;
  readonly #socket: ChatSocket;
  readonly #logIn: Surroundings["logIn"];
  readonly #connection: Connection;
  readonly #outbox: Outbox;

  constructor({ socket, account, logIn, ...surroundings }: Surroundings) {
    this.#socket = socket;
    this.#logIn = logIn;
    const store = createStore(reduce, initialState(account));
    this.store = store;
    const calls = new CallDesk(socket, store, surroundings);
    this.calls = calls;
    store.subscribe(() => calls.follow(store.get()));
    this.#outbox = new Outbox({
      lines: () => store.get().lines,
      dispatch: store.dispatch,
      emit: (text) => socket.emitWithAck("send_message", { text }),
    });
    socket.auth = (give) => give(this.#handshake());
    this.#connection = connectionOf(socket, (event) => this.#onLink(event));
    socket.on("connect_error", (error) => this.#onConnectError(error));
    this.account = new AccountActions({
      account: () => accountOf(store.get()),
      renewed: (account, notice) => this.#goOnAs(account, notice),
      ended: (notice) => this.#logOut(notice),
    });
    this.visit = visitActions(store.dispatch, this.#connection, calls.local);
    listen(socket, { dispatch: store.dispatch, calls, caughtUp: () => this.#outbox.resume() });
  }

  open(): void {
    if (this.store.get().phase.name === "chat") this.#connection.open();
  }

  close(): void {
    this.calls.end();
    this.#connection.close();
  }

  /** @param route `register` makes a new account */
  async enter(route: "login" | "register", credentials: Credentials): Promise<void> {
    this.store.dispatch({ type: "logging-in" });
    const login = await this.#logIn(route, credentials);
    if ("problem" in login) return this.store.dispatch({ type: "logged-out", problem: login.problem });
    this.#goOnAs(login.account, null);
  }

  logOut(): void {
    this.#logOut(null);
  }

  sendMessage(text: string): void {
    this.#outbox.send(text);
  }

  /** @returns why it could not be made; null: it was made */
  report(username: string, grounds: ReportGrounds): Promise<string | null> {
    return sendReport(() => this.#socket.emitWithAck("report_user", { username, ...grounds }), this.store.dispatch);
  }

  async loadEarlier(): Promise<void> {
    const { lines, earlier } = this.store.get();
    const before = lines.find(({ id }) => id !== null)?.id;
    if (earlier !== "some" || !before) return;
    this.store.dispatch({ type: "loading-earlier" });
    const reply = await this.#socket.emitWithAck("load_messages", { before, limit: EARLIER }).catch(() => null);
    if (reply?.ok) return this.store.dispatch({ type: "earlier", messages: reply.messages, hasMore: reply.hasMore });
    this.store.dispatch({ type: "earlier", messages: [], hasMore: true });
    if (reply) this.store.dispatch({ type: "noticed", notice: reasonText(reply.error) });
  }

  /** With the account's token of now; the connection with the former one, if there is one still, has ended. */
  #goOnAs(account: Account, notice: string | null): void {
    this.close();
    keepAccount(account);
    this.store.dispatch({ type: "logged-in", account });
    if (notice !== null) this.store.dispatch({ type: "noticed", notice });
    this.open();
  }

  #handshake(): { token?: string } {
    const token = tokenOf(this.store.get());
    return token === undefined ? {} : { token };
  }

  #onLink(event: LinkEvent): void {
    if (event.type === "dropped") this.#outbox.hold();
    this.store.dispatch(event);
    if (event.type === "connected" && event.recovered) void this.#catchUp();
  }

  /** An answer comes after everything that was missed. Without a recovery the history says as much. */
  async #catchUp(): Promise<void> {
    const reply = await this.#socket.emitWithAck("load_messages", { limit: 1 }).catch(() => null);
    if (reply) this.#outbox.resume();
  }

  #onConnectError(error: Error & { data?: { code?: string } }): void {
    if (this.store.get().phase.name !== "chat") return; // logged out meanwhile: the disconnect was refused
    const code = error.data?.code;
    if (code === "token_expired") this.#logOut(EXPIRED);
    else if (code === "unauthorized") this.#logOut(REFUSED);
  }

  #logOut(problem: string | null): void {
    this.close();
    keepAccount(null);
    this.store.dispatch({ type: "logged-out", problem });
  }
}
