import { type CommandError, connect } from "@switchyard/client";
import { chat } from "@switchyard/client/chat";
import { Outbox } from "../../shared/chat/outbox.ts";
import { PATIENCE_MS, PageConnection } from "../../shared/connection/connection.ts";
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
import type { ChatConnection } from "./signals.ts";
import { accountOf, type ChatEvent, type ChatState, initialState, tokenOf } from "./state.ts";

/** The parts that a session needs. */
export interface Surroundings extends CallSurroundings {
  /** Of the server; empty: the page's own. */
  url?: string;
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
  readonly #logIn: Surroundings["logIn"];
  readonly #connection: ChatConnection;
  readonly #outbox: Outbox;

  constructor({ url = "", account, logIn, ...surroundings }: Surroundings) {
    this.#logIn = logIn;
    const store = createStore(reduce, initialState(account));
    this.store = store;
    this.#connection = new PageConnection({
      connect: () => connect(url, { dialect: chat, token: tokenOf(store.get()) ?? "", timeoutMs: PATIENCE_MS }),
      report: (event) => this.#onLink(event),
      onLost: (error) => this.#onLost(error),
    });
    const calls = new CallDesk(this.#connection, store, surroundings);
    this.calls = calls;
    store.subscribe(() => calls.follow(store.get()));
    this.#outbox = new Outbox({
      lines: () => store.get().lines,
      dispatch: store.dispatch,
      emit: (text) => this.#connection.ask("send_message", { text }),
    });
    this.account = new AccountActions({
      account: () => accountOf(store.get()),
      renewed: (account, notice) => this.#goOnAs(account, notice),
      ended: (notice) => this.#logOut(notice),
    });
    this.visit = visitActions(store.dispatch, this.#connection, calls.local);
    listen(this.#connection, { dispatch: store.dispatch, calls, caughtUp: () => this.#outbox.resume() });
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
    return sendReport(() => this.#connection.ask("report_user", { username, ...grounds }), this.store.dispatch);
  }

  async loadEarlier(): Promise<void> {
    const { lines, earlier } = this.store.get();
    const before = lines.find(({ id }) => id !== null)?.id;
    if (earlier !== "some" || !before) return;
    this.store.dispatch({ type: "loading-earlier" });
    const reply = await this.#connection.ask("load_messages", { before, limit: EARLIER }).catch(() => null);
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

  #onLink(event: LinkEvent): void {
    if (event.type === "dropped") this.#outbox.hold();
    this.store.dispatch(event);
    if (event.type === "connected" && event.recovered) void this.#catchUp();
  }

  /** An answer comes after everything that was missed. Without a recovery the history says as much. */
  async #catchUp(): Promise<void> {
    const reply = await this.#connection.ask("load_messages", { limit: 1 }).catch(() => null);
    if (reply) this.#outbox.resume();
  }

  #onLost({ code }: CommandError): void {
    if (code === "token_expired") this.#logOut(EXPIRED);
    else if (code === "unauthorized") this.#logOut(REFUSED);
  }

  #logOut(problem: string | null): void {
    this.close();
    keepAccount(null);
    this.store.dispatch({ type: "logged-out", problem });
  }
}
