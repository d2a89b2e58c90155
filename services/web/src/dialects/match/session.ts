import { connect, type Dialect } from "@switchyard/client";
import { LocalMedia } from "@switchyard/client/call";
import { type ClientToServerEvents, match, type ServerToClientEvents } from "@switchyard/client/match";
import { CallKeeper, type OpenCall } from "../../shared/call/call-keeper.ts";
import { PATIENCE_MS, PageConnection } from "../../shared/connection/connection.ts";
import type { LinkEvent } from "../../shared/connection/link.ts";
import { type Acknowledged, reasonText } from "../../shared/error-text.ts";
import { randomUuid } from "../../shared/identity.ts";
import { keepMedia } from "../../shared/media/own-media.ts";
import { createStore, type Store } from "../../shared/store.ts";
import { type VisitActions, visitActions } from "../../shared/visit.ts";
import { listen } from "./listen.ts";
import { reduce } from "./reducer.ts";
import { Registration } from "./registration.ts";
import { type MatchConnection, wantedCall, wantsMedia } from "./signals.ts";
import { currentCall, currentMatch, initialState, type MatchEvent, type MatchState, type Place } from "./state.ts";

/** The parts that a session needs. */
interface Surroundings {
  /** Of the server; empty: the page's own. */
  url?: string;
  openCall?: OpenCall;
}

/** The page connects before the person has chosen a match. */
const lobby: Dialect<ClientToServerEvents, ServerToClientEvents, object> = { ...match, opened: () => undefined };

type CallCommand = "initiate-call" | "accept-call" | "reject-call" | "end-call";

/** One person's stay in the `match` dialect: what the person does goes to the server, what the server says into the store. */
export class MatchSession {
  readonly store: Store<MatchState, MatchEvent> = createStore(reduce, initialState);
  readonly visit: VisitActions;
  readonly #local = new LocalMedia();
  readonly #connection: MatchConnection;
  readonly #registration: Registration;

  constructor({ url = "", openCall }: Surroundings = {}) {
    const { dispatch } = this.store;
    this.#connection = new PageConnection({
      connect: () => connect(url, { dialect: lobby, timeoutMs: PATIENCE_MS }),
      report: (event) => this.#onLink(event),
      onRefused: (error) => this.#registration.refused(error),
    });
    const call = new CallKeeper({
      connection: () => this.#connection.current,
      local: this.#local,
      onChange: (key, view) => dispatch({ type: "call-changed", key, view }),
      openCall,
    });
    this.store.subscribe(() => call.follow(wantedCall(this.store.get())));
    keepMedia(this.store, this.#local, wantsMedia);
    this.#registration = new Registration(this.#connection, this.store, (notice) => this.#goBack(notice));
    this.visit = visitActions(dispatch, this.#connection, this.#local);
    listen(this.#connection, {
      userId: () => currentMatch(this.store.get())?.place.userId ?? null,
      dispatch,
      incoming: (from) => this.#onIncoming(from),
      accepted: () => this.#onAccepted(),
    });
  }

  open(): void {
    this.#connection.open();
  }

  /** Leaves at once, so that the other one need not wait for the reconnect grace. */
  close(): void {
    this.store.dispatch({ type: "left" });
    this.#connection.close();
  }

  enter(place: Place): void {
    this.store.dispatch({ type: "entered", place: { ...place } });
    void this.#registration.register();
  }

  leave(): void {
    this.#goBack(null);
  }

  async call(): Promise<void> {
    await this.#askCamera("call");
  }

  async accept(): Promise<void> {
    await this.#askCamera("accept");
  }

  /** @param reason empty: the server's own text is sent */
  reject(reason: string): void {
    void this.#send("reject-call", reason ? { reason } : {});
    this.store.dispatch({ type: "call-over", notice: null });
  }

  end(): void {
    void this.#send("end-call");
    this.store.dispatch({ type: "call-over", notice: null });
  }

  /** Takes the place back from the tab that took it over. */
  takeOver(): void {
    const { phase } = this.store.get();
    if (phase.name === "replaced") this.enter(phase.place);
  }

  #onLink(event: LinkEvent): void {
    this.store.dispatch(event);
    if (event.type !== "connected") return;
    const match = currentMatch(this.store.get());
    if (match && match.seat !== "taken") void this.#registration.register();
  }

  /** The protocol has no event for leaving a match: the client disconnects. */
  #goBack(notice: string | null): void {
    this.close();
    this.store.dispatch({ type: "noticed", notice });
    this.open();
  }

  async #askCamera(goal: "call" | "accept"): Promise<void> {
    this.store.dispatch({ type: "asked-camera", goal });
    if (!(await this.#local.open())) return;
    const call = currentCall(this.store.get());
    if (call.name !== "asking") return;
    await (call.goal === "accept" ? this.#takeCall() : this.#placeCall());
  }

  async #placeCall(): Promise<void> {
    this.store.dispatch({ type: "calling" });
    await this.#orHangUp(this.#send("initiate-call"));
  }

  async #takeCall(): Promise<void> {
    this.store.dispatch({ type: "call-started", key: randomUuid(), initiator: false });
    await this.#orHangUp(this.#send("accept-call"));
  }

  async #orHangUp(told: Promise<Acknowledged | null>): Promise<void> {
    const reply = await told;
    if (reply && !reply.ok) this.store.dispatch({ type: "call-over", notice: reasonText(reply.error) });
  }

  #onIncoming(from: string): void {
    const match = currentMatch(this.store.get());
    // Both call at once: one of them, the same for both, takes the other's call.
    if (match?.call.name === "calling" && match.place.userId > from) void this.#takeCall();
    else this.store.dispatch({ type: "rung" });
  }

  #onAccepted(): void {
    if (currentCall(this.store.get()).name !== "calling") return;
    this.store.dispatch({ type: "call-started", key: randomUuid(), initiator: true });
  }

  async #send(event: CallCommand, more: { reason?: string } = {}): Promise<Acknowledged | null> {
    const to = currentMatch(this.store.get())?.other;
    if (!to) return null;
    return this.#connection.deliver(event, [{ to, ...more }], () => currentMatch(this.store.get())?.other === to);
  }
}
